/** @file
  The hooks of EDKII_IOMMU_PROTOCOL, which PciHostBridgeDxe and PciBusDxe call from inside the calls of PciIo.

  Their records show what the IOMMU driver itself was asked and what cookies it gave, which is what its own DEBUG lines speak of.
  The mappings are counted at PciIo. The handles are the driver's own: it gets them back from PciHostBridgeDxe.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Hooks.h"
#include "Dma.h"
#include "Mapping.h"
#include "Record.h"
#include <X64/TracerCpu.h>

/** Begins a record: the protocol, and the device and number of the running call, or else who called. **/
STATIC VOID
LineBeginIoMmu (
  OUT LINE          *Line,
  IN  CONST CHAR8   *Event,
  IN  CONST DEVICE  *Device OPTIONAL,
  IN  UINTN         ReturnAddress
  )
{
  CONST CALL  *Call;
  CALLER      Caller;

  Call = CallCurrent ();
  if (Device == NULL) {
    Device = Call->Device;
  }

  LineBegin (Line, Event);
  LineWord (Line, "via", KindName (KindIoMmu));
  if (Device != NULL) {
    LineDevice (Line, Device);
  }

  if (Call->Number == 0) {
    Caller.ReturnAddress = ReturnAddress;
    Caller.Stack         = NULL;
    LineCaller (Line, Caller);
  } else {
    LineCallback (Line);
    LineCall (Line, Call->Number);
  }
}

STATIC EFI_STATUS EFIAPI
HookMap (
  IN     EDKII_IOMMU_PROTOCOL   *This,
  IN     EDKII_IOMMU_OPERATION  Operation,
  IN     VOID                   *HostAddress,
  IN OUT UINTN                  *NumberOfBytes,
  OUT    EFI_PHYSICAL_ADDRESS   *DeviceAddress,
  OUT    VOID                   **Mapping
  )
{
  MAP_ARGUMENTS  Arguments;
  UINT64         BytesAsked;
  EFI_STATUS     Status;
  LINE           Line;

  Arguments.This          = This;
  Arguments.Operation     = (UINT32)Operation;
  Arguments.HostAddress   = HostAddress;
  Arguments.NumberOfBytes = NumberOfBytes;
  Arguments.DeviceAddress = DeviceAddress;
  Arguments.Mapping       = Mapping;
  BytesAsked              = NumberOfBytes == NULL ? 0 : *NumberOfBytes;
  Status                  = OriginalMap (DeviceOf (KindIoMmu, This), &Arguments);

  LineBeginIoMmu (&Line, "Map", NULL, CALLER_ADDRESS ());
  LineMapRequest (&Line, &Arguments, BytesAsked);
  LineMapResult (&Line, &Arguments, BytesAsked, Status);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookUnmap (
  IN EDKII_IOMMU_PROTOCOL  *This,
  IN VOID                  *Mapping
  )
{
  EFI_STATUS  Status;
  VOID        *Cookie;
  LINE        Line;

  Cookie = MappingCookie (Mapping);
  Status = OriginalUnmap (DeviceOf (KindIoMmu, This), This, Cookie);
  LineBeginIoMmu (&Line, "Unmap", NULL, CALLER_ADDRESS ());
  LineCookie (&Line, Cookie);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookAllocateBuffer (
  IN     EDKII_IOMMU_PROTOCOL  *This,
  IN     EFI_ALLOCATE_TYPE     Type,
  IN     EFI_MEMORY_TYPE       MemoryType,
  IN     UINTN                 Pages,
  IN OUT VOID                  **HostAddress,
  IN     UINT64                Attributes
  )
{
  ALLOCATE_ARGUMENTS  Arguments;
  EFI_STATUS          Status;
  LINE                Line;

  Arguments.This        = This;
  Arguments.Type        = Type;
  Arguments.MemoryType  = MemoryType;
  Arguments.Pages       = Pages;
  Arguments.HostAddress = HostAddress;
  Arguments.Attributes  = Attributes;
  Status                = OriginalAllocate (DeviceOf (KindIoMmu, This), &Arguments);

  LineBeginIoMmu (&Line, "Alloc", NULL, CALLER_ADDRESS ());
  LineHex (&Line, "pages", Pages);
  LineDec (&Line, "mtype", (UINT64)MemoryType);
  LineHex (&Line, "attr", Attributes);
  if (!EFI_ERROR (Status)) {
    LineHex (&Line, "host", (UINTN)*HostAddress);
  }

  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookFreeBuffer (
  IN EDKII_IOMMU_PROTOCOL  *This,
  IN UINTN                 Pages,
  IN VOID                  *HostAddress
  )
{
  EFI_STATUS  Status;
  LINE        Line;

  Status = OriginalFree (DeviceOf (KindIoMmu, This), This, Pages, HostAddress);
  LineBeginIoMmu (&Line, "Free", NULL, CALLER_ADDRESS ());
  LineHex (&Line, "host", (UINTN)HostAddress);
  LineHex (&Line, "pages", Pages);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookSetAttribute (
  IN EDKII_IOMMU_PROTOCOL  *This,
  IN EFI_HANDLE            DeviceHandle,
  IN VOID                  *Mapping,
  IN UINT64                IoMmuAccess
  )
{
  EFI_STATUS  Status;
  VOID        *Cookie;
  LINE        Line;

  Cookie = MappingCookie (Mapping);
  Status = DeviceOf (KindIoMmu, This)->Original.IoMmu.SetAttribute (This, DeviceHandle, Cookie, IoMmuAccess);
  LineBeginIoMmu (&Line, "SetAttr", DeviceOfHandle (DeviceHandle), CALLER_ADDRESS ());
  LineHex (&Line, "access", IoMmuAccess);
  LineCookie (&Line, Cookie);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

BOOLEAN
IoMmuIsHooked (
  IN CONST EDKII_IOMMU_PROTOCOL  *IoMmu
  )
{
  return IoMmu->Map == HookMap;
}

VOID
IoMmuHook (
  IN OUT DEVICE                *Device,
  IN OUT EDKII_IOMMU_PROTOCOL  *IoMmu
  )
{
  IO_MMU_FUNCTIONS  *Original;

  Original                 = &Device->Original.IoMmu;
  Original->Map            = IoMmu->Map;
  Original->Unmap          = IoMmu->Unmap;
  Original->AllocateBuffer = IoMmu->AllocateBuffer;
  Original->FreeBuffer     = IoMmu->FreeBuffer;
  Original->SetAttribute   = IoMmu->SetAttribute;
  Device->Owner            = (UINTN)IoMmu->Map;
  IoMmu->Map               = HookMap;
  IoMmu->Unmap             = HookUnmap;
  IoMmu->AllocateBuffer    = HookAllocateBuffer;
  IoMmu->FreeBuffer        = HookFreeBuffer;
  IoMmu->SetAttribute      = HookSetAttribute;
}
