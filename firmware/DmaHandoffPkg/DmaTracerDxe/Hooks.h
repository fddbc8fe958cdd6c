/** @file
  Puts the hooks into protocol instances. A protocol structure belongs to the driver that made it and is writable memory; its
  function pointers are replaced in place, so that whoever has the structure already, or gets it later, calls the hook.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef HOOKS_H_
#define HOOKS_H_

#include "Device.h"

/** Whether this instance has the hooks already. **/
BOOLEAN
PciIoIsHooked (
  IN CONST EFI_PCI_IO_PROTOCOL  *PciIo
  );

BOOLEAN
RootBridgeIoIsHooked (
  IN CONST EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *RootBridge
  );

BOOLEAN
IoMmuIsHooked (
  IN CONST EDKII_IOMMU_PROTOCOL  *IoMmu
  );

/** Keeps the functions of the instance in Device and puts the hooks in their place. **/
VOID
PciIoHook (
  IN OUT DEVICE               *Device,
  IN OUT EFI_PCI_IO_PROTOCOL  *PciIo
  );

VOID
RootBridgeIoHook (
  IN OUT DEVICE                           *Device,
  IN OUT EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  *RootBridge
  );

VOID
IoMmuHook (
  IN OUT DEVICE                *Device,
  IN OUT EDKII_IOMMU_PROTOCOL  *IoMmu
  );

#endif
