/** @file
  The few string functions, so that no library is needed.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Text.h"

BOOLEAN
TextEqual (
  IN CONST CHAR8  *First,
  IN CONST CHAR8  *Second
  )
{
  while (*First != '\0' && *First == *Second) {
    First++;
    Second++;
  }

  return *First == *Second;
}

BOOLEAN
TextBegins (
  IN CONST CHAR8  *Text,
  IN CONST CHAR8  *Start
  )
{
  while (*Start != '\0' && *Text == *Start) {
    Text++;
    Start++;
  }

  return *Start == '\0';
}

UINT32
TextCopy (
  OUT CHAR8        *To,
  IN  UINT32       Size,
  IN  CONST CHAR8  *From
  )
{
  UINT32  Length;

  for (Length = 0; Length < Size - 1 && From[Length] != '\0'; Length++) {
    To[Length] = From[Length];
  }

  To[Length] = '\0';
  return Length;
}

BOOLEAN
GuidEqual (
  IN CONST EFI_GUID  *First,
  IN CONST EFI_GUID  *Second
  )
{
  CONST UINT8  *A;
  CONST UINT8  *B;
  UINT32       Index;

  A = (CONST UINT8 *)First;
  B = (CONST UINT8 *)Second;
  for (Index = 0; Index < sizeof (EFI_GUID); Index++) {
    if (A[Index] != B[Index]) {
      return FALSE;
    }
  }

  return TRUE;
}
