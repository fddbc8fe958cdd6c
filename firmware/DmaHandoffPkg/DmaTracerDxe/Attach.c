/** @file
  Finds images and protocol instances, those that are there and those that come.

  This is the only part that calls boot services: from the entry point, and from the notifications of new protocols, where the UEFI
  specification allows it. The notification of PciIo runs at TPL_NOTIFY, inside InstallProtocolInterface, and so before anybody can
  bind a driver to the new device.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Attach.h"
#include "Config.h"
#include "Hooks.h"
#include "ImageName.h"
#include "ImageTable.h"
#include "Record.h"
#include "Text.h"
#include <Protocol/LoadedImage.h>
#include <X64/TracerCpu.h>

//
// PCI 3.0, 6.1: vendor and device id, revision and class code.
//
#define PCI_VENDOR_ID  0x00
#define PCI_REVISION   0x08

typedef VOID (*VISIT)(IN EFI_HANDLE Handle);

STATIC EFI_BOOT_SERVICES  *mBootServices;
STATIC VOID               *mImageRegistration;
STATIC VOID               *mRegistrations[KindCount];
STATIC EFI_HANDLE         mHandles[MAX_HANDLES];

STATIC EFI_GUID *
KindGuid (
  IN PROTOCOL_KIND  Kind
  )
{
  switch (Kind) {
    case KindPciIo:        return &gEfiPciIoProtocolGuid;
    case KindRootBridgeIo: return &gEfiPciRootBridgeIoProtocolGuid;
    default:               return &gEdkiiIoMmuProtocolGuid;
  }
}

STATIC VOID *
ProtocolOf (
  IN EFI_HANDLE  Handle,
  IN EFI_GUID    *Guid
  )
{
  VOID  *Interface;

  Interface = NULL;
  return EFI_ERROR (mBootServices->HandleProtocol (Handle, Guid, &Interface)) ? NULL : Interface;
}

STATIC VOID
AttachImage (
  IN EFI_HANDLE  Handle
  )
{
  EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage;
  CHAR8                      Name[IMAGE_NAME_SIZE];
  CONST CHAR8                *Source;
  CONST IMAGE                *Image;
  LINE                       Line;

  LoadedImage = ProtocolOf (Handle, &gEfiLoadedImageProtocolGuid);
  if (LoadedImage == NULL || LoadedImage->ImageBase == NULL || LoadedImage->ImageSize == 0) {
    return;
  }

  if (ImageIsSelf ((UINTN)LoadedImage->ImageBase)) {
    TextCopy (Name, sizeof (Name), "DmaTracerDxe");
    Source = "self";
  } else {
    Source = ImageFindName (mBootServices, LoadedImage, Name, sizeof (Name));
  }

  Image = ImageAdd ((UINTN)LoadedImage->ImageBase, LoadedImage->ImageSize, Name);
  if (Image == NULL) {
    return;
  }

  LineBegin (&Line, "Image");
  LineWord (&Line, "name", Image->Name);
  LineHex (&Line, "base", Image->Base);
  LineHex (&Line, "size", Image->End - Image->Base);
  LineWord (&Line, "src", Source);
  RecordWrite (&Line);
}

STATIC VOID
FillPciIo (
  IN OUT DEVICE               *Device,
  IN     EFI_PCI_IO_PROTOCOL  *PciIo
  )
{
  UINTN   Segment;
  UINTN   Bus;
  UINTN   Slot;
  UINTN   Function;
  UINT32  Value;

  Segment  = 0;
  Bus      = 0;
  Slot     = 0;
  Function = 0;
  PciIo->GetLocation (PciIo, &Segment, &Bus, &Slot, &Function);
  Device->Segment  = (UINT32)Segment;
  Device->Bus      = (UINT8)Bus;
  Device->Device   = (UINT8)Slot;
  Device->Function = (UINT8)Function;

  Value = 0;
  PciIo->Pci.Read (PciIo, EfiPciIoWidthUint32, PCI_VENDOR_ID, 1, &Value);
  Device->VendorId = (UINT16)Value;
  Device->DeviceId = (UINT16)(Value >> 16);

  Value = 0;
  PciIo->Pci.Read (PciIo, EfiPciIoWidthUint32, PCI_REVISION, 1, &Value);
  Device->ClassCode = Value >> 8;
}

STATIC BOOLEAN
IsHooked (
  IN PROTOCOL_KIND  Kind,
  IN CONST VOID     *Protocol
  )
{
  switch (Kind) {
    case KindPciIo:        return PciIoIsHooked (Protocol);
    case KindRootBridgeIo: return RootBridgeIoIsHooked (Protocol);
    default:               return IoMmuIsHooked (Protocol);
  }
}

STATIC VOID
AttachProtocol (
  IN EFI_HANDLE     Handle,
  IN PROTOCOL_KIND  Kind
  )
{
  VOID    *Protocol;
  DEVICE  *Device;
  UINTN   Flags;
  LINE    Line;

  Protocol = ProtocolOf (Handle, KindGuid (Kind));
  if (Protocol == NULL || IsHooked (Kind, Protocol)) {
    return;
  }

  Device = DeviceNew (Kind, Protocol);
  if (Device == NULL) {
    return;
  }

  Device->Handle = Handle;
  if (Kind == KindPciIo) {
    FillPciIo (Device, Protocol);
  }

  //
  // Nobody must call while only some of the functions are replaced.
  //
  Flags = CpuDisableInterrupts ();
  switch (Kind) {
    case KindPciIo:        PciIoHook (Device, Protocol);        break;
    case KindRootBridgeIo: RootBridgeIoHook (Device, Protocol); break;
    default:               IoMmuHook (Device, Protocol);        break;
  }

  CpuRestoreInterrupts (Flags);

  LineBegin (&Line, "Hook");
  LineWord (&Line, "proto", KindName (Kind));
  LineDevice (&Line, Device);
  LineDeviceIds (&Line, Device);
  LineImage (&Line, "owner", Device->Owner);
  RecordWrite (&Line);
}

STATIC VOID
AttachPciIo (
  IN EFI_HANDLE  Handle
  )
{
  AttachProtocol (Handle, KindPciIo);
}

STATIC VOID
AttachRootBridgeIo (
  IN EFI_HANDLE  Handle
  )
{
  AttachProtocol (Handle, KindRootBridgeIo);
}

STATIC VOID
AttachIoMmu (
  IN EFI_HANDLE  Handle
  )
{
  AttachProtocol (Handle, KindIoMmu);
}

STATIC VOID
VisitAll (
  IN EFI_GUID  *Guid,
  IN VISIT     Visit
  )
{
  UINTN       Size;
  UINTN       Index;
  EFI_STATUS  Status;

  Size   = sizeof (mHandles);
  Status = mBootServices->LocateHandle (ByProtocol, Guid, NULL, &Size, mHandles);
  if (Status == EFI_BUFFER_TOO_SMALL) {
    RecordLost (TableHandles);
  }

  for (Index = 0; !EFI_ERROR (Status) && Index < Size / sizeof (mHandles[0]); Index++) {
    Visit (mHandles[Index]);
  }
}

/** Visits the handles that are new since the last time. Each call of LocateHandle returns one of them. **/
STATIC VOID
VisitNew (
  IN VOID   *Registration,
  IN VISIT  Visit
  )
{
  EFI_HANDLE  Handle;
  UINTN       Size;

  Size = sizeof (Handle);
  while (!EFI_ERROR (mBootServices->LocateHandle (ByRegisterNotify, NULL, Registration, &Size, &Handle))) {
    Visit (Handle);
    Size = sizeof (Handle);
  }
}

