/** @file
  Who is on the stack above a caller.

  The firmware has no frame pointers and no unwind tables at run time, so the stack is searched for words that point into a
  known image right behind a CALL instruction. Such a word may be left over from an earlier call whose frame was not yet
  overwritten: the result is a hint, and the format says so. The search stays inside the stack that DxeIpl set up and announced in
  a hand-off block; a caller on another stack gets no chain.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "CallStack.h"
#include "Config.h"
#include "ImageTable.h"
#include "Text.h"
#include <PiDxe.h>
#include <Guid/HobList.h>
#include <Guid/MemoryAllocationHob.h>

//
// How many images chain= names, and how many words of the stack are looked at.
//
#define CHAIN_IMAGES  4
#define CHAIN_WORDS   384

//
// The headers of an image hold no code.
//
#define IMAGE_HEADERS  0x200

STATIC UINT64  mStackBase;
STATIC UINT64  mStackEnd;
STATIC UINTN   mCallSites[MAX_CALL_SITES];

VOID
CallStackSet (
  IN UINT64  Base,
  IN UINT64  Length
  )
{
  mStackBase = Base;
  mStackEnd  = Base + Length;
}

VOID
CallStackFind (
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  UINTN                            Index;
  CONST EFI_HOB_GENERIC_HEADER     *Hob;
  CONST EFI_HOB_MEMORY_ALLOCATION  *Allocation;

  Hob = NULL;
  for (Index = 0; Index < SystemTable->NumberOfTableEntries; Index++) {
    if (GuidEqual (&SystemTable->ConfigurationTable[Index].VendorGuid, &gEfiHobListGuid)) {
      Hob = SystemTable->ConfigurationTable[Index].VendorTable;
    }
  }

  for (; Hob != NULL && Hob->HobType != EFI_HOB_TYPE_END_OF_HOB_LIST && Hob->HobLength >= sizeof (*Hob);
       Hob = (CONST EFI_HOB_GENERIC_HEADER *)(CONST VOID *)((CONST UINT8 *)Hob + Hob->HobLength))
  {
    Allocation = (CONST EFI_HOB_MEMORY_ALLOCATION *)(CONST VOID *)Hob;
    if (Hob->HobType == EFI_HOB_TYPE_MEMORY_ALLOCATION && GuidEqual (&Allocation->AllocDescriptor.Name, &gEfiHobMemoryAllocStackGuid)) {
      CallStackSet (Allocation->AllocDescriptor.MemoryBaseAddress, Allocation->AllocDescriptor.MemoryLength);
    }
  }
}

/** Whether FF /2 with this ModR/M byte (Intel SDM, volume 2, 2.1.3), CALL through a register or memory, is Length bytes long. **/
STATIC BOOLEAN
IsIndirectCall (
  IN UINT8   ModRm,
  IN UINT32  Length
  )
{
  UINT8   Register;
  UINT32  SibSize;

  if (((ModRm >> 3) & 7) != 2) {
    return FALSE;
  }

  Register = ModRm & 7;
  SibSize  = Register == 4 ? 1 : 0;
  switch (ModRm >> 6) {
    case 0:  return Length == (Register == 5 ? 6 : 2 + SibSize);
    case 1:  return Length == 3 + SibSize;
    case 2:  return Length == 6 + SibSize;
    default: return Length == 2;
  }
}

BOOLEAN
IsBehindCall (
  IN CONST UINT8  *Address
  )
{
  UINT32  Length;

  if (*(Address - 5) == 0xE8) {
    return TRUE;
  }

  for (Length = 2; Length <= 7; Length++) {
    if (*(Address - Length) == 0xFF && IsIndirectCall (*(Address - Length + 1), Length)) {
      return TRUE;
    }
  }

  return FALSE;
}

/** Remembers this place. Returns FALSE if it was known already.

  If the table is full, a place is new each time: the records get longer, and nothing is lost.
**/
STATIC BOOLEAN
IsNewCallSite (
  IN UINTN  ReturnAddress
  )
{
  UINTN  Hash;
  UINTN  Probe;
  UINTN  *Slot;

  Hash = ReturnAddress ^ (ReturnAddress >> 12);
  for (Probe = 0; Probe < MAX_CALL_SITES; Probe++) {
    Slot = &mCallSites[(Hash + Probe) & (MAX_CALL_SITES - 1)];
    if (*Slot == ReturnAddress) {
      return FALSE;
    }

    if (*Slot == 0) {
      *Slot = ReturnAddress;
      return TRUE;
    }
  }

  return TRUE;
}

/** Returns the image whose code called something from the place that this word points behind, NULL if it does not. **/
STATIC CONST IMAGE *
CallingImage (
  IN UINTN  Word
  )
{
  CONST IMAGE  *Image;

  Image = ImageFind (Word);
  if (Image == NULL || Image->Plumbing || ImageIsSelf (Word) || Word < Image->Base + IMAGE_HEADERS) {
    return NULL;
  }

  return IsBehindCall ((CONST UINT8 *)Word) ? Image : NULL;
}

VOID
LineChain (
  IN OUT LINE         *Line,
  IN     UINTN        ReturnAddress,
  IN     CONST UINTN  *Stack
  )
{
  CONST IMAGE  *Seen[CHAIN_IMAGES + 1];
  CONST IMAGE  *Image;
  UINT32       Count;
  UINT32       Word;
  UINT32       Index;

  if (!IsNewCallSite (ReturnAddress)) {
    return;
  }

  Seen[0] = ImageFind (ReturnAddress);
  Count   = 1;
  for (Word = 0; Word < CHAIN_WORDS && Count <= CHAIN_IMAGES; Word++) {
    if ((UINT64)(UINTN)(Stack + Word) < mStackBase || (UINT64)(UINTN)(Stack + Word + 1) > mStackEnd) {
      break;
    }

    Image = CallingImage (Stack[Word]);
    for (Index = 0; Image != NULL && Index < Count; Index++) {
      if (Seen[Index] == Image) {
        Image = NULL;
      }
    }

    if (Image != NULL) {
      if (Count == 1) {
        LineWord (Line, "chain", Image->Name);
      } else {
        LineText (Line, "<");
        LineText (Line, Image->Name);
      }

      Seen[Count++] = Image;
    }
  }
}
