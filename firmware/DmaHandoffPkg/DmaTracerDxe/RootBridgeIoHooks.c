/** @file
  The hooks of EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL.

  PciBusDxe makes every call of PciIo through this protocol. Those are recorded at PciIo already; what is recorded here are callers
  that bypass PciIo, and changes of the Bus Master bit by whoever wrote to the command register.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Hooks.h"
#include "Dma.h"
#include "ImageTable.h"
#include "Mapping.h"
#include "Record.h"
#include <X64/TracerCpu.h>

//
// PCI 3.0, 6.2.2: the command register and its Bus Master Enable.
//
#define PCI_COMMAND         4
#define PCI_COMMAND_MASTER  0x0004

//
// Conventional configuration space has 256 bytes: the register lies in the low 8 bits of the address, or, if those are not used,
// in the upper 32 (UEFI 2.10, table 14.2).
//
#define ADDRESS_REGISTER(Address)           ((UINT8)(Address))
#define ADDRESS_FUNCTION(Address)           ((UINT8)((Address) >> 8))
#define ADDRESS_DEVICE(Address)             ((UINT8)((Address) >> 16))
#define ADDRESS_BUS(Address)                ((UINT8)((Address) >> 24))
#define ADDRESS_EXTENDED_REGISTER(Address)  ((UINT32)((Address) >> 32))

/** Whether PciBusDxe makes this call for a call of PciIo that is recorded there. **/
STATIC BOOLEAN
IsInsidePciIo (
  IN UINTN  ReturnAddress
  )
{
  CONST CALL   *Call;
  CONST IMAGE  *Image;

  Call = CallCurrent ();
  if (Call->Device == NULL || Call->Device->Kind != KindPciIo) {
    return FALSE;
  }

  Image = ImageFind (ReturnAddress);
  return Image != NULL && Image == ImageFind (Call->Device->Owner);
}

STATIC EFI_STATUS EFIAPI
HookMap (
  IN     EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL            *This,
  IN     EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_OPERATION  Operation,
  IN     VOID                                       *HostAddress,
  IN OUT UINTN                                      *NumberOfBytes,
  OUT    EFI_PHYSICAL_ADDRESS                       *DeviceAddress,
  OUT    VOID                                       **Mapping
  )
{
  DEVICE         *Device;
  CALLER         Caller;
  MAP_ARGUMENTS  Arguments;

  Device                  = DeviceOf (KindRootBridgeIo, This);
  Caller                  = CALLER_HERE ();
  Arguments.This          = This;
  Arguments.Operation     = (UINT32)Operation;
  Arguments.HostAddress   = HostAddress;
  Arguments.NumberOfBytes = NumberOfBytes;
  Arguments.DeviceAddress = DeviceAddress;
  Arguments.Mapping       = Mapping;
  return IsInsidePciIo (Caller.ReturnAddress) ? OriginalMap (Device, &Arguments) : TraceMap (Device, &Arguments, Caller);
}

STATIC EFI_STATUS EFIAPI
HookUnmap (
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *This,
  IN VOID                             *Mapping
  )
{
  DEVICE  *Device;
  CALLER  Caller;

  Device = DeviceOf (KindRootBridgeIo, This);
  Caller = CALLER_HERE ();
  if (IsInsidePciIo (Caller.ReturnAddress)) {
    return OriginalUnmap (Device, This, MappingCookie (Mapping));
  }

  return TraceUnmap (Device, This, Mapping, Caller);
}

STATIC EFI_STATUS EFIAPI
HookAllocateBuffer (
  IN     EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *This,
  IN     EFI_ALLOCATE_TYPE                Type,
  IN     EFI_MEMORY_TYPE                  MemoryType,
  IN     UINTN                            Pages,
  IN OUT VOID                             **HostAddress,
  IN     UINT64                           Attributes
  )
{
  DEVICE              *Device;
  CALLER              Caller;
  ALLOCATE_ARGUMENTS  Arguments;

  Device                = DeviceOf (KindRootBridgeIo, This);
  Caller                = CALLER_HERE ();
  Arguments.This        = This;
  Arguments.Type        = Type;
  Arguments.MemoryType  = MemoryType;
  Arguments.Pages       = Pages;
  Arguments.HostAddress = HostAddress;
  Arguments.Attributes  = Attributes;
  return IsInsidePciIo (Caller.ReturnAddress) ? OriginalAllocate (Device, &Arguments) : TraceAllocate (Device, &Arguments, Caller);
}

