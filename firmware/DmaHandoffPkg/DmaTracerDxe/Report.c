/** @file
  Snapshots: devices, live mappings and counts. At hand-off it runs when boot services are gone, so it uses nothing but its own tables and
  the ports of the PCI host bridge.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include <Uefi.h>
#include "Report.h"
#include "Buffer.h"
#include "Dma.h"
#include "ImageTable.h"
#include "Mapping.h"
#include "Record.h"
#include <X64/TracerCpu.h>

#define PCI_COMMAND         4
#define PCI_COMMAND_MASTER  0x0004
#define PCI_NO_DEVICE       0xFFFFFFFFU

STATIC CONST CHAR8 *
WhenName (
  IN REPORT_WHEN  When
  )
{
  switch (When) {
    case ReportLoaded:   return "loaded";
    case ReportEbsEnter: return "ebs-enter";
    default:             return "handoff";
  }
}

/** Whether an entry is the last one of its PCI function: the function may have been enumerated more than once. **/
STATIC BOOLEAN
IsLatest (
  IN UINT32  Index
  )
{
  UINT32  Later;

  for (Later = Index + 1; Later < DeviceCount (); Later++) {
    if (DeviceIsSame (DeviceAt (Index), DeviceAt (Later))) {
      return FALSE;
    }
  }

  return TRUE;
}

STATIC VOID
ReportDevice (
  IN REPORT_WHEN   When,
  IN CONST DEVICE  *Device
  )
{
  CONST MAPPING  *Mapping;
  UINT32         Slot;
  UINT64         Live;
  UINT64         Bytes;
  UINT32         Command;
  LINE           Line;

  Command = CpuReadPciConfig32 (Device->Bus, Device->Device, Device->Function, PCI_COMMAND);
  if (Command == PCI_NO_DEVICE) {
    return;
  }

  Live  = 0;
  Bytes = 0;
  Slot  = 0;
  while ((Mapping = MappingNext (&Slot)) != NULL) {
    if (DeviceIsSame (Mapping->Device, Device)) {
      Live++;
      Bytes += Mapping->Bytes;
    }
  }

  LineBegin (&Line, "DevState");
  LineWord (&Line, "when", WhenName (When));
  LineDevice (&Line, Device);
  LineDeviceIds (&Line, Device);
  LineHex (&Line, "cmd", Command & 0xFFFF);
  LineWord (&Line, "bm", (Command & PCI_COMMAND_MASTER) != 0 ? "on" : "off");
  LineDec (&Line, "live", Live);
  LineHex (&Line, "bytes", Bytes);
  RecordWrite (&Line);
}

STATIC VOID
ReportLive (
  IN REPORT_WHEN  When
  )
{
  CONST MAPPING  *Mapping;
  UINT32         Slot;
  LINE           Line;

  Slot = 0;
  while ((Mapping = MappingNext (&Slot)) != NULL) {
    LineBegin (&Line, "Live");
    LineWord (&Line, "when", WhenName (When));
    LineDevice (&Line, Mapping->Device);
    LineDec (&Line, "mid", Mapping->Number);
    LineImageOffset (&Line, "img", Mapping->ReturnAddress);
    LineMapping (&Line, Mapping);
    LineHex (&Line, "daddr", Mapping->DeviceAddress);
    LineCookie (&Line, Mapping->Cookie);
    RecordWrite (&Line);
  }
}

STATIC VOID
ReportStats (
  IN REPORT_WHEN  When
  )
{
  LINE  Line;

  LineBegin (&Line, "Stats");
  LineWord (&Line, "when", WhenName (When));
  LineDec (&Line, "maps", DmaCounts ()->Maps);
  LineDec (&Line, "unmaps", DmaCounts ()->Unmaps);
  LineDec (&Line, "mapped", MappingCounts ()->Mapped);
  LineDec (&Line, "unmapped", MappingCounts ()->Unmapped);
  LineDec (&Line, "live", MappingCounts ()->Live);
  LineDec (&Line, "peak", MappingCounts ()->Peak);
  LineDec (&Line, "bufs", BufferLiveCount ());
  LineDec (&Line, "foreign", DmaCounts ()->Foreign);
  LineDec (&Line, "stale", DmaCounts ()->Stale);
  LineDec (&Line, "lost", RecordLostCount ());
  LineDec (&Line, "images", ImageCount ());
  LineDec (&Line, "devices", DeviceCount ());
  RecordWrite (&Line);
}

VOID
ReportState (
  IN REPORT_WHEN  When
  )
{
  UINT32        Index;
  CONST DEVICE  *Device;

  for (Index = 0; Index < DeviceCount (); Index++) {
    Device = DeviceAt (Index);
    if (Device->Kind == KindPciIo && Device->Segment == 0 && IsLatest (Index)) {
      ReportDevice (When, Device);
    }
  }

  if (When == ReportHandoff) {
    ReportLive (When);
  }

  ReportStats (When);
}
