/** @file
  The hooks in the table of boot services.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef BOOT_SERVICE_HOOKS_H_
#define BOOT_SERVICE_HOOKS_H_

#include <Uefi.h>

VOID
BootServicesHook (
  IN OUT EFI_BOOT_SERVICES  *BootServices
  );

#endif
