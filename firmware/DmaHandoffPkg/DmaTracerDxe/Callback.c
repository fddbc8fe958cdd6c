/** @file
  Records when callbacks of ExitBootServices begin and end: the event gets CallbackRun as its function, which calls the real one.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Callback.h"
#include "Config.h"
#include "CoreEvent.h"
#include "ImageTable.h"
#include "Mapping.h"
#include "Record.h"
#include "Text.h"
#include <Guid/EventGroup.h>
#include <X64/TracerCpu.h>

//
// More events than this are no list but a loop.
//
#define MAX_EVENTS  4096

typedef enum { MarkerBefore, MarkerNotify, MarkerCallback } MARKER;

STATIC CALLBACK  mCallbacks[MAX_CALLBACKS];
STATIC BOOLEAN   mLayoutIsKnown;

CALLBACK_GROUP
CallbackGroupOf (
  IN CONST EFI_GUID  *Group
  )
{
  if (GuidEqual (Group, &gEfiEventExitBootServicesGuid)) {
    return GroupExitBootServices;
  }

  return GuidEqual (Group, &gEfiEventBeforeExitBootServicesGuid) ? GroupBeforeExitBootServices : GroupNone;
}

STATIC CONST CHAR8 *
GroupName (
  IN CALLBACK_GROUP  Group
  )
{
  switch (Group) {
    case GroupExitBootServices:       return "ExitBootServices";
    case GroupBeforeExitBootServices: return "BeforeExitBootServices";
    default:                          return "Signalled";
  }
}

CALLBACK *
CallbackNew (
  IN CALLBACK_GROUP    Group,
  IN EFI_TPL           Tpl,
  IN EFI_EVENT_NOTIFY  Function,
  IN VOID              *Context
  )
{
  CALLBACK  *Callback;
  UINT32    Index;
  UINTN     Flags;

  Callback = NULL;
  Flags    = CpuDisableInterrupts ();
  for (Index = 0; Index < MAX_CALLBACKS && Callback == NULL; Index++) {
    if (!mCallbacks[Index].IsUsed) {
      Callback           = &mCallbacks[Index];
      Callback->IsUsed   = TRUE;
      Callback->Group    = Group;
      Callback->Tpl      = Tpl;
      Callback->Function = Function;
      Callback->Context  = Context;
      Callback->Event    = NULL;
    }
  }

  CpuRestoreInterrupts (Flags);
  if (Callback == NULL) {
    RecordLost (TableCallbacks);
  }

  return Callback;
}

CALLBACK *
CallbackOf (
  IN EFI_EVENT  Event
  )
{
  UINT32  Index;

  for (Index = 0; Index < MAX_CALLBACKS; Index++) {
    if (mCallbacks[Index].IsUsed && mCallbacks[Index].Event == Event) {
      return &mCallbacks[Index];
    }
  }

  return NULL;
}

STATIC VOID
LineBeginCallback (
  OUT LINE            *Line,
  IN  CONST CHAR8     *What,
  IN  CONST CALLBACK  *Callback
  )
{
  LineBegin (Line, What);
  LineWord (Line, "group", GroupName (Callback->Group));
  LineDec (Line, "tpl", Callback->Tpl);
  LineImageOffset (Line, "fn", (UINTN)Callback->Function);
  LineDec (Line, "cbid", (UINT64)(Callback - mCallbacks));
}

VOID
CallbackRecord (
  IN CONST CHAR8     *What,
  IN CONST CALLBACK  *Callback,
  IN UINTN           ReturnAddress
  )
{
  CALLER  Caller;
  LINE    Line;

  LineBeginCallback (&Line, What, Callback);
  if (ReturnAddress != 0) {
    Caller.ReturnAddress = ReturnAddress;
    Caller.Stack         = NULL;
    LineCaller (&Line, Caller);
  }

  RecordWrite (&Line);
}

VOID EFIAPI
CallbackRun (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  )
{
  CALLBACK  Callback;
  UINT64    Before;
  UINT64    Start;
  UINT64    Ticks;
  UINT64    Saved;
  LINE      Line;

  //
  // The callback may close its event, and the slot may be used again before it returns.
  //
  Callback = *(CALLBACK *)Context;
  Before   = MappingCounts ()->Live;
  LineBeginCallback (&Line, "CbBegin", Context);
  LineDec (&Line, "live", Before);
  RecordWrite (&Line);

  Saved = CallSetCallback ((UINTN)Callback.Function);
  Start = CpuReadTimer ();
  Callback.Function (Event, Callback.Context);
  Ticks = CpuReadTimer () - Start;
  CallSetCallback (Saved);

  LineBegin (&Line, "CbEnd");
  LineWord (&Line, "group", GroupName (Callback.Group));
  LineDec (&Line, "tpl", Callback.Tpl);
  LineImageOffset (&Line, "fn", (UINTN)Callback.Function);
  LineDec (&Line, "cbid", (UINT64)((CALLBACK *)Context - mCallbacks));
  LineDec (&Line, "us", RecordMicroseconds (Ticks));
  LineDec (&Line, "before", Before);
  LineDec (&Line, "live", MappingCounts ()->Live);
  RecordWrite (&Line);
}

/** Puts CallbackRun into an event. Returns FALSE if the table is full. **/
STATIC BOOLEAN
Wrap (
  IN OUT CORE_EVENT      *Event,
  IN     CALLBACK_GROUP  Group,
  IN     CONST CHAR8     *What,
  IN     UINTN           ReturnAddress
  )
{
  CALLBACK  *Callback;
  UINTN     Flags;

  Callback = CallbackNew (Group, Event->NotifyTpl, Event->NotifyFunction, Event->NotifyContext);
  if (Callback == NULL) {
    return FALSE;
  }

  Callback->Event       = Event;
  Flags                 = CpuDisableInterrupts ();
  Event->NotifyContext  = Callback;
  Event->NotifyFunction = CallbackRun;
  CpuRestoreInterrupts (Flags);
  CallbackRecord (What, Callback, ReturnAddress);
  return TRUE;
}

