/** @file
  A simulated firmware: boot services, a few PCI functions behind a root bridge, an IOMMU, and drivers that map memory.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef FIRMWARE_H_
#define FIRMWARE_H_

#include "machine.h"
#include <PiDxe.h>
#include <Guid/EventGroup.h>
#include <Guid/HobList.h>
#include <Guid/MemoryAllocationHob.h>
#include <Protocol/FirmwareVolume2.h>
#include <Protocol/IoMmu.h>
#include <Protocol/LoadedImage.h>
#include <Protocol/PciIo.h>
#include <Protocol/PciRootBridgeIo.h>

#define NO_MAPPING  ((VOID *)~(UINTN)0)

EFI_STATUS EFIAPI
DmaTracerEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  );

extern EFI_SYSTEM_TABLE                 gSystem;
extern EFI_BOOT_SERVICES                gBoot;
extern EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  gRootBridge;
extern EDKII_IOMMU_PROTOCOL             gIoMmu;
extern EFI_LOADED_IMAGE_PROTOCOL        gSelf;
extern int                              gHasIoMmu;
extern int                              gBootServicesForbidden;
extern int                              gBoundDevice;
extern int                              gRestarts;
extern EFI_STATUS                       gUnmapStatus;
extern EFI_STATUS                       gExitStatus;
extern VOID                             (*gInsideMap)(VOID);
extern UINTN                            gPrivateLayout;

/** Makes boot services available: the first thing a test does. **/
VOID
FirmwarePrepare (
  VOID
  );

/** Brings this many PCI functions and loads the tracer. **/
EFI_STATUS
FirmwareStart (
  int  Functions
  );

EFI_PCI_IO_PROTOCOL *
FirmwarePciIo (
  int  Function
  );

/** Brings a new PCI function, as a hot-plug would. **/
EFI_PCI_IO_PROTOCOL *
FirmwareAddFunction (
  VOID
  );

/** Calls the callbacks of the group in the way of the DXE core. **/
VOID
FirmwareNotify (
  CONST EFI_GUID  *Group
  );

/** Maps this memory as a driver would: with boot services forbidden. Returns the mapping. **/
VOID *
DriverMap (
  int    Function,
  UINTN  Host,
  UINTN  Bytes
  );

EFI_STATUS
DriverUnmap (
  int   Function,
  VOID  *Mapping
  );

#endif