STATIC EFI_STATUS EFIAPI
HookFreeBuffer (
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *This,
  IN UINTN                            Pages,
  IN VOID                             *HostAddress
  )
{
  DEVICE  *Device;
  CALLER  Caller;

  Device = DeviceOf (KindRootBridgeIo, This);
  Caller = CALLER_HERE ();
  if (IsInsidePciIo (Caller.ReturnAddress)) {
    return OriginalFree (Device, This, Pages, HostAddress);
  }

  return TraceFree (Device, This, Pages, HostAddress, Caller);
}

/** Whether a write to this address may reach the command register: it begins there, as every write of edk2 to it does. **/
STATIC BOOLEAN
IsCommandRegister (
  IN UINT64  Address
  )
{
  return ADDRESS_EXTENDED_REGISTER (Address) == 0 ? ADDRESS_REGISTER (Address) == PCI_COMMAND
                                                  : ADDRESS_EXTENDED_REGISTER (Address) == PCI_COMMAND;
}

STATIC VOID
RecordBusMaster (
  IN CONST DEVICE  *RootBridge,
  IN UINT64        Address,
  IN UINT16        Before,
  IN UINT16        After,
  IN CALLER        Caller,
  IN EFI_STATUS    Status
  )
{
  CONST CALL  *Call;
  LINE        Line;

  //
  // Inside a call of PciIo it was the caller of that who wanted it.
  //
  Call = CallCurrent ();
  if (Call->Device != NULL) {
    Caller.ReturnAddress = Call->ReturnAddress;
  }

  LineBegin (&Line, "BusMaster");
  LineLocation (&Line, RootBridge->Segment, ADDRESS_BUS (Address), ADDRESS_DEVICE (Address), ADDRESS_FUNCTION (Address));
  LineCaller (&Line, Caller);
  LineCall (&Line, Call->Number);
  LineHex (&Line, "was", Before);
  LineHex (&Line, "cmd", After);
  LineWord (&Line, "bm", (After & PCI_COMMAND_MASTER) != 0 ? "on" : "off");
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);
}

STATIC EFI_STATUS EFIAPI
HookPciWrite (
  IN     EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL        *This,
  IN     EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH  Width,
  IN     UINT64                                 Address,
  IN     UINTN                                  Count,
  IN OUT VOID                                   *Buffer
  )
{
  DEVICE      *Device;
  CALLER      Caller;
  UINT16      Before;
  UINT16      After;
  EFI_STATUS  Status;

  Device = DeviceOf (KindRootBridgeIo, This);
  Caller = CALLER_HERE ();
  if (!IsCommandRegister (Address)) {
    return Device->Original.RootBridge.PciWrite (This, Width, Address, Count, Buffer);
  }

  //
  // The register is read instead of taking Buffer's word for it: a device may not have the bit.
  //
  Before = 0;
  After  = 0;
  Device->Original.RootBridge.PciRead (This, EfiPciWidthUint16, Address, 1, &Before);
  Status = Device->Original.RootBridge.PciWrite (This, Width, Address, Count, Buffer);
  Device->Original.RootBridge.PciRead (This, EfiPciWidthUint16, Address, 1, &After);
  if (((Before ^ After) & PCI_COMMAND_MASTER) != 0) {
    RecordBusMaster (Device, Address, Before, After, Caller, Status);
  }

  return Status;
}

BOOLEAN
RootBridgeIoIsHooked (
  IN CONST EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *RootBridge
  )
{
  return RootBridge->Map == HookMap;
}

VOID
RootBridgeIoHook (
  IN OUT DEVICE                           *Device,
  IN OUT EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *RootBridge
  )
{
  ROOT_BRIDGE_FUNCTIONS  *Original;

  Original                   = &Device->Original.RootBridge;
  Original->Map              = RootBridge->Map;
  Original->Unmap            = RootBridge->Unmap;
  Original->AllocateBuffer   = RootBridge->AllocateBuffer;
  Original->FreeBuffer       = RootBridge->FreeBuffer;
  Original->PciRead          = RootBridge->Pci.Read;
  Original->PciWrite         = RootBridge->Pci.Write;
  Device->Owner              = (UINTN)RootBridge->Map;
  Device->Segment            = RootBridge->SegmentNumber;
  RootBridge->Map            = HookMap;
  RootBridge->Unmap          = HookUnmap;
  RootBridge->AllocateBuffer = HookAllocateBuffer;
  RootBridge->FreeBuffer     = HookFreeBuffer;
  RootBridge->Pci.Write      = HookPciWrite;
}
