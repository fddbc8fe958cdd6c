/** @file
  The protocol instances whose calls are recorded, and the functions that stood in them before.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef DEVICE_H_
#define DEVICE_H_

#include "Line.h"
#include <Protocol/IoMmu.h>
#include <Protocol/PciIo.h>
#include <Protocol/PciRootBridgeIo.h>

typedef enum { KindPciIo, KindRootBridgeIo, KindIoMmu, KindCount } PROTOCOL_KIND;

typedef struct {
  EFI_PCI_IO_PROTOCOL_MAP                Map;
  EFI_PCI_IO_PROTOCOL_UNMAP              Unmap;
  EFI_PCI_IO_PROTOCOL_ALLOCATE_BUFFER    AllocateBuffer;
  EFI_PCI_IO_PROTOCOL_FREE_BUFFER        FreeBuffer;
  EFI_PCI_IO_PROTOCOL_ATTRIBUTES         Attributes;
  EFI_PCI_IO_PROTOCOL_CONFIG             PciWrite;
} PCI_IO_FUNCTIONS;

typedef struct {
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_MAP                Map;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_UNMAP              Unmap;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_ALLOCATE_BUFFER    AllocateBuffer;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_FREE_BUFFER        FreeBuffer;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_IO_MEM             PciRead;
  EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_IO_MEM             PciWrite;
} ROOT_BRIDGE_FUNCTIONS;

typedef struct {
  EDKII_IOMMU_MAP                Map;
  EDKII_IOMMU_UNMAP              Unmap;
  EDKII_IOMMU_ALLOCATE_BUFFER    AllocateBuffer;
  EDKII_IOMMU_FREE_BUFFER        FreeBuffer;
  EDKII_IOMMU_SET_ATTRIBUTE      SetAttribute;
} IO_MMU_FUNCTIONS;

typedef struct {
  PROTOCOL_KIND    Kind;
  //
  // The instance; NULL if another one has taken its place in memory, or if it is nobody's (see DeviceOf).
  //
  VOID             *Protocol;
  EFI_HANDLE       Handle;
  //
  // An address in the image that implements it.
  //
  UINT64           Owner;
  UINT32           Segment;
  UINT8            Bus;
  UINT8            Device;
  UINT8            Function;
  UINT16           VendorId;
  UINT16           DeviceId;
  UINT32           ClassCode;
  UINT32           RootBridge;
  union {
    PCI_IO_FUNCTIONS         PciIo;
    ROOT_BRIDGE_FUNCTIONS    RootBridge;
    IO_MMU_FUNCTIONS         IoMmu;
  } Original;
} DEVICE;

/** Returns a new entry, NULL if the table is full. An entry that had this instance is retired; it stays, for its mappings. **/
DEVICE *
DeviceNew (
  IN PROTOCOL_KIND  Kind,
  IN VOID           *Protocol
  );

/** Returns the entry of an instance. Never NULL for a kind of which there is one.

  A driver may copy a protocol structure, with the hooks in it, and call them with a This that nobody hooked. It gets
  the functions of the first instance, under an entry that names no device.
**/
DEVICE *
DeviceOf (
  IN PROTOCOL_KIND  Kind,
  IN CONST VOID     *Protocol
  );

/** Returns the PciIo entry with this handle, NULL if there is none. **/
DEVICE *
DeviceOfHandle (
  IN EFI_HANDLE  Handle
  );

UINT32
DeviceCount (
  VOID
  );

DEVICE *
DeviceAt (
  IN UINT32  Index
  );

/** Whether two PciIo entries are the same PCI function. **/
BOOLEAN
DeviceIsSame (
  IN CONST DEVICE  *First,
  IN CONST DEVICE  *Second
  );

/** "PciIo", "RootBridgeIo", "IoMmu". **/
CONST CHAR8 *
KindName (
  IN PROTOCOL_KIND  Kind
  );

/** Writes " dev=…", or nothing if the entry names no device. **/
VOID
LineDevice (
  IN OUT LINE          *Line,
  IN     CONST DEVICE  *Device
  );

/** Writes " id=… cls=…" for a PCI function. **/
VOID
LineDeviceIds (
  IN OUT LINE          *Line,
  IN     CONST DEVICE  *Device
  );

/** Writes " dev=ssss:bb:dd.f". **/
VOID
LineLocation (
  IN OUT LINE    *Line,
  IN     UINT32  Segment,
  IN     UINT8   Bus,
  IN     UINT8   Device,
  IN     UINT8   Function
  );

#endif
