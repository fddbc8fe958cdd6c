/** @file
  Calls the functions that stood in the three protocols before. Their types differ in names only, but calling one through the
  type of another would be undefined in C, so each kind has its own call.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Dma.h"

EFI_STATUS
OriginalMap (
  IN CONST DEVICE         *Device,
  IN CONST MAP_ARGUMENTS  *Arguments
  )
{
  switch (Device->Kind) {
    case KindPciIo:
      return Device->Original.PciIo.Map (
                                      Arguments->This,
                                      (EFI_PCI_IO_PROTOCOL_OPERATION)Arguments->Operation,
                                      Arguments->HostAddress,
                                      Arguments->NumberOfBytes,
                                      Arguments->DeviceAddress,
                                      Arguments->Mapping
                                      );
    case KindRootBridgeIo:
      return Device->Original.RootBridge.Map (
                                           Arguments->This,
                                           (EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_OPERATION)Arguments->Operation,
                                           Arguments->HostAddress,
                                           Arguments->NumberOfBytes,
                                           Arguments->DeviceAddress,
                                           Arguments->Mapping
                                           );
    default:
      return Device->Original.IoMmu.Map (
                                      Arguments->This,
                                      (EDKII_IOMMU_OPERATION)Arguments->Operation,
                                      Arguments->HostAddress,
                                      Arguments->NumberOfBytes,
                                      Arguments->DeviceAddress,
                                      Arguments->Mapping
                                      );
  }
}

EFI_STATUS
OriginalUnmap (
  IN CONST DEVICE  *Device,
  IN VOID          *This,
  IN VOID          *Cookie
  )
{
  switch (Device->Kind) {
    case KindPciIo:        return Device->Original.PciIo.Unmap (This, Cookie);
    case KindRootBridgeIo: return Device->Original.RootBridge.Unmap (This, Cookie);
    default:               return Device->Original.IoMmu.Unmap (This, Cookie);
  }
}

EFI_STATUS
OriginalAllocate (
  IN CONST DEVICE              *Device,
  IN CONST ALLOCATE_ARGUMENTS  *Arguments
  )
{
  switch (Device->Kind) {
    case KindPciIo:
      return Device->Original.PciIo.AllocateBuffer (
                                      Arguments->This,
                                      Arguments->Type,
                                      Arguments->MemoryType,
                                      Arguments->Pages,
                                      Arguments->HostAddress,
                                      Arguments->Attributes
                                      );
    case KindRootBridgeIo:
      return Device->Original.RootBridge.AllocateBuffer (
                                           Arguments->This,
                                           Arguments->Type,
                                           Arguments->MemoryType,
                                           Arguments->Pages,
                                           Arguments->HostAddress,
                                           Arguments->Attributes
                                           );
    default:
      return Device->Original.IoMmu.AllocateBuffer (
                                      Arguments->This,
                                      Arguments->Type,
                                      Arguments->MemoryType,
                                      Arguments->Pages,
                                      Arguments->HostAddress,
                                      Arguments->Attributes
                                      );
  }
}

EFI_STATUS
OriginalFree (
  IN CONST DEVICE  *Device,
  IN VOID          *This,
  IN UINTN         Pages,
  IN VOID          *HostAddress
  )
{
  switch (Device->Kind) {
    case KindPciIo:        return Device->Original.PciIo.FreeBuffer (This, Pages, HostAddress);
    case KindRootBridgeIo: return Device->Original.RootBridge.FreeBuffer (This, Pages, HostAddress);
    default:               return Device->Original.IoMmu.FreeBuffer (This, Pages, HostAddress);
  }
}
