/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef OPTION_ROM_H_
#define OPTION_ROM_H_

#include <stddef.h>
#include <stdint.h>

/* Returns how many bytes the ROM of a driver of this size has: a power of two, as a base address register needs it. 0: too large. */
size_t option_rom_size(size_t driver_size);

/* Writes the ROM, option_rom_size() bytes, for the PCI device with these ids. */
void option_rom_write(uint8_t *rom, const uint8_t *driver, size_t driver_size, uint16_t vendor, uint16_t device);

/* Sets these flags in the options inside the tracer's image (Config.h, TRACER_OPTIONS). Returns 0, or -1 if the image does not have them
   exactly once. */
int option_rom_set_flags(uint8_t *image, size_t size, uint32_t flags);

#endif
