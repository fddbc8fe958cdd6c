/** @file
  The IOMMU below PciRootBridgeIo; of edk2, in no specification. edk2: MdeModulePkg/Include/Protocol/IoMmu.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef IO_MMU_H_
#define IO_MMU_H_

#include <Uefi.h>

typedef struct _EDKII_IOMMU_PROTOCOL EDKII_IOMMU_PROTOCOL;

typedef enum {
  EdkiiIoMmuOperationBusMasterRead,
  EdkiiIoMmuOperationBusMasterWrite,
  EdkiiIoMmuOperationBusMasterCommonBuffer,
  EdkiiIoMmuOperationBusMasterRead64,
  EdkiiIoMmuOperationBusMasterWrite64,
  EdkiiIoMmuOperationBusMasterCommonBuffer64
} EDKII_IOMMU_OPERATION;

typedef EFI_STATUS (EFIAPI *EDKII_IOMMU_SET_ATTRIBUTE)(
  IN EDKII_IOMMU_PROTOCOL *This, IN EFI_HANDLE DeviceHandle, IN VOID *Mapping, IN UINT64 IoMmuAccess);
typedef EFI_STATUS (EFIAPI *EDKII_IOMMU_MAP)(
  IN EDKII_IOMMU_PROTOCOL *This, IN EDKII_IOMMU_OPERATION Operation, IN VOID *HostAddress, IN OUT UINTN *NumberOfBytes,
  OUT EFI_PHYSICAL_ADDRESS *DeviceAddress, OUT VOID **Mapping);
typedef EFI_STATUS (EFIAPI *EDKII_IOMMU_UNMAP)(IN EDKII_IOMMU_PROTOCOL *This, IN VOID *Mapping);
typedef EFI_STATUS (EFIAPI *EDKII_IOMMU_ALLOCATE_BUFFER)(
  IN EDKII_IOMMU_PROTOCOL *This, IN EFI_ALLOCATE_TYPE Type, IN EFI_MEMORY_TYPE MemoryType, IN UINTN Pages,
  IN OUT VOID **HostAddress, IN UINT64 Attributes);
typedef EFI_STATUS (EFIAPI *EDKII_IOMMU_FREE_BUFFER)(IN EDKII_IOMMU_PROTOCOL *This, IN UINTN Pages, IN VOID *HostAddress);

struct _EDKII_IOMMU_PROTOCOL {
  UINT64                         Revision;
  EDKII_IOMMU_SET_ATTRIBUTE      SetAttribute;
  EDKII_IOMMU_MAP                Map;
  EDKII_IOMMU_UNMAP              Unmap;
  EDKII_IOMMU_ALLOCATE_BUFFER    AllocateBuffer;
  EDKII_IOMMU_FREE_BUFFER        FreeBuffer;
};

extern EFI_GUID  gEdkiiIoMmuProtocolGuid;

#endif
