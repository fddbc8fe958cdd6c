/** @file
  The protocol instances whose calls are recorded.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Device.h"
#include "Config.h"
#include "Record.h"

STATIC DEVICE  mDevices[MAX_DEVICES];
STATIC UINT32  mDeviceCount;
STATIC UINT32  mRootBridgeCount;
STATIC DEVICE  mStrangers[KindCount];

DEVICE *
DeviceNew (
  IN PROTOCOL_KIND  Kind,
  IN VOID           *Protocol
  )
{
  UINT32  Index;
  DEVICE  *Device;

  for (Index = 0; Index < mDeviceCount; Index++) {
    if (mDevices[Index].Protocol == Protocol) {
      mDevices[Index].Protocol = NULL;
    }
  }

  if (mDeviceCount == MAX_DEVICES) {
    RecordLost (TableDevices);
    return NULL;
  }

  Device           = &mDevices[mDeviceCount++];
  Device->Kind     = Kind;
  Device->Protocol = Protocol;
  if (Kind == KindRootBridgeIo) {
    Device->RootBridge = mRootBridgeCount++;
  }

  return Device;
}

DEVICE *
DeviceOf (
  IN PROTOCOL_KIND  Kind,
  IN CONST VOID     *Protocol
  )
{
  UINT32  Index;
  DEVICE  *First;

  First = NULL;
  for (Index = 0; Index < mDeviceCount; Index++) {
    if (mDevices[Index].Kind != Kind) {
      continue;
    }

    if (mDevices[Index].Protocol == Protocol) {
      return &mDevices[Index];
    }

    First = First == NULL ? &mDevices[Index] : First;
  }

  if (First != NULL && mStrangers[Kind].Owner == 0) {
    mStrangers[Kind].Kind     = Kind;
    mStrangers[Kind].Owner    = First->Owner;
    mStrangers[Kind].Segment  = First->Segment;
    mStrangers[Kind].Original = First->Original;
  }

  return &mStrangers[Kind];
}

DEVICE *
DeviceOfHandle (
  IN EFI_HANDLE  Handle
  )
{
  UINT32  Index;

  for (Index = 0; Index < mDeviceCount; Index++) {
    if (mDevices[Index].Kind == KindPciIo && mDevices[Index].Protocol != NULL && mDevices[Index].Handle == Handle) {
      return &mDevices[Index];
    }
  }

  return NULL;
}

UINT32
DeviceCount (
  VOID
  )
{
  return mDeviceCount;
}

DEVICE *
DeviceAt (
  IN UINT32  Index
  )
{
  return &mDevices[Index];
}

BOOLEAN
DeviceIsSame (
  IN CONST DEVICE  *First,
  IN CONST DEVICE  *Second
  )
{
  return First->Kind == KindPciIo && Second->Kind == KindPciIo && First->Segment == Second->Segment &&
         First->Bus == Second->Bus && First->Device == Second->Device && First->Function == Second->Function;
}

CONST CHAR8 *
KindName (
  IN PROTOCOL_KIND  Kind
  )
{
  switch (Kind) {
    case KindPciIo:        return "PciIo";
    case KindRootBridgeIo: return "RootBridgeIo";
    default:               return "IoMmu";
  }
}

VOID
LineLocation (
  IN OUT LINE    *Line,
  IN     UINT32  Segment,
  IN     UINT8   Bus,
  IN     UINT8   Device,
  IN     UINT8   Function
  )
{
  LineKey (Line, "dev");
  LineHexDigits (Line, Segment, 4);
  LineText (Line, ":");
  LineHexDigits (Line, Bus, 2);
  LineText (Line, ":");
  LineHexDigits (Line, Device, 2);
  LineText (Line, ".");
  LineHexDigits (Line, Function, 1);
}

VOID
LineDevice (
  IN OUT LINE          *Line,
  IN     CONST DEVICE  *Device
  )
{
  if (Device->Protocol == NULL && Device->Handle == NULL) {
    return;
  }

  if (Device->Kind == KindPciIo) {
    LineLocation (Line, Device->Segment, Device->Bus, Device->Device, Device->Function);
  } else if (Device->Kind == KindRootBridgeIo) {
    LineKey (Line, "dev");
    LineText (Line, "rb");
    LineDecDigits (Line, Device->RootBridge);
  }
}

VOID
LineDeviceIds (
  IN OUT LINE          *Line,
  IN     CONST DEVICE  *Device
  )
{
  if (Device->Kind != KindPciIo) {
    return;
  }

  LineKey (Line, "id");
  LineHexDigits (Line, Device->VendorId, 4);
  LineText (Line, ":");
  LineHexDigits (Line, Device->DeviceId, 4);
  LineKey (Line, "cls");
  LineHexDigits (Line, Device->ClassCode, 6);
}
