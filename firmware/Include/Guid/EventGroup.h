/** @file
  Event groups around ExitBootServices. UEFI 2.10, 7.1.2. edk2: MdePkg/Include/Guid/EventGroup.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef EVENT_GROUP_H_
#define EVENT_GROUP_H_

#include <Uefi.h>

extern EFI_GUID  gEfiEventExitBootServicesGuid;
extern EFI_GUID  gEfiEventBeforeExitBootServicesGuid;

#endif
