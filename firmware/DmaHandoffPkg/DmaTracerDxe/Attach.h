/** @file
  Finds images and protocol instances, those that are there and those that come.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef ATTACH_H_
#define ATTACH_H_

#include <Uefi.h>

/** Names what is loaded and hooks what is there, and asks to be told about everything new. **/
VOID
AttachAll (
  IN EFI_BOOT_SERVICES  *BootServices
  );

/** Reports each device to which a driver was bound before the tracer came, and restarts those drivers if Rebind is set. **/
VOID
ReportBound (
  IN EFI_BOOT_SERVICES  *BootServices,
  IN BOOLEAN            Rebind
  );

#endif
