/** @file
  The whole tracer in a simulated firmware: what a driver does is recorded, and no hook calls a boot service, allocates, or leaves
  interrupts changed (firmware.c and machine.c fail if one does).

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "firmware.h"
#include "Config.h"

static EFI_EVENT  mSignalled;

static VOID EFIAPI
OnSignalled (EFI_EVENT Event, VOID *Context)
{
  (VOID)Event;
  CHECK (Context == &mSignalled);
}

static VOID EFIAPI
OnExit (EFI_EVENT Event, VOID *Context)
{
  (VOID)Event;
  DriverUnmap (0, *(VOID **)Context);
  gBoot.SignalEvent (mSignalled);
}

static VOID EFIAPI
OnEarlyExit (EFI_EVENT Event, VOID *Context)
{
  (VOID)Event;
  CHECK (Context == (VOID *)0x77);
}

static VOID
TimerCallback (
  VOID
  )
{
  CHECK (DriverUnmap (1, DriverMap (1, 0x70000, 0x10)) == EFI_SUCCESS);
  gBootServicesForbidden = 1;
}

static VOID
DriversAreRecorded (
  VOID
  )
{
  VOID  *First;
  VOID  *Second;

  MachineForget ();
  First  = DriverMap (0, 0x10000, 0x2000);
  Second = DriverMap (0, 0x20000, 0x10);
  CHECK (First != Second && First != NO_MAPPING);
  CHECK (strstr (MachineRecord ("mid=2"), " ph=boot Map via=PciIo dev=0000:00:00.0 img=?+0x") != NULL);
  CHECK (strstr (MachineRecord ("mid=2"), " op=CommonBuffer host=0x20000 bytes=0x10 daddr=0x20000 st=Success ;\r") != NULL);

  CHECK (DriverUnmap (0, First) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Unmap"), " mid=1 daddr=0x10000 st=Success ;") != NULL);
  CHECK (DriverUnmap (0, First) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Unmap"), " mid=1 op=CommonBuffer host=0x10000 bytes=0x2000 daddr=0x10000 note=already-unmapped") != NULL);
  CHECK (DriverUnmap (0, NO_MAPPING) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Unmap"), " cookie=0xffffffffffffffff note=unknown-map st=Success ;") != NULL);

  gUnmapStatus = EFI_INVALID_PARAMETER;
  CHECK (DriverUnmap (1, Second) == EFI_INVALID_PARAMETER);
  CHECK (strstr (MachineRecord ("Unmap"), " note=other-device st=InvalidParameter ;") != NULL);
  gUnmapStatus = EFI_SUCCESS;
  CHECK (DriverUnmap (0, Second) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Unmap"), " mid=2 daddr=0x20000 st=Success ;") != NULL);

  CHECK (DriverMap (0, 0, 8) == NULL);
  CHECK (strstr (MachineRecord ("Map "), " host=0x0 bytes=0x8 st=InvalidParameter ;") != NULL);
}

static VOID
CallbacksOfTheTimerNest (
  VOID
  )
{
  VOID  *Mapping;

  MachineForget ();
  gInsideMap = TimerCallback;
  Mapping    = DriverMap (0, 0x60000, 0x10);
  CHECK (strstr (MachineOutput (), "host=0x70000") < strstr (MachineOutput (), "host=0x60000"));
  CHECK (DriverUnmap (0, Mapping) == EFI_SUCCESS);
}

static VOID
BuffersAreRecorded (
  VOID
  )
{
  EFI_PCI_IO_PROTOCOL  *PciIo;
  VOID                 *Host;
  VOID                 *Mapping;

  MachineForget ();
  PciIo = FirmwarePciIo (1);
  CHECK (PciIo->AllocateBuffer (PciIo, AllocateAnyPages, EfiBootServicesData, 2, &Host, 0) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Alloc"), " bid=1 pages=0x2 mtype=4 attr=0x0 host=0x800000 st=Success ;") != NULL);
  Mapping = DriverMap (1, (UINTN)Host + 0x1000, 0x1000);
  CHECK (PciIo->FreeBuffer (PciIo, 2, Host) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Free"), " bid=1 host=0x800000 pages=0x2 note=still-mapped mid=") != NULL);
  CHECK (strstr (MachineRecord ("Free"), " count=1 st=Success ;") != NULL);
  CHECK (DriverUnmap (1, Mapping) == EFI_SUCCESS);
}

static VOID
BusMasterIsRecorded (
  VOID
  )
{
  EFI_PCI_IO_PROTOCOL  *PciIo;

  MachineForget ();
  PciIo = FirmwarePciIo (1);
  PciIo->Attributes (PciIo, EfiPciIoAttributeOperationDisable, EFI_PCI_IO_ATTRIBUTE_BUS_MASTER, NULL);
  CHECK (strstr (MachineRecord ("BusMaster"), " dev=0000:00:01.0 ") != NULL);
  CHECK (strstr (MachineRecord ("BusMaster"), " was=0x7 cmd=0x3 bm=off st=Success ;") != NULL);
  CHECK (strstr (MachineRecord ("Attr"), " act=Disable attr=0x400 bm=on st=Success ;") != NULL);
  PciIo->Attributes (PciIo, EfiPciIoAttributeOperationSet, EFI_PCI_IO_ATTRIBUTE_BUS_MASTER, NULL);
  CHECK (MachineCount (" Attr ") == 2 && MachineCount ("act=Set") == 1);
  PciIo->Attributes (PciIo, EfiPciIoAttributeOperationEnable, 0x100, NULL);
  CHECK (MachineCount (" Attr ") == 2 && MachineCount (" BusMaster ") == 2);
}

static VOID
NewDevicesAreHooked (
  VOID
  )
{
  EFI_PCI_IO_PROTOCOL  *PciIo;
  EFI_PCI_IO_PROTOCOL  Copy;
  UINTN                Bytes;
  UINT64               Address;
  VOID                 *Mapping;

  MachineForget ();
  PciIo = FirmwareAddFunction ();
  CHECK (strstr (MachineRecord ("Hook"), " proto=PciIo dev=0000:00:02.0 id=1b36:000d cls=0c0330 owner=") != NULL);
  Bytes = 0x10;
  Copy  = *PciIo;
  CHECK (Copy.Map (&Copy, EfiPciIoOperationBusMasterRead, (VOID *)0x9000, &Bytes, &Address, &Mapping) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Map "), " Map via=PciIo img=") != NULL);
  CHECK (PciIo->Unmap (PciIo, Mapping) == EFI_SUCCESS);
}

static VOID
FullTablesAreReported (
  VOID
  )
{
  VOID  *Mappings[MAX_MAPPINGS];
  VOID  *Beyond;
  int   Index;

  MachineForget ();
  for (Index = 0; Index < MAX_MAPPINGS; Index++) {
    Mappings[Index] = DriverMap (0, 0x100000 + (UINTN)Index * 0x100, 0x100);
  }

  CHECK (MachineCount (" Full ") == 0);
  Beyond = DriverMap (0, 0x200000, 0x100);
  CHECK (Beyond == NO_MAPPING);
  CHECK (strstr (MachineRecord ("Full"), " Full table=maps slots=16 ;") != NULL);
  CHECK (strstr (MachineRecord ("host=0x200000"), " mid=") == NULL);
  CHECK (DriverMap (0, 0x200000, 0x100) == NO_MAPPING && MachineCount (" Full ") == 1);
  for (Index = 0; Index < MAX_MAPPINGS; Index++) {
    CHECK (DriverUnmap (0, Mappings[Index]) == EFI_SUCCESS);
  }

  FirmwareAddFunction ();
  FirmwareAddFunction ();
  FirmwareAddFunction ();
  CHECK (MachineCount ("Full table=devices slots=6") == 1);
}

static VOID
HandoffIsRecorded (
  VOID
  )
{
  static VOID  *Unmapped;
  EFI_EVENT    Event;
  VOID         *Kept;

  MachineForget ();
  Kept     = DriverMap (1, 0x40000, 0x100);
  Unmapped = DriverMap (0, 0x50000, 0x100);
  CHECK (Kept != NULL);
  gBoot.CreateEvent (EVT_NOTIFY_SIGNAL, TPL_CALLBACK, OnSignalled, &mSignalled, &mSignalled);
  gBoot.CreateEvent (EVT_SIGNAL_EXIT_BOOT_SERVICES, TPL_NOTIFY, OnExit, &Unmapped, &Event);
  CHECK (strstr (MachineRecord ("EvCreate"), " group=ExitBootServices tpl=16 fn=?+0x") != NULL);
  CHECK (MachineCount ("EvCreate") == 1);
  gBoot.CreateEventEx (EVT_NOTIFY_SIGNAL, TPL_CALLBACK, OnEarlyExit, NULL, &gEfiEventExitBootServicesGuid, &Event);
  gBoot.CloseEvent (Event);
  CHECK (MachineCount ("EvClose") == 1);

  gExitStatus = EFI_INVALID_PARAMETER;
  CHECK (gBoot.ExitBootServices (NULL, 0x12) == EFI_INVALID_PARAMETER);
  CHECK (strstr (MachineRecord ("EbsExit"), " ph=ebs EbsExit attempt=1 key=0x12 live=2 st=InvalidParameter ;") != NULL);
  CHECK (MachineCount ("when=handoff") == 0 && MachineCount ("CbBegin") == 0);

  // After the failure the boot goes on, and what is mapped now is mapped by no callback.
  CHECK (DriverUnmap (1, DriverMap (1, 0x90000, 0x10)) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("host=0x90000"), " ph=boot Map ") != NULL);

  gExitStatus            = EFI_SUCCESS;
  gBootServicesForbidden = 1;
  CHECK (gBoot.ExitBootServices (NULL, 0x13) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("EbsEnter"), " EbsEnter attempt=2 key=0x13 ") != NULL);
  CHECK (MachineCount ("CbBegin") == 3 && MachineCount ("CbEnd") == 3);
  CHECK (strstr (MachineRecord ("CbBegin group=Signalled"), " tpl=8 ") != NULL);
  CHECK (strstr (MachineRecord ("Unmap"), " cb=? call=") != NULL);
  CHECK (strstr (MachineRecord ("before=2 live=1"), " CbEnd group=ExitBootServices tpl=16 ") != NULL);
  CHECK (MachineCount (" Marker ") == 2);
  CHECK (MachineCount ("Live when=handoff") == 1);
  CHECK (strstr (MachineRecord ("Live"), " ph=os Live when=handoff dev=0000:00:01.0 mid=") != NULL);
  CHECK (strstr (MachineRecord ("DevState when=handoff dev=0000:00:01.0"), " cmd=0x7 bm=on live=1 bytes=0x100 ;") != NULL);
  gBootServicesForbidden = 0;
  CHECK (DriverMap (0, 0xA0000, 0x10) != NULL);
  CHECK (strstr (MachineRecord ("host=0xa0000"), " cb=") == NULL);
  CHECK (strstr (MachineRecord ("Stats when=handoff"), " live=1 peak=16 bufs=0 foreign=1 stale=1 lost=3 ") != NULL);
}

int
main (
  void
  )
{
  EFI_EVENT  Event;

  FirmwarePrepare ();
  gBoot.CreateEventEx (EVT_NOTIFY_SIGNAL, TPL_NOTIFY, OnEarlyExit, (VOID *)0x77, &gEfiEventExitBootServicesGuid, &Event);
  CHECK (FirmwareStart (0) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("EvFound"), " EvFound group=ExitBootServices tpl=16 fn=?+0x") != NULL);
  CHECK (strstr (MachineRecord ("EvScan"), " layout=ok seen=3 wrapped=1 ;") != NULL);
  CHECK (DmaTracerEntry (&gSelf, &gSystem) == EFI_ALREADY_STARTED);
  CHECK (strncmp (MachineOutput (), "DMATRACE v2 #1 t=", 17) == 0);
  CHECK (strstr (MachineRecord ("Hello"), " ph=boot Hello version=2.0 out=debugcon port=0x402 ") != NULL);
  CHECK (strstr (MachineRecord ("src=self"), " Image name=DmaTracerDxe ") != NULL);
  CHECK (strstr (MachineRecord ("RootBridgeIo"), " Hook proto=RootBridgeIo dev=rb0 owner=") != NULL);
  FirmwareAddFunction ();
  FirmwareAddFunction ();

  DriversAreRecorded ();
  CallbacksOfTheTimerNest ();
  BuffersAreRecorded ();
  BusMasterIsRecorded ();
  NewDevicesAreHooked ();
  FullTablesAreReported ();
  HandoffIsRecorded ();
  puts ("ok tracer");
  return 0;
}
