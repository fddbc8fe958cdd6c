/** @file
  Records calls of Map, Unmap, AllocateBuffer and FreeBuffer of PciIo and PciRootBridgeIo.

  Each calls the original first, with interrupts as the caller had them, and then writes the record: calls inside the call stand
  before it in the log. Nothing here allocates memory or calls a boot service.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Dma.h"
#include "Buffer.h"
#include "Mapping.h"
#include "Record.h"

#define PAGE_SHIFT  12

STATIC DMA_COUNTS  mCounts;

CONST DMA_COUNTS *
DmaCounts (
  VOID
  )
{
  return &mCounts;
}

VOID
LineMapRequest (
  IN OUT LINE                 *Line,
  IN     CONST MAP_ARGUMENTS  *Arguments,
  IN     UINT64               BytesAsked
  )
{
  LineOperation (Line, Arguments->Operation);
  LineHex (Line, "host", (UINTN)Arguments->HostAddress);
  LineHex (Line, "bytes", BytesAsked);
}

VOID
LineMapResult (
  IN OUT LINE                 *Line,
  IN     CONST MAP_ARGUMENTS  *Arguments,
  IN     UINT64               BytesAsked,
  IN     EFI_STATUS           Status
  )
{
  //
  // Success means that none of the three pointers was NULL: Map must refuse that.
  //
  if (EFI_ERROR (Status)) {
    return;
  }

  if (*Arguments->NumberOfBytes != BytesAsked) {
    LineHex (Line, "got", *Arguments->NumberOfBytes);
  }

  LineHex (Line, "daddr", *Arguments->DeviceAddress);
  LineCookie (Line, *Arguments->Mapping);
}

/** Takes a new mapping into the table. Returns it, NULL if the table is full. **/
STATIC CONST MAPPING *
Remember (
  IN CONST DEVICE         *Device,
  IN CONST MAP_ARGUMENTS  *Arguments,
  IN UINTN                ReturnAddress
  )
{
  MAPPING  Fields;

  Fields.Device        = Device;
  Fields.Operation     = Arguments->Operation;
  Fields.Host          = (UINTN)Arguments->HostAddress;
  Fields.Bytes         = *Arguments->NumberOfBytes;
  Fields.DeviceAddress = *Arguments->DeviceAddress;
  Fields.Cookie        = *Arguments->Mapping;
  Fields.ReturnAddress = ReturnAddress;
  return MappingNew (&Fields);
}

EFI_STATUS
TraceMap (
  IN DEVICE               *Device,
  IN CONST MAP_ARGUMENTS  *Arguments,
  IN CALLER               Caller
  )
{
  EFI_STATUS     Status;
  CALL           Saved;
  UINT64         Number;
  UINT64         BytesAsked;
  CONST MAPPING  *Mapping;
  LINE           Line;

  mCounts.Maps++;
  BytesAsked = Arguments->NumberOfBytes == NULL ? 0 : *Arguments->NumberOfBytes;
  Number     = CallNextNumber ();
  Saved      = CallEnter (Device, Number, Caller.ReturnAddress);
  Status     = OriginalMap (Device, Arguments);
  CallLeave (Saved);
  Mapping = EFI_ERROR (Status) ? NULL : Remember (Device, Arguments, Caller.ReturnAddress);

  LineBegin (&Line, "Map");
  LineWord (&Line, "via", KindName (Device->Kind));
  LineDevice (&Line, Device);
  LineCaller (&Line, Caller);
  LineCall (&Line, Number);
  if (Mapping != NULL) {
    LineDec (&Line, "mid", Mapping->Number);
  }

  LineMapRequest (&Line, Arguments, BytesAsked);
  LineMapResult (&Line, Arguments, BytesAsked, Status);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);

  if (Mapping != NULL) {
    *Arguments->Mapping = MappingHandle (Mapping);
  }

  return Status;
}

/** Returns what is wrong with this Unmap, NULL if nothing is. **/
STATIC CONST CHAR8 *
UnmapNote (
  IN CONST DEVICE   *Device,
  IN CONST MAPPING  *Mapping
  )
{
  if (Mapping == NULL) {
    mCounts.Foreign++;
    return "unknown-map";
  }

  if (!Mapping->IsLive) {
    mCounts.Stale++;
    return "already-unmapped";
  }

  return Mapping->Device != Device && !DeviceIsSame (Mapping->Device, Device) ? "other-device" : NULL;
}

STATIC VOID
LineUnmap (
  IN OUT LINE           *Line,
  IN     CONST MAPPING  *Mapping,
  IN     CONST VOID     *Handle,
  IN     CONST CHAR8    *Note
  )
{
  if (Mapping == NULL) {
    LineHex (Line, "cookie", (UINTN)Handle);
  } else {
    LineDec (Line, "mid", Mapping->Number);
    if (Note != NULL) {
      LineMapping (Line, Mapping);
    }

    LineHex (Line, "daddr", Mapping->DeviceAddress);
    LineCookie (Line, Mapping->Cookie);
  }

  if (Note != NULL) {
    LineWord (Line, "note", Note);
  }
}