STATIC VOID EFIAPI
OnNewImage (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  )
{
  (VOID)Event;
  (VOID)Context;
  VisitNew (mImageRegistration, AttachImage);
}

STATIC VOID EFIAPI
OnNewProtocol (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  )
{
  (VOID)Event;
  (VOID)Context;
  VisitNew (mRegistrations[KindRootBridgeIo], AttachRootBridgeIo);
  VisitNew (mRegistrations[KindPciIo], AttachPciIo);
  VisitNew (mRegistrations[KindIoMmu], AttachIoMmu);
}

VOID
AttachAll (
  IN EFI_BOOT_SERVICES  *BootServices
  )
{
  EFI_EVENT  Event;

  mBootServices = BootServices;
  VisitAll (&gEfiLoadedImageProtocolGuid, AttachImage);
  if (!EFI_ERROR (BootServices->CreateEvent (EVT_NOTIFY_SIGNAL, TPL_CALLBACK, OnNewImage, NULL, &Event))) {
    BootServices->RegisterProtocolNotify (&gEfiLoadedImageProtocolGuid, Event, &mImageRegistration);
  }

  if (!EFI_ERROR (BootServices->CreateEvent (EVT_NOTIFY_SIGNAL, TPL_NOTIFY, OnNewProtocol, NULL, &Event))) {
    BootServices->RegisterProtocolNotify (&gEfiPciRootBridgeIoProtocolGuid, Event, &mRegistrations[KindRootBridgeIo]);
    BootServices->RegisterProtocolNotify (&gEfiPciIoProtocolGuid, Event, &mRegistrations[KindPciIo]);
    BootServices->RegisterProtocolNotify (&gEdkiiIoMmuProtocolGuid, Event, &mRegistrations[KindIoMmu]);
  }

  VisitAll (&gEfiPciRootBridgeIoProtocolGuid, AttachRootBridgeIo);
  VisitAll (&gEdkiiIoMmuProtocolGuid, AttachIoMmu);
  VisitAll (&gEfiPciIoProtocolGuid, AttachPciIo);
}

