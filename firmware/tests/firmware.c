/** @file
  A simulated firmware. Its events have the private layout of edk2's DXE core, or another one if gPrivateLayout says so.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "firmware.h"
#include "Text.h"

#define MAX_FUNCTIONS  16
#define MAX_EVENTS     64

typedef struct EVENT EVENT;
struct EVENT {
  UINTN               Signature;
  UINT32              Type;
  UINT32              SignalCount;
  EVENT               *Forward;
  EVENT               *Back;
  EFI_TPL             Tpl;
  EFI_EVENT_NOTIFY    Function;
  VOID                *Context;
  EFI_GUID            Group;
};

EFI_SYSTEM_TABLE                 gSystem;
EFI_BOOT_SERVICES                gBoot;
EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL  gRootBridge;
EDKII_IOMMU_PROTOCOL             gIoMmu;
EFI_LOADED_IMAGE_PROTOCOL        gSelf;
int                              gHasIoMmu;
int                              gBootServicesForbidden;
int                              gBoundDevice = -1;
int                              gRestarts;
EFI_STATUS                       gUnmapStatus;
EFI_STATUS                       gExitStatus;
VOID                             (*gInsideMap)(VOID);
UINTN                            gPrivateLayout = 0x746E7665;

static EFI_PCI_IO_PROTOCOL  mPciIo[MAX_FUNCTIONS];
static int                  mFunctionCount;
static EVENT                mEvents[MAX_EVENTS];
static int                  mEventCount;
//
// The head of the list stands behind some other data of the core, as in a real one.
//
static struct { UINTN Other[2]; EVENT *Forward; EVENT *Back; } mHead;
static EFI_EVENT  mPciIoNotify;
static int        mNewFunction = -1;
static int        mTracerIsLoaded;
static UINT8      mTracerImage[4096];
static UINT64     mNextCookie = 0x5000;

static VOID
BootService (
  VOID
  )
{
  CHECK (!gBootServicesForbidden);
  CHECK (!gMachine.InterruptsDisabled);
}

//
// The list links the events by their link fields, as LIST_ENTRY does.
//
static EVENT **
LinkOf (
  EVENT  *Event
  )
{
  return &Event->Forward;
}

static VOID
Insert (
  EVENT  *Event
  )
{
  EVENT **First;

  First          = (EVENT **)(VOID *)mHead.Forward;
  Event->Forward = (EVENT *)(VOID *)First;
  Event->Back    = (EVENT *)(VOID *)&mHead.Forward;
  First[1]       = (EVENT *)(VOID *)LinkOf (Event);
  mHead.Forward  = (EVENT *)(VOID *)LinkOf (Event);
}

static EFI_STATUS EFIAPI
CreateEventEx (UINT32 Type, EFI_TPL Tpl, EFI_EVENT_NOTIFY Function, CONST VOID *Context, CONST EFI_GUID *Group, EFI_EVENT *Event)
{
  EVENT  *New;

  CHECK (mEventCount < MAX_EVENTS);
  New            = &mEvents[mEventCount++];
  New->Signature = gPrivateLayout;
  New->Type      = Type;
  New->Tpl       = Tpl;
  New->Function  = Function;
  New->Context   = (VOID *)(UINTN)Context;
  if (Group != NULL) {
    New->Group = *Group;
    Insert (New);
  }

  *Event = New;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
CreateEvent (UINT32 Type, EFI_TPL Tpl, EFI_EVENT_NOTIFY Function, VOID *Context, EFI_EVENT *Event)
{
  CONST EFI_GUID  *Group;

  Group = Type == EVT_SIGNAL_EXIT_BOOT_SERVICES ? &gEfiEventExitBootServicesGuid : NULL;
  return CreateEventEx (EVT_NOTIFY_SIGNAL, Tpl, Function, Context, Group, Event);
}

static EFI_STATUS EFIAPI
CloseEvent (EFI_EVENT Event)
{
  EVENT  *Old;
  EVENT  **Before;
  EVENT  **After;

  Old = Event;
  if (Old->Forward != NULL) {
    After     = (EVENT **)(VOID *)Old->Forward;
    Before    = (EVENT **)(VOID *)Old->Back;
    Before[0] = Old->Forward;
    After[1]  = Old->Back;
  }

  Old->Signature = 0;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
SignalEvent (EFI_EVENT Event)
{
  EVENT  *Signalled;

  Signalled = Event;
  Signalled->Function (Signalled, Signalled->Context);
  return EFI_SUCCESS;
}

VOID
FirmwareNotify (
  CONST EFI_GUID  *Group
  )
{
  int  Index;

  for (Index = mEventCount - 1; Index >= 0; Index--) {
    if (mEvents[Index].Signature != 0 && GuidEqual (&mEvents[Index].Group, Group)) {
      SignalEvent (&mEvents[Index]);
    }
  }
}

static EFI_STATUS EFIAPI
ExitBootServices (EFI_HANDLE Image, UINTN MapKey)
{
  (VOID)Image;
  (VOID)MapKey;
  if (!EFI_ERROR (gExitStatus)) {
    FirmwareNotify (&gEfiEventExitBootServicesGuid);
  }

  return gExitStatus;
}

static EFI_STATUS EFIAPI
HandleProtocol (EFI_HANDLE Handle, EFI_GUID *Guid, VOID **Interface)
{
  BootService ();
  if (GuidEqual (Guid, &gEfiLoadedImageProtocolGuid)) {
    *Interface = &gSelf;
  } else if (GuidEqual (Guid, &gEfiPciIoProtocolGuid) || GuidEqual (Guid, &gEfiPciRootBridgeIoProtocolGuid) ||
             GuidEqual (Guid, &gEdkiiIoMmuProtocolGuid))
  {
    *Interface = Handle;
  } else {
    return EFI_UNSUPPORTED;
  }

  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
InstallProtocolInterface (EFI_HANDLE *Handle, EFI_GUID *Guid, EFI_INTERFACE_TYPE Type, VOID *Interface)
{
  (VOID)Handle;
  (VOID)Guid;
  (VOID)Type;
  (VOID)Interface;
  BootService ();
  mTracerIsLoaded = 1;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
RegisterProtocolNotify (EFI_GUID *Guid, EFI_EVENT Event, VOID **Registration)
{
  BootService ();
  *Registration = Guid;
  if (GuidEqual (Guid, &gEfiPciIoProtocolGuid)) {
    mPciIoNotify = Event;
  }

  return EFI_SUCCESS;
}

static EFI_STATUS
LocateNew (EFI_GUID *Registration, EFI_HANDLE *Buffer)
{
  if (!GuidEqual (Registration, &gEfiPciIoProtocolGuid) || mNewFunction < 0) {
    return EFI_NOT_FOUND;
  }

  *Buffer      = &mPciIo[mNewFunction];
  mNewFunction = -1;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
LocateHandle (EFI_LOCATE_SEARCH_TYPE Search, EFI_GUID *Guid, VOID *Key, UINTN *Size, EFI_HANDLE *Buffer)
{
  int  Count;
  int  Index;

  BootService ();
  if (Search == ByRegisterNotify) {
    return LocateNew (Key, Buffer);
  }

  if (GuidEqual (Guid, &gEfiPciIoProtocolGuid)) {
    Count = mFunctionCount;
    for (Index = 0; Index < Count && (UINTN)Index < *Size / sizeof (*Buffer); Index++) {
      Buffer[Index] = &mPciIo[Index];
    }
  } else if (GuidEqual (Guid, &gEfiPciRootBridgeIoProtocolGuid)) {
    Count     = 1;
    Buffer[0] = &gRootBridge;
  } else if (GuidEqual (Guid, &gEdkiiIoMmuProtocolGuid)) {
    Count     = gHasIoMmu;
    Buffer[0] = &gIoMmu;
  } else if (GuidEqual (Guid, &gEfiLoadedImageProtocolGuid)) {
    Count     = 1;
    Buffer[0] = &gSelf;
  } else {
    Count = mTracerIsLoaded;
  }

  *Size = (UINTN)Count * sizeof (*Buffer);
  return Count == 0 ? EFI_NOT_FOUND : EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
Stall (UINTN Microseconds)
{
  (VOID)Microseconds;
  BootService ();
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
OpenProtocolInformation (EFI_HANDLE Handle, EFI_GUID *Guid, EFI_OPEN_PROTOCOL_INFORMATION_ENTRY **Entries, UINTN *Count)
{
  (VOID)Guid;
  BootService ();
  *Entries = calloc (1, sizeof (**Entries));
  *Count   = 0;
  if (gBoundDevice >= 0 && Handle == &mPciIo[gBoundDevice]) {
    *Count                   = 1;
    (*Entries)[0].Attributes = EFI_OPEN_PROTOCOL_BY_DRIVER;
  }

  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
FreePool (VOID *Buffer)
{
  BootService ();
  free (Buffer);
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
DisconnectController (EFI_HANDLE Controller, EFI_HANDLE Driver, EFI_HANDLE Child)
{
  (VOID)Driver;
  (VOID)Child;
  BootService ();
  CHECK (Controller == &mPciIo[gBoundDevice]);
  gRestarts++;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
ConnectController (EFI_HANDLE Controller, EFI_HANDLE *Driver, VOID *Path, BOOLEAN Recursive)
{
  (VOID)Driver;
  (VOID)Path;
  BootService ();
  CHECK (Controller == &mPciIo[gBoundDevice] && Recursive);
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
IoMmuMap (EDKII_IOMMU_PROTOCOL *This, EDKII_IOMMU_OPERATION Operation, VOID *Host, UINTN *Bytes, EFI_PHYSICAL_ADDRESS *Address, VOID **Mapping)
{
  (VOID)This;
  (VOID)Bytes;
  (VOID)Operation;
  *Address = (UINTN)Host + 0x100000;
  *Mapping = (VOID *)(UINTN)(mNextCookie += 0x10);
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
IoMmuUnmap (EDKII_IOMMU_PROTOCOL *This, VOID *Mapping)
{
  (VOID)This;
  CHECK ((UINTN)Mapping >= 0x5000 && (UINTN)Mapping <= mNextCookie);
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
IoMmuSetAttribute (EDKII_IOMMU_PROTOCOL *This, EFI_HANDLE Device, VOID *Mapping, UINT64 Access)
{
  (VOID)This;
  (VOID)Device;
  (VOID)Access;
  CHECK ((UINTN)Mapping >= 0x5000 && (UINTN)Mapping <= mNextCookie);
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
Map (EFI_PCI_IO_PROTOCOL *This, EFI_PCI_IO_PROTOCOL_OPERATION Operation, VOID *Host, UINTN *Bytes, EFI_PHYSICAL_ADDRESS *Address, VOID **Mapping)
{
  VOID        (*Inside)(VOID);
  EFI_STATUS  Status;

  if (Host == NULL) {
    return EFI_INVALID_PARAMETER;
  }

  Inside     = gInsideMap;
  gInsideMap = NULL;
  if (Inside != NULL) {
    Inside ();
  }

  if (gHasIoMmu) {
    Status = gIoMmu.Map (&gIoMmu, (EDKII_IOMMU_OPERATION)Operation, Host, Bytes, Address, Mapping);
    return EFI_ERROR (Status) ? Status : gIoMmu.SetAttribute (&gIoMmu, This, *Mapping, 1);
  }

  *Address = (UINTN)Host;
  *Mapping = NO_MAPPING;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
Unmap (EFI_PCI_IO_PROTOCOL *This, VOID *Mapping)
{
  (VOID)This;
  if (gHasIoMmu) {
    CHECK ((UINTN)Mapping <= mNextCookie);
    return gIoMmu.Unmap (&gIoMmu, Mapping);
  }

  CHECK (Mapping == NO_MAPPING);
  return gUnmapStatus;
}

static EFI_STATUS EFIAPI
AllocateBuffer (EFI_PCI_IO_PROTOCOL *This, EFI_ALLOCATE_TYPE Type, EFI_MEMORY_TYPE MemoryType, UINTN Pages, VOID **Host, UINT64 Attributes)
{
  static UINTN  Next = 0x800000;

  (VOID)This;
  (VOID)Type;
  (VOID)MemoryType;
  (VOID)Attributes;
  *Host = (VOID *)Next;
  Next += Pages * 4096;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
FreeBuffer (EFI_PCI_IO_PROTOCOL *This, UINTN Pages, VOID *Host)
{
  (VOID)This;
  (VOID)Pages;
  (VOID)Host;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
GetLocation (EFI_PCI_IO_PROTOCOL *This, UINTN *Segment, UINTN *Bus, UINTN *Device, UINTN *Function)
{
  *Segment  = 0;
  *Bus      = 0;
  *Device   = (UINTN)(This - mPciIo);
  *Function = 0;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
PciRead (EFI_PCI_IO_PROTOCOL *This, EFI_PCI_IO_PROTOCOL_WIDTH Width, UINT32 Offset, UINTN Count, VOID *Buffer)
{
  (VOID)This;
  (VOID)Width;
  (VOID)Count;
  *(UINT32 *)Buffer = Offset == 0 ? 0x000d1b36 : 0x0c033001;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
RootPciRead (EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH Width, UINT64 Address, UINTN Count, VOID *Buffer)
{
  (VOID)This;
  (VOID)Width;
  (VOID)Address;
  (VOID)Count;
  *(UINT16 *)Buffer = (UINT16)gMachine.Command;
  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
RootPciWrite (EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *This, EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH Width, UINT64 Address, UINTN Count, VOID *Buffer)
{
  (VOID)This;
  (VOID)Width;
  (VOID)Count;
  if ((Address & 0xFF) == 4) {
    gMachine.Command = *(UINT16 *)Buffer;
  }

  return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI
PciWrite (EFI_PCI_IO_PROTOCOL *This, EFI_PCI_IO_PROTOCOL_WIDTH Width, UINT32 Offset, UINTN Count, VOID *Buffer)
{
  return gRootBridge.Pci.Write (&gRootBridge, (EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_WIDTH)Width, ((UINT64)(This - mPciIo) << 16) | Offset, Count, Buffer);
}

static EFI_STATUS EFIAPI
Attributes (EFI_PCI_IO_PROTOCOL *This, EFI_PCI_IO_PROTOCOL_ATTRIBUTE_OPERATION Operation, UINT64 Mask, UINT64 *Result)
{
  UINT16  Command;

  (VOID)Result;
  if (Operation == EfiPciIoAttributeOperationSet) {
    return This->Attributes (This, EfiPciIoAttributeOperationEnable, Mask, NULL);
  }

  Command = Operation == EfiPciIoAttributeOperationEnable ? 7 : 3;
  return This->Pci.Write (This, EfiPciIoWidthUint16, 4, 1, &Command);
}

static VOID
FillPciIo (
  EFI_PCI_IO_PROTOCOL  *PciIo
  )
{
  PciIo->Pci.Read       = PciRead;
  PciIo->Pci.Write      = PciWrite;
  PciIo->Map            = Map;
  PciIo->Unmap          = Unmap;
  PciIo->AllocateBuffer = AllocateBuffer;
  PciIo->FreeBuffer     = FreeBuffer;
  PciIo->GetLocation    = GetLocation;
  PciIo->Attributes     = Attributes;
}

EFI_PCI_IO_PROTOCOL *
FirmwarePciIo (
  int  Function
  )
{
  return &mPciIo[Function];
}

EFI_PCI_IO_PROTOCOL *
FirmwareAddFunction (
  VOID
  )
{
  CHECK (mFunctionCount < MAX_FUNCTIONS);
  mNewFunction = mFunctionCount++;
  FillPciIo (&mPciIo[mNewFunction]);
  SignalEvent (mPciIoNotify);
  return &mPciIo[mFunctionCount - 1];
}

static VOID
FillBootServices (
  VOID
  )
{
  gBoot.Hdr.HeaderSize           = sizeof (gBoot);
  gBoot.FreePool                 = FreePool;
  gBoot.CreateEvent              = CreateEvent;
  gBoot.CreateEventEx            = CreateEventEx;
  gBoot.CloseEvent               = CloseEvent;
  gBoot.SignalEvent              = SignalEvent;
  gBoot.InstallProtocolInterface = InstallProtocolInterface;
  gBoot.HandleProtocol           = HandleProtocol;
  gBoot.RegisterProtocolNotify   = RegisterProtocolNotify;
  gBoot.LocateHandle             = LocateHandle;
  gBoot.ExitBootServices         = ExitBootServices;
  gBoot.Stall                    = Stall;
  gBoot.ConnectController        = ConnectController;
  gBoot.DisconnectController     = DisconnectController;
  gBoot.OpenProtocolInformation  = OpenProtocolInformation;
}

VOID
FirmwarePrepare (
  VOID
  )
{
  mHead.Forward        = (EVENT *)(VOID *)&mHead.Forward;
  mHead.Back           = (EVENT *)(VOID *)&mHead.Forward;
  gSystem.BootServices = &gBoot;
  FillBootServices ();
}

EFI_STATUS
FirmwareStart (
  int  Functions
  )
{
  for (mFunctionCount = 0; mFunctionCount < Functions; mFunctionCount++) {
    FillPciIo (&mPciIo[mFunctionCount]);
  }

  gRootBridge.Pci.Read  = RootPciRead;
  gRootBridge.Pci.Write = RootPciWrite;
  gIoMmu.Map            = IoMmuMap;
  gIoMmu.Unmap          = IoMmuUnmap;
  gIoMmu.SetAttribute   = IoMmuSetAttribute;
  gSelf.ImageBase       = mTracerImage;
  gSelf.ImageSize       = sizeof (mTracerImage);
  return DmaTracerEntry (&gSelf, &gSystem);
}

VOID *
DriverMap (
  int    Function,
  UINTN  Host,
  UINTN  Bytes
  )
{
  EFI_PHYSICAL_ADDRESS  Address;
  VOID                  *Mapping;
  EFI_STATUS            Status;

  Mapping                = NULL;
  gBootServicesForbidden = 1;
  Status                 = mPciIo[Function].Map (&mPciIo[Function], EfiPciIoOperationBusMasterCommonBuffer, (VOID *)Host, &Bytes, &Address, &Mapping);
  gBootServicesForbidden = 0;
  CHECK (!gMachine.InterruptsDisabled);
  return EFI_ERROR (Status) ? NULL : Mapping;
}

EFI_STATUS
DriverUnmap (
  int   Function,
  VOID  *Mapping
  )
{
  EFI_STATUS  Status;

  gBootServicesForbidden = 1;
  Status                 = mPciIo[Function].Unmap (&mPciIo[Function], Mapping);
  gBootServicesForbidden = 0;
  CHECK (!gMachine.InterruptsDisabled);
  return Status;
}
