/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PE_CHECK_H_
#define PE_CHECK_H_

#include <stddef.h>
#include <stdint.h>

/* What the option ROM maker has to know of an image. */
struct pe_info {
  uint16_t machine;
  uint16_t subsystem;
};

/* Returns NULL if this is a PE32+ image that firmware can load anywhere and protect page by page, and that depends on nothing but its
   source; otherwise what is wrong. Fills info if it returns NULL. */
const char *pe_check(const uint8_t *image, size_t size, struct pe_info *info);

#endif
