/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * pe-check FILE: exit status 0 if the image is fit to be loaded as a driver, otherwise 1 and the reason.
 */
#include "file.h"
#include "pe-check.h"

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: pe-check FILE\n");
    return 2;
  }
  size_t size = 0;
  uint8_t *image = read_file(arguments[1], &size);
  if (image == NULL) return 1;
  struct pe_info info;
  const char *problem = pe_check(image, size, &info);
  if (problem != NULL) fprintf(stderr, "%s: %s\n", arguments[1], problem);
  free(image);
  return problem == NULL ? 0 : 1;
}
