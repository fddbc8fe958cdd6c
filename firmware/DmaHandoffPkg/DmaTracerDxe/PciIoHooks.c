/** @file
  The hooks of EFI_PCI_IO_PROTOCOL.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Hooks.h"
#include "Dma.h"
#include "Record.h"
#include <X64/TracerCpu.h>

STATIC EFI_STATUS EFIAPI
HookMap (
  IN     EFI_PCI_IO_PROTOCOL            *This,
  IN     EFI_PCI_IO_PROTOCOL_OPERATION  Operation,
  IN     VOID                           *HostAddress,
  IN OUT UINTN                          *NumberOfBytes,
  OUT    EFI_PHYSICAL_ADDRESS           *DeviceAddress,
  OUT    VOID                           **Mapping
  )
{
  MAP_ARGUMENTS  Arguments;

  Arguments.This          = This;
  Arguments.Operation     = (UINT32)Operation;
  Arguments.HostAddress   = HostAddress;
  Arguments.NumberOfBytes = NumberOfBytes;
  Arguments.DeviceAddress = DeviceAddress;
  Arguments.Mapping       = Mapping;
  return TraceMap (DeviceOf (KindPciIo, This), &Arguments, CALLER_HERE ());
}

STATIC EFI_STATUS EFIAPI
HookUnmap (
  IN EFI_PCI_IO_PROTOCOL  *This,
  IN VOID                 *Mapping
  )
{
  return TraceUnmap (DeviceOf (KindPciIo, This), This, Mapping, CALLER_HERE ());
}

STATIC EFI_STATUS EFIAPI
HookAllocateBuffer (
  IN  EFI_PCI_IO_PROTOCOL  *This,
  IN  EFI_ALLOCATE_TYPE    Type,
  IN  EFI_MEMORY_TYPE      MemoryType,
  IN  UINTN                Pages,
  OUT VOID                 **HostAddress,
  IN  UINT64               Attributes
  )
{
  ALLOCATE_ARGUMENTS  Arguments;

  Arguments.This        = This;
  Arguments.Type        = Type;
  Arguments.MemoryType  = MemoryType;
  Arguments.Pages       = Pages;
  Arguments.HostAddress = HostAddress;
  Arguments.Attributes  = Attributes;
  return TraceAllocate (DeviceOf (KindPciIo, This), &Arguments, CALLER_HERE ());
}

STATIC EFI_STATUS EFIAPI
HookFreeBuffer (
  IN EFI_PCI_IO_PROTOCOL  *This,
  IN UINTN                Pages,
  IN VOID                 *HostAddress
  )
{
  return TraceFree (DeviceOf (KindPciIo, This), This, Pages, HostAddress, CALLER_HERE ());
}

/** Returns what a call of Attributes does to Bus Master Enable, NULL if nothing. **/
STATIC CONST CHAR8 *
AttributesAct (
  IN EFI_PCI_IO_PROTOCOL_ATTRIBUTE_OPERATION  Operation,
  IN UINT64                                   Attributes
  )
{
  switch (Operation) {
    case EfiPciIoAttributeOperationSet:
      return "Set";
    case EfiPciIoAttributeOperationEnable:
      return (Attributes & EFI_PCI_IO_ATTRIBUTE_BUS_MASTER) != 0 ? "Enable" : NULL;
    case EfiPciIoAttributeOperationDisable:
      return (Attributes & EFI_PCI_IO_ATTRIBUTE_BUS_MASTER) != 0 ? "Disable" : NULL;
    default:
      return NULL;
  }
}

STATIC EFI_STATUS EFIAPI
HookAttributes (
  IN  EFI_PCI_IO_PROTOCOL                      *This,
  IN  EFI_PCI_IO_PROTOCOL_ATTRIBUTE_OPERATION  Operation,
  IN  UINT64                                   Attributes,
  OUT UINT64                                   *Result OPTIONAL
  )
{
  DEVICE       *Device;
  CONST CHAR8  *Act;
  CALLER       Caller;
  CALL         Saved;
  UINT64       Number;
  EFI_STATUS   Status;
  LINE         Line;

  Device = DeviceOf (KindPciIo, This);
  Caller = CALLER_HERE ();
  Act    = AttributesAct (Operation, Attributes);

  //
  // PciBusDxe makes a Set by calling itself through the protocol with Enable and Disable: those are no calls of a driver.
  //
  if (Act == NULL || CallCurrent ()->Device == Device) {
    return Device->Original.PciIo.Attributes (This, Operation, Attributes, Result);
  }

  Number = CallNextNumber ();
  Saved  = CallEnter (Device, Number, Caller.ReturnAddress);
  Status = Device->Original.PciIo.Attributes (This, Operation, Attributes, Result);
  CallLeave (Saved);

  LineBegin (&Line, "Attr");
  LineWord (&Line, "via", KindName (KindPciIo));
  LineDevice (&Line, Device);
  LineCaller (&Line, Caller);
  LineCall (&Line, Number);
  LineWord (&Line, "act", Act);
  LineHex (&Line, "attr", Attributes);
  LineWord (&Line, "bm", (Attributes & EFI_PCI_IO_ATTRIBUTE_BUS_MASTER) != 0 ? "on" : "off");
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
  return Status;
}

/** A write to configuration space is no record. It is remembered who made it: the root bridge's hook reports a changed Bus Master bit. **/
STATIC EFI_STATUS EFIAPI
HookPciWrite (
  IN     EFI_PCI_IO_PROTOCOL        *This,
  IN     EFI_PCI_IO_PROTOCOL_WIDTH  Width,
  IN     UINT32                     Offset,
  IN     UINTN                      Count,
  IN OUT VOID                       *Buffer
  )
{
  DEVICE      *Device;
  CALL        Saved;
  EFI_STATUS  Status;

  Device = DeviceOf (KindPciIo, This);
  if (CallCurrent ()->Device == Device) {
    return Device->Original.PciIo.PciWrite (This, Width, Offset, Count, Buffer);
  }

  Saved  = CallEnter (Device, 0, CALLER_ADDRESS ());
  Status = Device->Original.PciIo.PciWrite (This, Width, Offset, Count, Buffer);
  CallLeave (Saved);
  return Status;
}

BOOLEAN
PciIoIsHooked (
  IN CONST EFI_PCI_IO_PROTOCOL  *PciIo
  )
{
  return PciIo->Map == HookMap;
}

VOID
PciIoHook (
  IN OUT DEVICE               *Device,
  IN OUT EFI_PCI_IO_PROTOCOL  *PciIo
  )
{
  PCI_IO_FUNCTIONS  *Original;

  Original                 = &Device->Original.PciIo;
  Original->Map            = PciIo->Map;
  Original->Unmap          = PciIo->Unmap;
  Original->AllocateBuffer = PciIo->AllocateBuffer;
  Original->FreeBuffer     = PciIo->FreeBuffer;
  Original->Attributes     = PciIo->Attributes;
  Original->PciWrite       = PciIo->Pci.Write;
  Device->Owner            = (UINTN)PciIo->Map;
  PciIo->Map               = HookMap;
  PciIo->Unmap             = HookUnmap;
  PciIo->AllocateBuffer    = HookAllocateBuffer;
  PciIo->FreeBuffer        = HookFreeBuffer;
  PciIo->Attributes        = HookAttributes;
  PciIo->Pci.Write         = HookPciWrite;
}
