/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * Wraps a driver into a PCI expansion ROM: UEFI 2.10, 14.4.2 (PCI Option ROMs); PCI Firmware 3.0, 5.1.2 (PCI Data Structure).
 */
#include "option-rom.h"
#include "Config.h"
#include "bytes.h"
#include "pe-check.h"
#include <string.h>

#define UNIT 512u
#define PCIR_OFFSET 0x1cu
#define PCIR_LENGTH 0x18u
#define DRIVER_OFFSET 0x40u

/* The length is given in units of 512 bytes, in 16 bits. */
#define MAX_UNITS 0xffffu

static size_t used_units(size_t driver_size) {
  return (DRIVER_OFFSET + driver_size + UNIT - 1) / UNIT;
}

size_t option_rom_size(size_t driver_size) {
  size_t size = UNIT;
  if (driver_size > MAX_UNITS * UNIT - DRIVER_OFFSET) return 0;
  while (size < used_units(driver_size) * UNIT) size *= 2;
  return size;
}

void option_rom_write(uint8_t *rom, const uint8_t *driver, size_t driver_size, uint16_t vendor, uint16_t device) {
  struct pe_info info = {0};
  size_t used = used_units(driver_size) * UNIT;
  pe_check(driver, driver_size, &info);
  memset(rom, 0, used);
  memset(rom + used, 0xff, option_rom_size(driver_size) - used);

  /* EFI_PCI_EXPANSION_ROM_HEADER */
  put16(rom, 0xaa55);
  put16(rom + 2, (uint32_t)(used / UNIT));
  put32(rom + 4, 0x0ef1); /* EFI signature */
  put16(rom + 8, info.subsystem);
  put16(rom + 10, info.machine);
  put16(rom + 12, 0); /* not compressed */
  put16(rom + 22, DRIVER_OFFSET);
  put16(rom + 24, PCIR_OFFSET);

  /* PCI_3_0_DATA_STRUCTURE up to its last mandatory field */
  uint8_t *pcir = rom + PCIR_OFFSET;
  memcpy(pcir, "PCIR", 4);
  put16(pcir + 4, vendor);
  put16(pcir + 6, device);
  put16(pcir + 10, PCIR_LENGTH);
  put16(pcir + 16, (uint32_t)(used / UNIT));
  put16(pcir + 18, 1); /* revision of the contents */
  pcir[20] = 3;        /* code type: UEFI */
  pcir[21] = 0x80;     /* last image */

  memcpy(rom + DRIVER_OFFSET, driver, driver_size);
}

int option_rom_set_flags(uint8_t *image, size_t size, uint32_t flags) {
  static const char signature[] = "DMATROPT";
  uint8_t *found = NULL;
  for (size_t at = 0; at + sizeof(TRACER_OPTIONS) <= size; at++) {
    if (memcmp(image + at, signature, OPTIONS_SIGNATURE_SIZE) != 0) continue;
    if (found != NULL) return -1;
    found = image + at;
  }
  if (found == NULL) return -1;
  put32(found + OPTIONS_SIGNATURE_SIZE, get32(found + OPTIONS_SIGNATURE_SIZE) | flags);
  return 0;
}
