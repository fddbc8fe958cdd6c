/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * The option ROM maker and the check of images, on the image that was built (build/dma-tracer.efi, or what O= says).
 */
#include "machine.h"
#include "bytes.h"
#include "file.h"
#include "option-rom.h"
#include "pe-check.h"

static uint8_t *image;
static size_t size;
static struct pe_info info;

/* Changes some bytes, checks that the change is noticed, and takes it back. */
static void refuses(size_t at, const void *bytes, size_t count) {
  uint8_t saved[8];
  memcpy(saved, image + at, count);
  memcpy(image + at, bytes, count);
  CHECK(pe_check(image, size, &info) != NULL);
  memcpy(image + at, saved, count);
  CHECK(pe_check(image, size, &info) == NULL);
}

static void bad_images_are_refused(void) {
  size_t pe = get32(image + 60);
  size_t optional = pe + 24;
  size_t sections = optional + 240;
  CHECK(pe_check(image, size, &info) == NULL && info.machine == 0x8664 && info.subsystem == 11);
  refuses(0, "ZM", 2);
  refuses(60, "\xff\xff\xff\x7f", 4);
  refuses(pe + 4, "\x4c\x01", 2);           /* 32-bit x86 */
  refuses(pe + 8, "\x01", 1);               /* a time stamp */
  refuses(optional + 68, "\x0a", 1);        /* an application */
  refuses(optional + 16, "\0\0\0\0", 4);    /* the entry point in the headers */
  refuses(optional + 56, "\0\0\0\x01", 4);  /* another size */
  refuses(optional + 112 + 8, "\x01", 1);   /* imports */
  refuses(optional + 112 + 48, "\x01", 1);  /* a debug directory */
  refuses(optional + 112 + 40, "\0\0\0\0", 4); /* no relocation directory */
  refuses(sections + 12, "\x01", 1);        /* a section not on a page */
  refuses(sections + 36, "\x20\0\0\xe0", 4); /* writable code */
  refuses(get32(image + optional + 112 + 40) + 8, "\x00\xa0", 2); /* a relocation that does something */

  /* Of a file that is cut, nothing behind the cut is read; the sanitizer sees to that. */
  for (size_t length = 0; length < size; length = length < 1024 ? length + 1 : length + 997) {
    uint8_t *cut = malloc(length + 1);
    memcpy(cut, image, length);
    CHECK(pe_check(cut, length, &info) != NULL);
    free(cut);
  }
}

static void roms_hold_the_driver(void) {
  CHECK(option_rom_size(1) == 512 && option_rom_size(512 - 64) == 512 && option_rom_size(512 - 63) == 1024);
  CHECK(option_rom_size((size_t)0xffff * 512 - 64) == (size_t)1 << 25 && option_rom_size((size_t)0xffff * 512 - 63) == 0);
  size_t rom_size = option_rom_size(size);
  uint8_t *rom = malloc(rom_size);
  option_rom_write(rom, image, size, 0x1b36, 0x0005);
  CHECK((rom_size & (rom_size - 1)) == 0 && get16(rom) == 0xaa55 && get32(rom + 4) == 0x0ef1);
  CHECK(get16(rom + 8) == 11 && get16(rom + 10) == 0x8664 && get16(rom + 12) == 0);
  size_t used = (size_t)get16(rom + 2) * 512;
  CHECK(used >= size + 64 && used <= rom_size && used < size + 64 + 512);
  uint8_t *pcir = rom + get16(rom + 24);
  CHECK(memcmp(pcir, "PCIR", 4) == 0 && get16(pcir + 4) == 0x1b36 && get16(pcir + 6) == 5 && get16(pcir + 16) == used / 512);
  CHECK(pcir[20] == 3 && pcir[21] == 0x80);
  CHECK(memcmp(rom + get16(rom + 22), image, size) == 0);
  for (size_t at = used; at < rom_size; at++) CHECK(rom[at] == 0xff);
  free(rom);
}

static void flags_are_set(void) {
  uint8_t *copy = malloc(size);
  memcpy(copy, image, size);
  CHECK(option_rom_set_flags(copy, size, 1) == 0);
  size_t differing = 0;
  for (size_t at = 0; at < size; at++) differing += copy[at] != image[at];
  CHECK(differing == 1 && pe_check(copy, size, &info) == NULL);
  memcpy(copy + size - 16, "DMATROPT", 8);
  CHECK(option_rom_set_flags(copy, size, 1) == -1);
  CHECK(option_rom_set_flags(copy, 64, 1) == -1);
  free(copy);
}

int main(int count, char **arguments) {
  (void)count;
  char path[4096];
  snprintf(path, sizeof path, "%s", arguments[0]);
  char *folder = strstr(path, "/tests/");
  CHECK(folder != NULL);
  strcpy(folder, "/dma-tracer.efi");
  image = read_file(path, &size);
  CHECK(image != NULL);
  bad_images_are_refused();
  roms_hold_the_driver();
  flags_are_set();
  free(image);
  puts("ok tools");
  return 0;
}
