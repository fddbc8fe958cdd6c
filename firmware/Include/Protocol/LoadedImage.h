/** @file
  A loaded image. UEFI 2.10, 9.1. edk2: MdePkg/Include/Protocol/LoadedImage.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef LOADED_IMAGE_H_
#define LOADED_IMAGE_H_

#include <Uefi.h>

#include <Protocol/DevicePath.h>

typedef struct {
  UINT32                      Revision;
  EFI_HANDLE                  ParentHandle;
  EFI_SYSTEM_TABLE            *SystemTable;
  EFI_HANDLE                  DeviceHandle;
  EFI_DEVICE_PATH_PROTOCOL    *FilePath;
  VOID                        *Reserved;
  UINT32                      LoadOptionsSize;
  VOID                        *LoadOptions;
  VOID                        *ImageBase;
  UINT64                      ImageSize;
  EFI_MEMORY_TYPE             ImageCodeType;
  EFI_MEMORY_TYPE             ImageDataType;
  VOID                        *Unload;
} EFI_LOADED_IMAGE_PROTOCOL;

extern EFI_GUID  gEfiLoadedImageProtocolGuid;

#endif
