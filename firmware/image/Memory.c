/** @file
  GCC may turn an assignment of structures into a call of one of these, even in a freestanding program.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include <Uefi.h>

VOID *
memcpy (
  OUT VOID        *To,
  IN  CONST VOID  *From,
  IN  UINTN       Length
  );

VOID *
memset (
  OUT VOID   *To,
  IN  int    Value,
  IN  UINTN  Length
  );

VOID *
memcpy (
  OUT VOID        *To,
  IN  CONST VOID  *From,
  IN  UINTN       Length
  )
{
  UINT8        *Target;
  CONST UINT8  *Source;

  Target = To;
  Source = From;
  while (Length-- > 0) {
    *Target++ = *Source++;
  }

  return To;
}

VOID *
memset (
  OUT VOID   *To,
  IN  int    Value,
  IN  UINTN  Length
  )
{
  UINT8  *Target;

  Target = To;
  while (Length-- > 0) {
    *Target++ = (UINT8)Value;
  }

  return To;
}
