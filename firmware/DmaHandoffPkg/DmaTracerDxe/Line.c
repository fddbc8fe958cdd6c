/** @file
  Puts the text of one record together. Runs on the host as well: see tests/.

  Names of statuses and operations come from switches instead of arrays of strings: an array would hold addresses, and the image
  has no relocations (see Header.S).

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Line.h"

STATIC VOID
LineCharacter (
  IN OUT LINE   *Line,
  IN     CHAR8  Character
  )
{
  if (Line->Length < LINE_SIZE - LINE_END_ROOM) {
    Line->Text[Line->Length++] = Character;
  } else {
    Line->Cut = TRUE;
  }
}

VOID
LineBegin (
  OUT LINE         *Line,
  IN  CONST CHAR8  *Event
  )
{
  Line->Length = LINE_HEAD_ROOM;
  Line->Cut    = FALSE;
  LineCharacter (Line, ' ');
  LineText (Line, Event);
}

VOID
LineText (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Text
  )
{
  while (*Text != '\0') {
    LineCharacter (Line, *Text++);
  }
}

VOID
LineHexDigits (
  IN OUT LINE    *Line,
  IN     UINT64  Value,
  IN     UINT32  Width
  )
{
  UINT32  Digits;

  Digits = 1;
  while (Digits < 16 && (Value >> (4 * Digits)) != 0) {
    Digits++;
  }

  if (Digits < Width) {
    Digits = Width;
  }

  while (Digits-- > 0) {
    LineCharacter (Line, "0123456789abcdef"[Digits < 16 ? (Value >> (4 * Digits)) & 15 : 0]);
  }
}

VOID
LineDecDigits (
  IN OUT LINE    *Line,
  IN     UINT64  Value
  )
{
  CHAR8   Reversed[20];
  UINT32  Count;

  Count = 0;
  do {
    Reversed[Count++] = (CHAR8)('0' + Value % 10);
    Value            /= 10;
  } while (Value != 0);

  while (Count > 0) {
    LineCharacter (Line, Reversed[--Count]);
  }
}

VOID
LineKey (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key
  )
{
  LineCharacter (Line, ' ');
  LineText (Line, Key);
  LineCharacter (Line, '=');
}

VOID
LineHex (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Value
  )
{
  LineKey (Line, Key);
  LineText (Line, "0x");
  LineHexDigits (Line, Value, 1);
}

VOID
LineDec (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Value
  )
{
  LineKey (Line, Key);
  LineDecDigits (Line, Value);
}

VOID
LineWord (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     CONST CHAR8  *Word
  )
{
  LineKey (Line, Key);
  LineText (Line, Word);
}

/** Returns the name of an error, NULL if it has none here. **/
STATIC CONST CHAR8 *
ErrorName (
  IN UINT64  Code
  )
{
  switch (Code) {
    case 1:  return "LoadError";
    case 2:  return "InvalidParameter";
    case 3:  return "Unsupported";
    case 4:  return "BadBufferSize";
    case 5:  return "BufferTooSmall";
    case 6:  return "NotReady";
    case 7:  return "DeviceError";
    case 8:  return "WriteProtected";
    case 9:  return "OutOfResources";
    case 14: return "NotFound";
    case 15: return "AccessDenied";
    case 18: return "Timeout";
    case 20: return "AlreadyStarted";
    case 21: return "Aborted";
    case 26: return "SecurityViolation";
    default: return NULL;
  }
}

VOID
LineStatus (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     EFI_STATUS   Status
  )
{
  CONST CHAR8  *Name;

  Name = Status == EFI_SUCCESS ? "Success" : EFI_ERROR (Status) ? ErrorName (Status & ~MAX_BIT) : NULL;
  if (Name != NULL) {
    LineWord (Line, Key, Name);
  } else {
    LineHex (Line, Key, Status);
  }
}

VOID
LineOperation (
  IN OUT LINE    *Line,
  IN     UINT32  Operation
  )
{
  LineKey (Line, "op");
  switch (Operation) {
    case 0:  LineText (Line, "Read");           break;
    case 1:  LineText (Line, "Write");          break;
    case 2:  LineText (Line, "CommonBuffer");   break;
    case 3:  LineText (Line, "Read64");         break;
    case 4:  LineText (Line, "Write64");        break;
    case 5:  LineText (Line, "CommonBuffer64"); break;
    default:
      LineText (Line, "Invalid");
      LineDecDigits (Line, Operation);
      break;
  }
}
