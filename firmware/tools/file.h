/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * Reads a whole file. No image of this project has more than 16 MiB, which is what an option ROM can have.
 */
#ifndef FILE_H_
#define FILE_H_

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX (16u << 20)

/* Returns the content for free(), or NULL after saying why not. */
static inline uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  uint8_t *content = malloc(FILE_MAX);
  if (file == NULL || content == NULL) {
    perror(path);
  } else {
    *size = fread(content, 1, FILE_MAX, file);
    if (!ferror(file) && *size < FILE_MAX) {
      fclose(file);
      return content;
    }
    fprintf(stderr, "%s: cannot be read, or has 16 MiB or more\n", path);
  }
  if (file != NULL) fclose(file);
  free(content);
  return NULL;
}

#endif
