/** @file
  The DXE core's private event structure.

  UEFI has no way to ask which callbacks of ExitBootServices there are. Most are created before an option ROM runs, so seeing only
  those created later would miss nearly all. The DXE core keeps all events with a group in one list (gEventSignalQueue), and an
  event handle is the address of its structure: through an event of ours, the list can be walked.

  This is the tracer's only use of private data. It is used only after a test on an event of our own, each field of which is
  known. The test fails on a core with another layout; then nothing is read or changed, the log says layout=unknown, and only callbacks
  created from then on are recorded.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "CoreEvent.h"
#include "Text.h"

//
// EVENT_SIGNATURE, "evnt"
//
#define CORE_EVENT_SIGNATURE  0x746E7665

//
// SignalLink lies this far inside the event.
//
#define LINK_OFFSET  __builtin_offsetof (CORE_EVENT, SignalLink)

_Static_assert (LINK_OFFSET == 16, "SignalLink follows a signature of 8 bytes and two numbers of 4");

BOOLEAN
CoreEventTest (
  IN CONST CORE_EVENT  *Own,
  IN EFI_TPL           NotifyTpl,
  IN EFI_EVENT_NOTIFY  NotifyFunction,
  IN CONST VOID        *NotifyContext,
  IN CONST EFI_GUID    *EventGroup
  )
{
  return Own->Signature == CORE_EVENT_SIGNATURE && (Own->Type & EVT_NOTIFY_SIGNAL) != 0 && Own->NotifyTpl == NotifyTpl &&
         Own->NotifyFunction == NotifyFunction && Own->NotifyContext == NotifyContext &&
         GuidEqual (&Own->EventGroup, EventGroup) && Own->SignalLink.Forward->Back == &Own->SignalLink &&
         Own->SignalLink.Back->Forward == &Own->SignalLink;
}

STATIC CORE_EVENT *
EventOfLink (
  IN CORE_LINK  *Link
  )
{
  return (CORE_EVENT *)(VOID *)((UINT8 *)Link - LINK_OFFSET);
}

CORE_EVENT *
CoreEventNext (
  IN CONST CORE_EVENT  *Event,
  IN CONST CORE_EVENT  *Own
  )
{
  CORE_EVENT  *Next;

  //
  // The head of the list stands alone in the core's data. What lies in front of it is readable and is not "evnt".
  //
  Next = EventOfLink (Event->SignalLink.Forward);
  if (Next->Signature != CORE_EVENT_SIGNATURE) {
    Next = EventOfLink (Next->SignalLink.Forward);
  }

  return Next == Own || Next->Signature != CORE_EVENT_SIGNATURE ? NULL : Next;
}

BOOLEAN
CoreEventIsNotifying (
  IN CONST CORE_EVENT  *Event
  )
{
  return Event->Signature == CORE_EVENT_SIGNATURE && (Event->Type & EVT_NOTIFY_SIGNAL) != 0 && Event->NotifyFunction != NULL;
}
