/** @file
  The configuration table that holds the list of hand-off blocks. PI 1.8, volume 2, 4.6. edk2: MdePkg/Include/Guid/HobList.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef HOB_LIST_H_
#define HOB_LIST_H_

#include <Uefi.h>

extern EFI_GUID  gEfiHobListGuid;

#endif
