/** @file
  The hooks in the table of boot services: events of ExitBootServices, and ExitBootServices itself.

  The table is not a protocol, but UEFI expects that it may be changed: it has a checksum for this (4.2), which is computed anew.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "BootServiceHooks.h"
#include "Callback.h"
#include "Mapping.h"
#include "Record.h"
#include "Report.h"
#include <X64/TracerCpu.h>

STATIC EFI_CREATE_EVENT        mCreateEvent;
STATIC EFI_CREATE_EVENT_EX     mCreateEventEx;
STATIC EFI_CLOSE_EVENT         mCloseEvent;
STATIC EFI_SIGNAL_EVENT        mSignalEvent;
STATIC EFI_EXIT_BOOT_SERVICES  mExitBootServices;
STATIC UINT64                  mAttempts;

/** Finishes what the two functions that create events began. **/
STATIC VOID
CallbackCreated (
  IN OUT CALLBACK    *Callback,
  IN     EFI_STATUS  Status,
  IN     EFI_EVENT   *Event,
  IN     UINTN       ReturnAddress
  )
{
  if (EFI_ERROR (Status)) {
    Callback->IsUsed = FALSE;
    return;
  }

  Callback->Event = *Event;
  CallbackRecord ("EvCreate", Callback, ReturnAddress);
}

STATIC EFI_STATUS EFIAPI
HookCreateEvent (
  IN  UINT32            Type,
  IN  EFI_TPL           NotifyTpl,
  IN  EFI_EVENT_NOTIFY  NotifyFunction,
  IN  VOID              *NotifyContext,
  OUT EFI_EVENT         *Event
  )
{
  EFI_STATUS  Status;
  CALLBACK    *Callback;

  Callback = NULL;
  if (Type == EVT_SIGNAL_EXIT_BOOT_SERVICES && NotifyFunction != NULL) {
    Callback = CallbackNew (GroupExitBootServices, NotifyTpl, NotifyFunction, NotifyContext);
  }

  if (Callback == NULL) {
    return mCreateEvent (Type, NotifyTpl, NotifyFunction, NotifyContext, Event);
  }

  Status = mCreateEvent (Type, NotifyTpl, CallbackRun, Callback, Event);
  CallbackCreated (Callback, Status, Event, CALLER_ADDRESS ());
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookCreateEventEx (
  IN  UINT32            Type,
  IN  EFI_TPL           NotifyTpl,
  IN  EFI_EVENT_NOTIFY  NotifyFunction OPTIONAL,
  IN  CONST VOID        *NotifyContext OPTIONAL,
  IN  CONST EFI_GUID    *EventGroup OPTIONAL,
  OUT EFI_EVENT         *Event
  )
{
  EFI_STATUS      Status;
  CALLBACK_GROUP  Group;
  CALLBACK        *Callback;

  if (EventGroup != NULL) {
    Group = CallbackGroupOf (EventGroup);
  } else {
    Group = Type == EVT_SIGNAL_EXIT_BOOT_SERVICES ? GroupExitBootServices : GroupNone;
  }

  Callback = NULL;
  if (Group != GroupNone && NotifyFunction != NULL && (Type & EVT_NOTIFY_SIGNAL) != 0) {
    Callback = CallbackNew (Group, NotifyTpl, NotifyFunction, (VOID *)(UINTN)NotifyContext);
  }

  if (Callback == NULL) {
    return mCreateEventEx (Type, NotifyTpl, NotifyFunction, NotifyContext, EventGroup, Event);
  }

  Status = mCreateEventEx (Type, NotifyTpl, CallbackRun, Callback, EventGroup, Event);
  CallbackCreated (Callback, Status, Event, CALLER_ADDRESS ());
  return Status;
}

STATIC EFI_STATUS EFIAPI
HookCloseEvent (
  IN EFI_EVENT  Event
  )
{
  EFI_STATUS  Status;
  CALLBACK    *Callback;

  Callback = CallbackOf (Event);
  Status   = mCloseEvent (Event);
  if (!EFI_ERROR (Status) && Callback != NULL) {
    CallbackRecord ("EvClose", Callback, CALLER_ADDRESS ());
    Callback->IsUsed = FALSE;
  }

  return Status;
}

STATIC EFI_STATUS EFIAPI
HookSignalEvent (
  IN EFI_EVENT  Event
  )
{
  if (RecordPhase () == PhaseExitBootServices) {
    CallbackWrapSignalled (Event, CALLER_ADDRESS ());
  }

  return mSignalEvent (Event);
}

STATIC EFI_STATUS EFIAPI
HookExitBootServices (
  IN EFI_HANDLE  ImageHandle,
  IN UINTN       MapKey
  )
{
  EFI_STATUS  Status;
  CALLER      Caller;
  LINE        Line;

  Caller.ReturnAddress = CALLER_ADDRESS ();
  Caller.Stack         = NULL;
  ReportState (ReportEbsEnter);
  RecordSetPhase (PhaseExitBootServices);
  LineBegin (&Line, "EbsEnter");
  LineDec (&Line, "attempt", ++mAttempts);
  LineHex (&Line, "key", MapKey);
  LineCaller (&Line, Caller);
  LineDec (&Line, "live", MappingCounts ()->Live);
  RecordWrite (&Line);

  Status = mExitBootServices (ImageHandle, MapKey);

  //
  // Boot services are gone from here on, but the memory of the tracer is still as it was: the boot loader has not yet got its
  // answer, so nobody can have used it again.
  //
  LineBegin (&Line, "EbsExit");
  LineDec (&Line, "attempt", mAttempts);
  LineHex (&Line, "key", MapKey);
  LineDec (&Line, "live", MappingCounts ()->Live);
  LineStatus (&Line, "st", Status);
  RecordWrite (&Line);

  if (EFI_ERROR (Status)) {
    RecordSetPhase (PhaseBoot);
  } else {
    RecordSetPhase (PhaseOs);
    ReportState (ReportHandoff);
  }

  return Status;
}

/** The CRC-32 of UEFI 2.10, 4.2. The service for it must not be called with interrupts disabled. **/
STATIC UINT32
Crc32 (
  IN CONST UINT8  *Bytes,
  IN UINT32       Length
  )
{
  UINT32  Crc;
  UINT32  Bit;

  Crc = 0xFFFFFFFFU;
  while (Length-- > 0) {
    Crc ^= *Bytes++;
    for (Bit = 0; Bit < 8; Bit++) {
      Crc = (Crc >> 1) ^ ((Crc & 1) != 0 ? 0xEDB88320U : 0);
    }
  }

  return ~Crc;
}

VOID
BootServicesHook (
  IN OUT EFI_BOOT_SERVICES  *BootServices
  )
{
  UINTN  Flags;

  Flags                          = CpuDisableInterrupts ();
  mCreateEvent                   = BootServices->CreateEvent;
  mCreateEventEx                 = BootServices->CreateEventEx;
  mCloseEvent                    = BootServices->CloseEvent;
  mSignalEvent                   = BootServices->SignalEvent;
  mExitBootServices              = BootServices->ExitBootServices;
  BootServices->CreateEvent      = HookCreateEvent;
  BootServices->CreateEventEx    = HookCreateEventEx;
  BootServices->CloseEvent       = HookCloseEvent;
  BootServices->SignalEvent      = HookSignalEvent;
  BootServices->ExitBootServices = HookExitBootServices;
  BootServices->Hdr.CRC32        = 0;
  BootServices->Hdr.CRC32        = Crc32 ((CONST UINT8 *)BootServices, BootServices->Hdr.HeaderSize);
  CpuRestoreInterrupts (Flags);
}
