/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * option-rom [--rebind] VENDOR:DEVICE DRIVER ROM: wraps the driver into an option ROM for the PCI device with these ids (hexadecimal).
 * --rebind: the tracer in it restarts drivers that are bound when it is loaded.
 */
#include "Config.h"
#include "file.h"
#include "option-rom.h"
#include "pe-check.h"
#include <string.h>

static int write_file(const char *path, const uint8_t *content, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(content, 1, size, file) != size) {
    perror(path);
    if (file != NULL) fclose(file);
    return -1;
  }
  return fclose(file);
}

static int make_rom(uint8_t *driver, size_t size, const char *path, unsigned vendor, unsigned device) {
  size_t rom_size = option_rom_size(size);
  uint8_t *rom = rom_size == 0 ? NULL : malloc(rom_size);
  if (rom == NULL) {
    fprintf(stderr, "%s: the driver is too large\n", path);
    return -1;
  }
  option_rom_write(rom, driver, size, (uint16_t)vendor, (uint16_t)device);
  int result = write_file(path, rom, rom_size);
  free(rom);
  return result;
}

int main(int count, char **arguments) {
  unsigned vendor;
  unsigned device;
  int rebind = count > 1 && strcmp(arguments[1], "--rebind") == 0;
  char **rest = arguments + 1 + rebind;
  if (count - rebind != 4 || sscanf(rest[0], "%4x:%4x", &vendor, &device) != 2) {
    fprintf(stderr, "usage: option-rom [--rebind] VENDOR:DEVICE DRIVER ROM\n");
    return 2;
  }

  size_t size = 0;
  uint8_t *driver = read_file(rest[1], &size);
  if (driver == NULL) return 1;
  struct pe_info info;
  const char *problem = pe_check(driver, size, &info);
  if (problem == NULL && rebind && option_rom_set_flags(driver, size, OPTION_REBIND) != 0) problem = "it has no options, or more than once";
  if (problem != NULL) fprintf(stderr, "%s: %s\n", rest[1], problem);
  int result = problem == NULL ? make_rom(driver, size, rest[2], vendor, device) : -1;
  free(driver);
  return result == 0 ? 0 : 1;
}
