/** @file
  Included in front of every source of the image: all it calls is in it. Without this the compiler fetches addresses of functions in other
  files from a global offset table, which the linker then replaces by absolute addresses. edk2's X64/ProcessorBind.h does the same.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#pragma GCC visibility push (hidden)
