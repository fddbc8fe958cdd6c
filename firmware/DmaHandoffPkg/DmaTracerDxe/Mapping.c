/** @file
  Live mappings, and what the caller gets as a handle.

  PciRootBridgeIo gives the same cookie, all ones (NO_MAPPING of PciHostBridgeDxe), for every mapping that needs no bounce
  buffer, and an IOMMU driver uses the memory of a cookie again. Neither tells which Map an Unmap belongs to. The caller therefore gets
  a handle of ours, and Unmap puts the cookie back. To callers the handle is opaque (UEFI 2.10, 14.4.10, "a resulting
  value to pass to Unmap()").

  Limits: a driver that looks into the handle, or gets one from Map of one protocol and passes it to another, sees the
  substitute. The handle is no canonical address, so that looking into it faults instead of reading something else. The protocols
  that are hooked understand each other's handles (MappingCookie).

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Mapping.h"
#include "Config.h"
#include "Record.h"
#include <X64/TracerCpu.h>

//
// A handle: tag, 40 bits of number, 16 bits of slot.
//
#define HANDLE_TAG          0xD3ULL
#define HANDLE_TAG_SHIFT    56
#define HANDLE_SLOT_BITS    16
#define HANDLE_SLOT_MASK    0xFFFFULL
#define HANDLE_NUMBER_MASK  0xFFFFFFFFFFULL

_Static_assert (MAX_MAPPINGS <= HANDLE_SLOT_MASK + 1, "a slot's number must fit into a handle");
_Static_assert ((MAX_MAPPINGS & (MAX_MAPPINGS - 1)) == 0, "MAX_MAPPINGS must be a power of two");

STATIC MAPPING         mMappings[MAX_MAPPINGS];
STATIC UINT32          mNextSlot;
STATIC MAPPING_COUNTS  mCounts;

/** Slots are used in turn, so that an ended mapping stays known for as long as possible: Unmap of it is a double unmap. **/
CONST MAPPING *
MappingNew (
  IN CONST MAPPING  *Fields
  )
{
  MAPPING  *Mapping;
  UINT32   Tries;
  UINTN    Flags;

  Mapping = NULL;
  Flags   = CpuDisableInterrupts ();
  for (Tries = 0; Tries < MAX_MAPPINGS && Mapping == NULL; Tries++) {
    if (!mMappings[mNextSlot].IsLive) {
      Mapping = &mMappings[mNextSlot];
    }

    mNextSlot = (mNextSlot + 1) & (MAX_MAPPINGS - 1);
  }

  if (Mapping != NULL) {
    *Mapping        = *Fields;
    Mapping->IsLive = TRUE;
    Mapping->Number = ++mCounts.Mapped;
    mCounts.Live++;
    if (mCounts.Live > mCounts.Peak) {
      mCounts.Peak = mCounts.Live;
    }
  }

  CpuRestoreInterrupts (Flags);
  if (Mapping == NULL) {
    RecordLost (TableMappings);
  }

  return Mapping;
}

VOID *
MappingHandle (
  IN CONST MAPPING  *Mapping
  )
{
  UINT64  Slot;

  Slot = (UINT64)(Mapping - mMappings);
  return (VOID *)(UINTN)((HANDLE_TAG << HANDLE_TAG_SHIFT) | ((Mapping->Number & HANDLE_NUMBER_MASK) << HANDLE_SLOT_BITS) | Slot);
}

MAPPING *
MappingOf (
  IN CONST VOID  *Handle
  )
{
  UINT64  Value;
  UINT64  Slot;

  Value = (UINT64)(UINTN)Handle;
  Slot  = Value & HANDLE_SLOT_MASK;
  if ((Value >> HANDLE_TAG_SHIFT) != HANDLE_TAG || Slot >= MAX_MAPPINGS || mMappings[Slot].Number == 0) {
    return NULL;
  }

  return MappingHandle (&mMappings[Slot]) == Handle ? &mMappings[Slot] : NULL;
}

VOID *
MappingCookie (
  IN VOID  *Handle
  )
{
  CONST MAPPING  *Mapping;

  Mapping = MappingOf (Handle);
  return Mapping == NULL ? Handle : Mapping->Cookie;
}

VOID
MappingEnd (
  IN OUT MAPPING  *Mapping
  )
{
  UINTN  Flags;

  Flags = CpuDisableInterrupts ();
  if (Mapping->IsLive) {
    Mapping->IsLive = FALSE;
    mCounts.Live--;
    mCounts.Unmapped++;
  }

  CpuRestoreInterrupts (Flags);
}

CONST MAPPING_COUNTS *
MappingCounts (
  VOID
  )
{
  return &mCounts;
}

CONST MAPPING *
MappingNext (
  IN OUT UINT32  *Slot
  )
{
  while (*Slot < MAX_MAPPINGS) {
    if (mMappings[(*Slot)++].IsLive) {
      return &mMappings[*Slot - 1];
    }
  }

  return NULL;
}

VOID
LineMapping (
  IN OUT LINE           *Line,
  IN     CONST MAPPING  *Mapping
  )
{
  LineOperation (Line, Mapping->Operation);
  LineHex (Line, "host", Mapping->Host);
  LineHex (Line, "bytes", Mapping->Bytes);
}

VOID
LineCookie (
  IN OUT LINE        *Line,
  IN     CONST VOID  *Cookie
  )
{
  if ((UINTN)Cookie != ~(UINTN)0) {
    LineHex (Line, "cookie", (UINTN)Cookie);
  }
}