EFI_STATUS
TraceUnmap (
  IN DEVICE  *Device,
  IN VOID    *This,
  IN VOID    *Handle,
  IN CALLER  Caller
  )
{
  EFI_STATUS   Status;
  CALL         Saved;
  UINT64       Number;
  MAPPING      *Mapping;
  CONST CHAR8  *Note;
  LINE         Line;

  mCounts.Unmaps++;
  Mapping = MappingOf (Handle);
  Note    = UnmapNote (Device, Mapping);
  Number  = CallNextNumber ();
  Saved   = CallEnter (Device, Number, Caller.ReturnAddress);
  Status  = OriginalUnmap (Device, This, Mapping == NULL ? Handle : Mapping->Cookie);
  CallLeave (Saved);

  LineBegin (&Line, "Unmap");
  LineWord (&Line, "via", KindName (Device->Kind));
  LineDevice (&Line, Device);
  LineCaller (&Line, Caller);
  LineCall (&Line, Number);
  LineUnmap (&Line, Mapping, Handle, Note);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);

  if (Mapping != NULL && !EFI_ERROR (Status)) {
    MappingEnd (Mapping);
  }

  return Status;
}

EFI_STATUS
TraceAllocate (
  IN DEVICE                    *Device,
  IN CONST ALLOCATE_ARGUMENTS  *Arguments,
  IN CALLER                    Caller
  )
{
  EFI_STATUS  Status;
  CALL        Saved;
  UINT64      Number;
  UINT64      Buffer;
  LINE        Line;

  Number = CallNextNumber ();
  Saved  = CallEnter (Device, Number, Caller.ReturnAddress);
  Status = OriginalAllocate (Device, Arguments);
  CallLeave (Saved);
  Buffer = EFI_ERROR (Status) ? 0 : BufferNew ((UINTN)*Arguments->HostAddress);

  LineBegin (&Line, "Alloc");
  LineWord (&Line, "via", KindName (Device->Kind));
  LineDevice (&Line, Device);
  LineCaller (&Line, Caller);
  LineCall (&Line, Number);
  if (Buffer != 0) {
    LineDec (&Line, "bid", Buffer);
  }

  LineHex (&Line, "pages", Arguments->Pages);
  LineDec (&Line, "mtype", (UINT64)Arguments->MemoryType);
  LineHex (&Line, "attr", Arguments->Attributes);
  if (!EFI_ERROR (Status)) {
    LineHex (&Line, "host", (UINTN)*Arguments->HostAddress);
  }

  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

/** Counts the live mappings that lie in this memory, and returns the first of them, NULL if there is none. **/
STATIC CONST MAPPING *
StillMapped (
  IN  UINT64  Base,
  IN  UINT64  Length,
  OUT UINT64  *Count
  )
{
  CONST MAPPING  *First;
  CONST MAPPING  *Mapping;
  UINT32         Slot;

  First  = NULL;
  *Count = 0;
  Slot   = 0;
  while ((Mapping = MappingNext (&Slot)) != NULL) {
    if (Mapping->Host < Base + Length && Base < Mapping->Host + Mapping->Bytes) {
      First = First == NULL ? Mapping : First;
      (*Count)++;
    }
  }

  return First;
}

EFI_STATUS
TraceFree (
  IN DEVICE  *Device,
  IN VOID    *This,
  IN UINTN   Pages,
  IN VOID    *HostAddress,
  IN CALLER  Caller
  )
{
  EFI_STATUS     Status;
  CALL           Saved;
  UINT64         Number;
  BUFFER         *Buffer;
  CONST MAPPING  *Mapping;
  UINT64         Count;
  LINE           Line;

  Mapping = StillMapped ((UINTN)HostAddress, Pages << PAGE_SHIFT, &Count);
  Buffer  = BufferAt ((UINTN)HostAddress);
  Number  = CallNextNumber ();
  Saved   = CallEnter (Device, Number, Caller.ReturnAddress);
  Status  = OriginalFree (Device, This, Pages, HostAddress);
  CallLeave (Saved);

  LineBegin (&Line, "Free");
  LineWord (&Line, "via", KindName (Device->Kind));
  LineDevice (&Line, Device);
  LineCaller (&Line, Caller);
  LineCall (&Line, Number);
  if (Buffer != NULL) {
    LineDec (&Line, "bid", Buffer->Number);
  }

  LineHex (&Line, "host", (UINTN)HostAddress);
  LineHex (&Line, "pages", Pages);
  if (Mapping != NULL) {
    LineWord (&Line, "note", "still-mapped");
    LineDec (&Line, "mid", Mapping->Number);
    LineDec (&Line, "count", Count);
  }

  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);

  if (Buffer != NULL && !EFI_ERROR (Status)) {
    BufferEnd (Buffer);
  }

  return Status;
}
