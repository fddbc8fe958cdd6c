/** @file
  Device path nodes. UEFI 2.10, 10.2 and 10.3.5 (media device paths). edk2: MdePkg/Include/Protocol/DevicePath.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef DEVICE_PATH_H_
#define DEVICE_PATH_H_

#include <Uefi.h>

#define MEDIA_DEVICE_PATH              0x04
#define MEDIA_FILEPATH_DP              0x04
#define MEDIA_PIWG_FW_FILE_DP          0x06
#define MEDIA_RELATIVE_OFFSET_RANGE_DP 0x08
#define END_DEVICE_PATH_TYPE           0x7f

typedef struct {
  UINT8    Type;
  UINT8    SubType;
  UINT8    Length[2];
} EFI_DEVICE_PATH_PROTOCOL;

#endif
