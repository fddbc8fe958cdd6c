/** @file
  With an IOMMU: its calls belong to those of PciIo. And a driver that was bound before is named and restarted.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "firmware.h"

extern volatile struct { UINT8 Signature[8]; UINT32 Flags; UINT32 Reserved; } gTracerOptions;

static VOID EFIAPI
OnExit (EFI_EVENT Event, VOID *Context)
{
  (VOID)Event;
  CHECK (Context == (VOID *)0x55);
}

int
main (
  void
  )
{
  VOID       *Mapping;
  EFI_EVENT  Event;

  gHasIoMmu            = 1;
  gBoundDevice         = 1;
  gTracerOptions.Flags = 1;
  gPrivateLayout       = 0x1234;
  FirmwarePrepare ();
  CHECK (FirmwareStart (2) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Hello"), " rebind=1 ") != NULL);
  CHECK (strstr (MachineRecord ("IoMmu"), " Hook proto=IoMmu owner=") != NULL);
  CHECK (strstr (MachineRecord ("Bound"), " Bound dev=0000:00:01.0 id=1b36:000d cls=0c0330 drv=DmaTracerDxe ;") != NULL);
  CHECK (strstr (MachineRecord ("Rebind"), " Rebind dev=0000:00:01.0 stop=Success start=Success ;") != NULL);
  CHECK (gRestarts == 1);

  // A core with other events: they are left alone, and those that come are recorded.
  CHECK (strstr (MachineRecord ("EvScan"), " layout=unknown seen=0 wrapped=0 ;") != NULL);
  gBoot.CreateEvent (EVT_SIGNAL_EXIT_BOOT_SERVICES, TPL_NOTIFY, OnExit, (VOID *)0x55, &Event);

  MachineForget ();
  Mapping = DriverMap (0, 0x3000, 0x20);
  CHECK (strstr (MachineRecord ("Map via=IoMmu"), " Map via=IoMmu dev=0000:00:00.0 call=1 op=CommonBuffer host=0x3000 bytes=0x20 daddr=0x103000 cookie=0x5010 st=Success ;") != NULL);
  CHECK (strstr (MachineRecord ("SetAttr"), " SetAttr via=IoMmu dev=0000:00:00.0 call=1 access=0x1 cookie=0x5010 st=Success ;") != NULL);
  CHECK (strstr (MachineRecord ("Map via=PciIo"), " call=1 mid=1 op=CommonBuffer host=0x3000 bytes=0x20 daddr=0x103000 cookie=0x5010 st=Success ;") != NULL);
  CHECK ((UINTN)Mapping != 0x5010);

  // The protocol below understands the handles that the one above gave.
  CHECK (gIoMmu.SetAttribute (&gIoMmu, FirmwarePciIo (0), Mapping, 0) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("SetAttr"), " SetAttr via=IoMmu dev=0000:00:00.0 img=?+0x") != NULL);
  CHECK (DriverUnmap (0, Mapping) == EFI_SUCCESS);
  CHECK (strstr (MachineRecord ("Unmap via=IoMmu"), " Unmap via=IoMmu dev=0000:00:00.0 call=2 cookie=0x5010 st=Success ;") != NULL);
  CHECK (strstr (MachineRecord ("Unmap via=PciIo"), " mid=1 daddr=0x103000 cookie=0x5010 st=Success ;") != NULL);

  gBootServicesForbidden = 1;
  CHECK (gBoot.ExitBootServices (NULL, 1) == EFI_SUCCESS);
  CHECK (MachineCount ("CbBegin") == 1 && MachineCount ("CbEnd") == 1);
  puts ("ok iommu");
  return 0;
}
