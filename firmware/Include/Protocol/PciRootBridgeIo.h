/** @file
  Access to everything behind a PCI root bridge. UEFI 2.10, 14.2. edk2: MdePkg/Include/Protocol/PciRootBridgeIo.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef PCI_ROOT_BRIDGE_IO_H_
#define PCI_ROOT_BRIDGE_IO_H_

#include <Uefi.h>

typedef struct _EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL;

typedef enum { EfiPciWidthUint8, EfiPciWidthUint16, EfiPciWidthUint32 } EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH;

typedef enum {
  EfiPciOperationBusMasterRead,
  EfiPciOperationBusMasterWrite,
  EfiPciOperationBusMasterCommonBuffer,
  EfiPciOperationBusMasterRead64,
  EfiPciOperationBusMasterWrite64,
  EfiPciOperationBusMasterCommonBuffer64
} EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_OPERATION;

typedef EFI_STATUS (EFIAPI *EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_IO_MEM)(
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH Width, IN UINT64 Address,
  IN UINTN Count, IN OUT VOID *Buffer);
typedef EFI_STATUS (EFIAPI *EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_MAP)(
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_OPERATION Operation, IN VOID *HostAddress,
  IN OUT UINTN *NumberOfBytes, OUT EFI_PHYSICAL_ADDRESS *DeviceAddress, OUT VOID **Mapping);
typedef EFI_STATUS (EFIAPI *EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_UNMAP)(
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, IN VOID *Mapping);
typedef EFI_STATUS (EFIAPI *EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ALLOCATE_BUFFER)(
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, IN EFI_ALLOCATE_TYPE Type, IN EFI_MEMORY_TYPE MemoryType, IN UINTN Pages,
  IN OUT VOID **HostAddress, IN UINT64 Attributes);
typedef EFI_STATUS (EFIAPI *EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_FREE_BUFFER)(
  IN EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, IN UINTN Pages, IN VOID *HostAddress);

typedef struct {
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_IO_MEM    Read;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_IO_MEM    Write;
} EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ACCESS;

struct _EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL {
  EFI_HANDLE                                         ParentHandle;
  VOID                                               *PollMem;
  VOID                                               *PollIo;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ACCESS             Mem;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ACCESS             Io;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ACCESS             Pci;
  VOID                                               *CopyMem;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_MAP                Map;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_UNMAP              Unmap;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ALLOCATE_BUFFER    AllocateBuffer;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_FREE_BUFFER        FreeBuffer;
  VOID                                               *Flush;
  VOID                                               *GetAttributes;
  VOID                                               *SetAttributes;
  VOID                                               *Configuration;
  UINT32                                             SegmentNumber;
};

extern EFI_GUID  gEfiPciRootBridgeIoProtocolGuid;

#endif
