/** @file
  Name of the hand-off block that describes the stack. PI 1.8, volume 3, 5.4.2. edk2: MdePkg/Include/Guid/MemoryAllocationHob.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef MEMORY_ALLOCATION_HOB_H_
#define MEMORY_ALLOCATION_HOB_H_

#include <Uefi.h>

extern EFI_GUID  gEfiHobMemoryAllocStackGuid;

#endif
