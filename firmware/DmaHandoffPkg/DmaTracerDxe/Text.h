/** @file
  The few string functions, so that no library is needed.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef TEXT_H_
#define TEXT_H_

#include <Uefi.h>

BOOLEAN
TextEqual (
  IN CONST CHAR8  *First,
  IN CONST CHAR8  *Second
  );

/** Whether Text begins with Start. **/
BOOLEAN
TextBegins (
  IN CONST CHAR8  *Text,
  IN CONST CHAR8  *Start
  );

/** Copies at most Size - 1 characters and ends them with a zero. Returns how many. **/
UINT32
TextCopy (
  OUT CHAR8        *To,
  IN  UINT32       Size,
  IN  CONST CHAR8  *From
  );

BOOLEAN
GuidEqual (
  IN CONST EFI_GUID  *First,
  IN CONST EFI_GUID  *Second
  );

#endif
