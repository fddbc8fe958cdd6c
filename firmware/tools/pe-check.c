/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * Looks at a PE32+ image the way a loader does (Microsoft PE Format), without the help of what wrote it.
 */
#include "pe-check.h"
#include "bytes.h"
#include <stdbool.h>
#include <string.h>

#define PAGE 0x1000u
#define COFF_SIZE 20u
#define OPTIONAL_SIZE (112u + 16u * 8u)
#define SECTION_SIZE 40u

#define SECTION_EXECUTE 0x20000000u
#define SECTION_WRITE 0x80000000u
#define RELOCATIONS_STRIPPED 0x0001u
#define RELOCATION_ABSOLUTE 0u

enum { MACHINE_X64 = 0x8664, MAGIC_PE32_PLUS = 0x20b, SUBSYSTEM_BOOT_SERVICE_DRIVER = 11 };
enum { DIRECTORY_IMPORT = 1, DIRECTORY_RELOCATION = 5, DIRECTORY_DEBUG = 6 };

struct headers {
  const uint8_t *coff;
  const uint8_t *optional;
  const uint8_t *sections;
  unsigned section_count;
};

static const char *find_headers(const uint8_t *image, size_t size, struct headers *headers) {
  if (size < 64 || memcmp(image, "MZ", 2) != 0) return "no DOS header";
  size_t pe = get32(image + 60);
  if (pe > size || size - pe < 4 + COFF_SIZE + OPTIONAL_SIZE || memcmp(image + pe, "PE\0\0", 4) != 0) return "no PE header";
  headers->coff = image + pe + 4;
  headers->optional = headers->coff + COFF_SIZE;
  if (get16(headers->optional) != MAGIC_PE32_PLUS) return "not PE32+";
  if (get16(headers->coff + 16) != OPTIONAL_SIZE || get32(headers->optional + 108) != 16) return "not 16 data directories";
  headers->sections = headers->optional + OPTIONAL_SIZE;
  headers->section_count = get16(headers->coff + 2);
  if ((size_t)(image + size - headers->sections) < (size_t)headers->section_count * SECTION_SIZE) return "sections are cut";
  return NULL;
}

static const char *check_section(const uint8_t *section, size_t size, uint32_t *end) {
  uint32_t virtual_size = get32(section + 8);
  uint32_t address = get32(section + 12);
  uint32_t raw_size = get32(section + 16);
  uint32_t raw = get32(section + 20);
  uint32_t flags = get32(section + 36);

  if (address % PAGE != 0 || raw % PAGE != 0 || raw_size % PAGE != 0) return "a section does not begin on a page";
  if (address < *end) return "sections overlap or are out of order";
  if (raw > size || raw_size > size - raw) return "a section is not whole in the file";
  if (raw_size > virtual_size) return "a section has more in the file than in memory";
  if ((flags & SECTION_EXECUTE) != 0 && (flags & SECTION_WRITE) != 0) return "a section is writable and executable";
  *end = address + (virtual_size + PAGE - 1) / PAGE * PAGE;
  return NULL;
}

/* Every relocation must be one that does nothing: the code is position independent. */
static const char *check_relocations(const uint8_t *image, size_t size, const struct headers *headers) {
  const uint8_t *directory = headers->optional + 112 + DIRECTORY_RELOCATION * 8;
  uint32_t at = get32(directory);
  uint32_t length = get32(directory + 4);
  if ((get16(headers->coff + 18) & RELOCATIONS_STRIPPED) != 0 || at == 0 || length < 8) return "it cannot be loaded anywhere";
  if (at > size || length > size - at) return "relocations are cut";
  if (get32(image + at + 4) != length) return "more than one block of relocations";
  for (uint32_t entry = 8; entry + 2 <= length; entry += 2) {
    if (get16(image + at + entry) >> 12 != RELOCATION_ABSOLUTE) return "a relocation that does something";
  }
  return NULL;
}

static const char *check_sections(const uint8_t *image, size_t size, const struct headers *headers) {
  uint32_t entry = get32(headers->optional + 16);
  uint32_t end = get32(headers->optional + 60);
  bool entry_is_code = false;
  (void)image;
  for (unsigned index = 0; index < headers->section_count; index++) {
    const uint8_t *section = headers->sections + index * SECTION_SIZE;
    uint32_t address = get32(section + 12);
    const char *problem = check_section(section, size, &end);
    if (problem != NULL) return problem;
    if ((get32(section + 36) & SECTION_EXECUTE) != 0 && entry >= address && entry - address < get32(section + 8)) entry_is_code = true;
  }
  if (!entry_is_code) return "the entry point is not in code";
  return end == get32(headers->optional + 56) ? NULL : "SizeOfImage is not where the sections end";
}

const char *pe_check(const uint8_t *image, size_t size, struct pe_info *info) {
  struct headers headers;
  const char *problem = find_headers(image, size, &headers);
  if (problem != NULL) return problem;
  if (get16(headers.coff) != MACHINE_X64) return "not for x86-64";
  if (get32(headers.coff + 4) != 0) return "it has a time stamp";
  if (get16(headers.optional + 68) != SUBSYSTEM_BOOT_SERVICE_DRIVER) return "not a boot service driver";
  if (get32(headers.optional + 32) != PAGE || get32(headers.optional + 36) != PAGE) return "not aligned to pages";
  if (get32(headers.optional + 112 + DIRECTORY_IMPORT * 8) != 0) return "it imports something";
  if (get32(headers.optional + 112 + DIRECTORY_DEBUG * 8) != 0) return "it has a debug directory, which may hold a path";
  problem = check_sections(image, size, &headers);
  if (problem == NULL) problem = check_relocations(image, size, &headers);
  if (problem == NULL) {
    info->machine = get16(headers.coff);
    info->subsystem = get16(headers.optional + 68);
  }
  return problem;
}
