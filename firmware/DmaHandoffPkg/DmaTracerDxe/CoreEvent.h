/** @file
  The DXE core's private event structure.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef CORE_EVENT_H_
#define CORE_EVENT_H_

#include <Uefi.h>

typedef struct _CORE_LINK CORE_LINK;
struct _CORE_LINK {
  CORE_LINK    *Forward;
  CORE_LINK    *Back;
};

//
// The beginning of IEVENT of edk2, MdeModulePkg/Core/Dxe/Event/Event.h, as it has been since 2008.
//
typedef struct {
  UINTN               Signature;
  UINT32              Type;
  UINT32              SignalCount;
  CORE_LINK           SignalLink;
  EFI_TPL             NotifyTpl;
  EFI_EVENT_NOTIFY    NotifyFunction;
  VOID                *NotifyContext;
  EFI_GUID            EventGroup;
} CORE_EVENT;

/** Whether this event of ours looks like a CORE_EVENT: every field that we know the value of has it, and its link is linked. **/
BOOLEAN
CoreEventTest (
  IN CONST CORE_EVENT  *Own,
  IN EFI_TPL           NotifyTpl,
  IN EFI_EVENT_NOTIFY  NotifyFunction,
  IN CONST VOID        *NotifyContext,
  IN CONST EFI_GUID    *EventGroup
  );

/** Returns the event behind this one in the core's list, NULL at the end of the list.

  The list has a head that is no event: it is passed over, and the end is where the event Own comes again.
**/
CORE_EVENT *
CoreEventNext (
  IN CONST CORE_EVENT  *Event,
  IN CONST CORE_EVENT  *Own
  );

/** Whether this is an event with a notification function. **/
BOOLEAN
CoreEventIsNotifying (
  IN CONST CORE_EVENT  *Event
  );

#endif
