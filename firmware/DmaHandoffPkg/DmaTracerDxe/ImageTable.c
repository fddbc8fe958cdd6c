/** @file
  Which image an address belongs to: a table sorted by base.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "ImageTable.h"
#include "Config.h"
#include "Record.h"
#include "Text.h"
#include <X64/TracerCpu.h>

STATIC IMAGE   mImages[MAX_IMAGES];
STATIC UINT32  mImageCount;
STATIC UINT64  mSelfBase;
STATIC UINT64  mSelfEnd;

/** Returns how many images begin at or below the address: the image that may hold it is the last of those. **/
STATIC UINT32
CountAtOrBelow (
  IN UINT64  Address
  )
{
  UINT32  Low;
  UINT32  High;
  UINT32  Middle;

  Low  = 0;
  High = mImageCount;
  while (Low < High) {
    Middle = (Low + High) / 2;
    if (mImages[Middle].Base <= Address) {
      Low = Middle + 1;
    } else {
      High = Middle;
    }
  }

  return Low;
}

CONST IMAGE *
ImageFind (
  IN UINT64  Address
  )
{
  UINT32  Count;

  Count = CountAtOrBelow (Address);
  if (Count == 0 || Address >= mImages[Count - 1].End) {
    return NULL;
  }

  return &mImages[Count - 1];
}

UINT32
ImageCount (
  VOID
  )
{
  return mImageCount;
}

VOID
ImageSetSelf (
  IN UINT64  Base,
  IN UINT64  Size
  )
{
  mSelfBase = Base;
  mSelfEnd  = Base + Size;
}

BOOLEAN
ImageIsSelf (
  IN UINT64  Address
  )
{
  return Address >= mSelfBase && Address < mSelfEnd;
}

STATIC BOOLEAN
IsPlumbing (
  IN CONST CHAR8  *Name
  )
{
  return TextEqual (Name, "DxeCore") || TextEqual (Name, "DxeMain") || TextEqual (Name, "PciBusDxe") ||
         TextEqual (Name, "PciHostBridgeDxe") || TextEqual (Name, "ReportStatusCodeRouterRuntimeDxe") ||
         TextEqual (Name, "DevicePathDxe");
}

/** Copies a name, replacing what has a meaning in a record. **/
STATIC VOID
CopyName (
  OUT CHAR8        *To,
  IN  CONST CHAR8  *From
  )
{
  UINT32  Index;
  CHAR8   Character;

  for (Index = 0; Index < IMAGE_NAME_SIZE - 1 && From[Index] != '\0'; Index++) {
    Character = From[Index];
    if (Character <= ' ' || Character > '~' || Character == ';' || Character == '=' || Character == '+' || Character == '<') {
      Character = '_';
    }

    To[Index] = Character;
  }

  To[Index] = '\0';
}

STATIC BOOLEAN
NameIsTaken (
  IN CONST CHAR8  *Name
  )
{
  UINT32  Index;

  for (Index = 0; Index < mImageCount; Index++) {
    if (TextEqual (mImages[Index].Name, Name)) {
      return TRUE;
    }
  }

  return FALSE;
}

/** Gives the second and later images of one name "~2" and so on. **/
STATIC VOID
MakeUnique (
  IN OUT CHAR8  *Name
  )
{
  UINT32  Length;
  UINT32  Number;
  UINT32  End;
  UINT32  Divisor;

  Length = 0;
  while (Name[Length] != '\0') {
    Length++;
  }

  //
  // "~" and up to three digits: there are never more than MAX_IMAGES names.
  //
  if (Length > IMAGE_NAME_SIZE - 5) {
    Length = IMAGE_NAME_SIZE - 5;
  }

  for (Number = 2; NameIsTaken (Name) && Number < 1000; Number++) {
    End         = Length;
    Name[End++] = '~';
    for (Divisor = Number >= 100 ? 100 : Number >= 10 ? 10 : 1; Divisor > 0; Divisor /= 10) {
      Name[End++] = (CHAR8)('0' + Number / Divisor % 10);
    }

    Name[End] = '\0';
  }
}

/** Drops the images that overlap this range. **/
STATIC VOID
DropOverlapping (
  IN UINT64  Base,
  IN UINT64  End
  )
{
  UINT32  Index;
  UINT32  Kept;

  Kept = 0;
  for (Index = 0; Index < mImageCount; Index++) {
    if (mImages[Index].End <= Base || mImages[Index].Base >= End) {
      if (Kept != Index) {
        mImages[Kept] = mImages[Index];
      }

      Kept++;
    }
  }

  mImageCount = Kept;
}

CONST IMAGE *
ImageAdd (
  IN UINT64       Base,
  IN UINT64       Size,
  IN CONST CHAR8  *Name
  )
{
  IMAGE        New;
  CONST IMAGE  *Old;
  UINT32       Place;
  UINT32       Index;
  UINTN        Flags;

  New.Base = Base;
  New.End  = Base + Size;
  CopyName (New.Name, Name);
  New.Plumbing = IsPlumbing (New.Name);

  //
  // A driver may install EFI_LOADED_IMAGE_PROTOCOL again, and the notification comes once more for an image that is known.
  //
  Old = ImageFind (Base);
  if (Old != NULL && Old->Base == New.Base && Old->End == New.End && TextBegins (Old->Name, New.Name)) {
    return NULL;
  }

  //
  // A hook that interrupts this from a timer callback must find a sorted table.
  //
  Flags = CpuDisableInterrupts ();
  DropOverlapping (New.Base, New.End);
  if (mImageCount == MAX_IMAGES) {
    CpuRestoreInterrupts (Flags);
    RecordLost (TableImages);
    return NULL;
  }

  MakeUnique (New.Name);
  Place = CountAtOrBelow (Base);
  for (Index = mImageCount; Index > Place; Index--) {
    mImages[Index] = mImages[Index - 1];
  }

  mImages[Place] = New;
  mImageCount++;
  CpuRestoreInterrupts (Flags);
  return &mImages[Place];
}

VOID
LineImageOffset (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Address
  )
{
  CONST IMAGE  *Image;

  Image = ImageFind (Address);
  LineKey (Line, Key);
  LineText (Line, Image == NULL ? "?" : Image->Name);
  LineText (Line, "+0x");
  LineHexDigits (Line, Image == NULL ? Address : Address - Image->Base, 1);
}

VOID
LineImage (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Address
  )
{
  CONST IMAGE  *Image;

  Image = ImageFind (Address);
  LineWord (Line, Key, Image == NULL ? "?" : Image->Name);
}
