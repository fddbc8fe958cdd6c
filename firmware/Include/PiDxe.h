/** @file
  Hand-off blocks, as far as the tracer reads them: it asks where the stack is.

  PI 1.8, volume 3: 5.1 EFI_HOB_GENERIC_HEADER, 5.4 EFI_HOB_MEMORY_ALLOCATION.
  edk2: MdePkg/Include/PiDxe.h, Pi/PiHob.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef PI_DXE_H_
#define PI_DXE_H_

#include <Uefi.h>

#define EFI_HOB_TYPE_MEMORY_ALLOCATION  0x0002
#define EFI_HOB_TYPE_END_OF_HOB_LIST    0xFFFF

typedef struct {
  UINT16    HobType;
  UINT16    HobLength;
  UINT32    Reserved;
} EFI_HOB_GENERIC_HEADER;

typedef struct {
  EFI_GUID                Name;
  EFI_PHYSICAL_ADDRESS    MemoryBaseAddress;
  UINT64                  MemoryLength;
  EFI_MEMORY_TYPE         MemoryType;
  UINT8                   Reserved[4];
} EFI_HOB_MEMORY_ALLOCATION_HEADER;

typedef struct {
  EFI_HOB_GENERIC_HEADER              Header;
  EFI_HOB_MEMORY_ALLOCATION_HEADER    AllocDescriptor;
} EFI_HOB_MEMORY_ALLOCATION;

#endif
