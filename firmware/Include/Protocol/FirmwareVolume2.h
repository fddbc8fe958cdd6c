/** @file
  A firmware volume, for the name of a driver in it. PI 1.8, volume 3, 3.4.1. edk2: MdePkg/Include/Protocol/FirmwareVolume2.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef FIRMWARE_VOLUME2_H_
#define FIRMWARE_VOLUME2_H_

#include <Uefi.h>

#define EFI_SECTION_USER_INTERFACE  0x15

typedef UINT8 EFI_SECTION_TYPE;
typedef struct _EFI_FIRMWARE_VOLUME2_PROTOCOL EFI_FIRMWARE_VOLUME2_PROTOCOL;

typedef EFI_STATUS (EFIAPI *EFI_FV_READ_SECTION)(
  IN CONST EFI_FIRMWARE_VOLUME2_PROTOCOL *This, IN CONST EFI_GUID *NameGuid, IN EFI_SECTION_TYPE SectionType,
  IN UINTN SectionInstance, IN OUT VOID **Buffer, IN OUT UINTN *BufferSize, OUT UINT32 *AuthenticationStatus);

struct _EFI_FIRMWARE_VOLUME2_PROTOCOL {
  VOID                   *GetVolumeAttributes;
  VOID                   *SetVolumeAttributes;
  VOID                   *ReadFile;
  EFI_FV_READ_SECTION    ReadSection;
};

extern EFI_GUID  gEfiFirmwareVolume2ProtocolGuid;

#endif