/** Reports the drivers bound to a device. Returns whether there are any. **/
STATIC BOOLEAN
ReportDrivers (
  IN CONST DEVICE                               *Device,
  IN CONST EFI_OPEN_PROTOCOL_INFORMATION_ENTRY  *Entries,
  IN UINTN                                      Count
  )
{
  EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage;
  UINTN                      Index;
  BOOLEAN                    Any;
  LINE                       Line;

  Any = FALSE;
  for (Index = 0; Index < Count; Index++) {
    if ((Entries[Index].Attributes & EFI_OPEN_PROTOCOL_BY_DRIVER) == 0) {
      continue;
    }

    Any         = TRUE;
    LoadedImage = ProtocolOf (Entries[Index].AgentHandle, &gEfiLoadedImageProtocolGuid);
    LineBegin (&Line, "Bound");
    LineDevice (&Line, Device);
    LineDeviceIds (&Line, Device);
    LineImage (&Line, "drv", LoadedImage == NULL ? 0 : (UINTN)LoadedImage->ImageBase);
    RecordWrite (&Line);
  }

  return Any;
}

/** Disconnects and connects a device's drivers. What they map from now on is recorded, and what they mapped before is unmapped. **/
STATIC VOID
RebindDevice (
  IN CONST DEVICE  *Device
  )
{
  EFI_STATUS  Stop;
  EFI_STATUS  Start;
  LINE        Line;

  Stop  = mBootServices->DisconnectController (Device->Handle, NULL, NULL);
  Start = mBootServices->ConnectController (Device->Handle, NULL, NULL, TRUE);
  LineBegin (&Line, "Rebind");
  LineDevice (&Line, Device);
  LineStatus (&Line, "stop", Stop);
  LineStatus (&Line, "start", Start);
  RecordWrite (&Line);
}

VOID
ReportBound (
  IN EFI_BOOT_SERVICES  *BootServices,
  IN BOOLEAN            Rebind
  )
{
  EFI_OPEN_PROTOCOL_INFORMATION_ENTRY  *Entries;
  UINTN                                EntryCount;
  UINT32                               Index;
  UINT32                               Count;
  CONST DEVICE                         *Device;
  BOOLEAN                              Any;

  //
  // Restarting a driver may bring new devices. They are hooked from the start, and are not to be restarted.
  //
  Count = DeviceCount ();
  for (Index = 0; Index < Count; Index++) {
    Device = DeviceAt (Index);
    if (Device->Kind != KindPciIo || Device->Protocol == NULL ||
        EFI_ERROR (BootServices->OpenProtocolInformation (Device->Handle, &gEfiPciIoProtocolGuid, &Entries, &EntryCount)))
    {
      continue;
    }

    Any = ReportDrivers (Device, Entries, EntryCount);
    BootServices->FreePool (Entries);
    if (Any && Rebind) {
      RebindDevice (Device);
    }
  }
}
