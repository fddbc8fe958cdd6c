/** @file
  The entry point: what is done in which order when the tracer is loaded.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include <Uefi.h>
#include "Attach.h"
#include "BootServiceHooks.h"
#include "CallStack.h"
#include "Callback.h"
#include "Config.h"
#include "Device.h"
#include "ImageTable.h"
#include "Output.h"
#include "Record.h"
#include "Report.h"
#include <Protocol/LoadedImage.h>
#include <X64/TracerCpu.h>

#define CALIBRATION_MICROSECONDS  2000

//
// volatile, so that the compiler looks into the image that is loaded instead of using the value it wrote.
//
__attribute__ ((used)) volatile TRACER_OPTIONS  gTracerOptions = {
  { 'D', 'M', 'A', 'T', 'R', 'O', 'P', 'T' }, 0, 0
};

/** Installed by the first copy, so that a second one does not record every call twice. **/
STATIC EFI_GUID  mTracerProtocolGuid = {
  0x6f5bd1f1, 0x55a1, 0x4d77, { 0xa3, 0x36, 0x0e, 0x60, 0x2e, 0x19, 0x8d, 0x2c }
};

EFI_STATUS EFIAPI
DmaTracerEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  );

/** Returns FALSE if another copy is loaded. **/
STATIC BOOLEAN
IsFirstCopy (
  IN EFI_BOOT_SERVICES  *BootServices,
  IN EFI_HANDLE         ImageHandle
  )
{
  UINTN       Size;
  EFI_HANDLE  Other;

  Size = sizeof (Other);
  if (BootServices->LocateHandle (ByProtocol, &mTracerProtocolGuid, NULL, &Size, &Other) != EFI_NOT_FOUND) {
    return FALSE;
  }

  BootServices->InstallProtocolInterface (&ImageHandle, &mTracerProtocolGuid, EFI_NATIVE_INTERFACE, NULL);
  return TRUE;
}

/** Looks for "rebind" in the load options: those of Driver#### are UCS-2 text (UEFI 2.10, 3.1.3). **/
STATIC BOOLEAN
LoadOptionsSayRebind (
  IN CONST EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage
  )
{
  CONST CHAR16  *Text;
  CONST CHAR8   *Word;
  UINT32        Count;
  UINT32        Start;
  UINT32        Index;

  Text  = LoadedImage->LoadOptions;
  Word  = "rebind";
  Count = Text == NULL ? 0 : LoadedImage->LoadOptionsSize / (UINT32)sizeof (CHAR16);
  for (Start = 0; Start < Count; Start++) {
    for (Index = 0; Word[Index] != '\0' && Start + Index < Count && Text[Start + Index] == (CHAR16)Word[Index]; Index++) {
    }

    if (Word[Index] == '\0') {
      return TRUE;
    }
  }

  return FALSE;
}

STATIC VOID
CalibrateClock (
  IN  EFI_BOOT_SERVICES  *BootServices,
  OUT UINT64             *TicksPerMicrosecond
  )
{
  UINT64  Start;

  Start = CpuReadTimer ();
  BootServices->Stall (CALIBRATION_MICROSECONDS);
  *TicksPerMicrosecond = (CpuReadTimer () - Start) / CALIBRATION_MICROSECONDS;
  RecordSetClock (Start, *TicksPerMicrosecond);
}

STATIC VOID
RecordHello (
  IN CONST EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage,
  IN UINT64                           TicksPerMicrosecond,
  IN BOOLEAN                          Rebind
  )
{
  LINE  Line;

  LineBegin (&Line, "Hello");
  LineWord (&Line, "version", TRACER_VERSION);
  LineWord (&Line, "out", OutputName ());
  LineHex (&Line, "port", OutputPort ());
  LineDec (&Line, "tsc_per_us", TicksPerMicrosecond);
  LineDec (&Line, "rebind", Rebind ? 1 : 0);
  LineHex (&Line, "base", (UINTN)LoadedImage->ImageBase);
  LineHex (&Line, "size", LoadedImage->ImageSize);
  RecordWrite (&Line);
}

STATIC VOID
RecordReady (
  VOID
  )
{
  LINE  Line;

  LineBegin (&Line, "Ready");
  LineDec (&Line, "images", ImageCount ());
  LineDec (&Line, "devices", DeviceCount ());
  RecordWrite (&Line);
}

STATIC VOID
SayNoOutput (
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  STATIC CHAR16  Message[] = {
    'D', 'm', 'a', 'T', 'r', 'a', 'c', 'e', 'r', ':', ' ', 'n', 'o', ' ', 'd', 'e', 'b', 'u', 'g', 'c', 'o', 'n', ',', ' ',
    'n', 'o', ' ', 'C', 'O', 'M', '1', ':', ' ', 'n', 'o', 't', 'h', 'i', 'n', 'g', ' ', 'i', 's', ' ', 't', 'r', 'a', 'c',
    'e', 'd', '\r', '\n', 0
  };

  if (SystemTable->ConOut != NULL) {
    SystemTable->ConOut->OutputString (SystemTable->ConOut, Message);
  }
}

EFI_STATUS EFIAPI
DmaTracerEntry (
  IN EFI_HANDLE        ImageHandle,
  IN EFI_SYSTEM_TABLE  *SystemTable
  )
{
  EFI_BOOT_SERVICES          *BootServices;
  EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage;
  VOID                       *Interface;
  UINT64                     TicksPerMicrosecond;
  BOOLEAN                    Rebind;

  BootServices = SystemTable->BootServices;
  Interface    = NULL;
  if (EFI_ERROR (BootServices->HandleProtocol (ImageHandle, &gEfiLoadedImageProtocolGuid, &Interface))) {
    return EFI_UNSUPPORTED;
  }

  if (!OutputFind ()) {
    SayNoOutput (SystemTable);
    return EFI_UNSUPPORTED;
  }

  if (!IsFirstCopy (BootServices, ImageHandle)) {
    return EFI_ALREADY_STARTED;
  }

  LoadedImage = Interface;
  ImageSetSelf ((UINTN)LoadedImage->ImageBase, LoadedImage->ImageSize);
  Rebind = (gTracerOptions.Flags & OPTION_REBIND) != 0 || LoadOptionsSayRebind (LoadedImage);
  CalibrateClock (BootServices, &TicksPerMicrosecond);
  RecordHello (LoadedImage, TicksPerMicrosecond, Rebind);
  CallStackFind (SystemTable);

  //
  // First the names, then the calls, then the events: each record can then name what it speaks of. The table of boot services comes
  // last, so that events of ours are not recorded.
  //
  AttachAll (BootServices);
  CallbackWrapExisting (BootServices);
  BootServicesHook (BootServices);
  RecordReady ();
  ReportState (ReportLoaded);
  ReportBound (BootServices, Rebind);
  return EFI_SUCCESS;
}