STATIC VOID EFIAPI
OnMarker (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  )
{
  LINE  Line;

  (VOID)Event;
  LineBegin (&Line, "Marker");
  switch ((MARKER)(UINTN)Context) {
    case MarkerBefore: LineWord (&Line, "what", "BeforeExitBootServices@Callback"); break;
    case MarkerNotify: LineWord (&Line, "what", "ExitBootServices@Notify");         break;
    default:           LineWord (&Line, "what", "ExitBootServices@Callback");       break;
  }

  LineDec (&Line, "live", MappingCounts ()->Live);
  RecordWrite (&Line);
}

/** Creates an event of ours. Returns NULL if the core refuses. **/
STATIC EFI_EVENT
CreateMarker (
  IN EFI_BOOT_SERVICES  *BootServices,
  IN MARKER             Marker,
  IN EFI_TPL            Tpl,
  IN CONST EFI_GUID     *Group
  )
{
  EFI_EVENT   Event;
  EFI_STATUS  Status;

  Status = BootServices->CreateEventEx (EVT_NOTIFY_SIGNAL, Tpl, OnMarker, (VOID *)(UINTN)Marker, Group, &Event);
  return EFI_ERROR (Status) ? NULL : Event;
}

VOID
CallbackWrapExisting (
  IN EFI_BOOT_SERVICES  *BootServices
  )
{
  CORE_EVENT      *Own;
  CORE_EVENT      *Event;
  CALLBACK_GROUP  Group;
  UINT64          Seen;
  UINT64          Wrapped;
  LINE            Line;

  CreateMarker (BootServices, MarkerNotify, TPL_NOTIFY, &gEfiEventExitBootServicesGuid);
  CreateMarker (BootServices, MarkerBefore, TPL_CALLBACK, &gEfiEventBeforeExitBootServicesGuid);
  Own            = CreateMarker (BootServices, MarkerCallback, TPL_CALLBACK, &gEfiEventExitBootServicesGuid);
  mLayoutIsKnown = Own != NULL && CoreEventTest (Own, TPL_CALLBACK, OnMarker, (VOID *)(UINTN)MarkerCallback, &gEfiEventExitBootServicesGuid);

  Seen    = 0;
  Wrapped = 0;
  Event   = mLayoutIsKnown ? CoreEventNext (Own, Own) : NULL;
  for (; Event != NULL && Seen < MAX_EVENTS; Event = CoreEventNext (Event, Own)) {
    Seen++;
    Group = CallbackGroupOf (&Event->EventGroup);
    if (Group != GroupNone && CoreEventIsNotifying (Event) && Event->NotifyFunction != OnMarker &&
        Wrap (Event, Group, "EvFound", 0))
    {
      Wrapped++;
    }
  }

  LineBegin (&Line, "EvScan");
  LineWord (&Line, "layout", mLayoutIsKnown ? "ok" : "unknown");
  LineDec (&Line, "seen", Seen);
  LineDec (&Line, "wrapped", Wrapped);
  RecordWrite (&Line);
}

/** IoMmuDxe does this to run behind all other callbacks: its callback signals an event whose callback does the work. **/
VOID
CallbackWrapSignalled (
  IN EFI_EVENT  Event,
  IN UINTN      ReturnAddress
  )
{
  CORE_EVENT  *CoreEvent;

  CoreEvent = Event;
  if (mLayoutIsKnown && CoreEvent != NULL && CoreEventIsNotifying (CoreEvent) && CoreEvent->NotifyFunction != CallbackRun) {
    Wrap (CoreEvent, GroupSignalled, "EvSignal", ReturnAddress);
  }
}
