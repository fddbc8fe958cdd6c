/** @file
  Records when callbacks of ExitBootServices begin and end.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef CALLBACK_H_
#define CALLBACK_H_

#include "Call.h"

typedef enum { GroupNone, GroupExitBootServices, GroupBeforeExitBootServices, GroupSignalled } CALLBACK_GROUP;

typedef struct {
  BOOLEAN             IsUsed;
  CALLBACK_GROUP      Group;
  EFI_TPL             Tpl;
  EFI_EVENT_NOTIFY    Function;
  VOID                *Context;
  EFI_EVENT           Event;
} CALLBACK;

/** Returns which of the two groups this is, GroupNone if neither. **/
CALLBACK_GROUP
CallbackGroupOf (
  IN CONST EFI_GUID  *Group
  );

/** Takes a callback into the table. Returns NULL if the table is full (which is reported). **/
CALLBACK *
CallbackNew (
  IN CALLBACK_GROUP    Group,
  IN EFI_TPL           Tpl,
  IN EFI_EVENT_NOTIFY  Function,
  IN VOID              *Context
  );

/** Returns the callback of an event, NULL if there is none. **/
CALLBACK *
CallbackOf (
  IN EFI_EVENT  Event
  );

/** The notification function that stands in for all callbacks. Its context is the CALLBACK. **/
VOID EFIAPI
CallbackRun (
  IN EFI_EVENT  Event,
  IN VOID       *Context
  );

/** Writes a record about a callback. ReturnAddress is who did that, 0 if nobody. **/
VOID
CallbackRecord (
  IN CONST CHAR8     *What,
  IN CONST CALLBACK  *Callback,
  IN UINTN           ReturnAddress
  );

/** Creates the events whose records mark where TPLs begin, and wraps the callbacks that exist already. **/
VOID
CallbackWrapExisting (
  IN EFI_BOOT_SERVICES  *BootServices
  );

/** Wraps the callback of an event that another callback is about to signal. **/
VOID
CallbackWrapSignalled (
  IN EFI_EVENT  Event,
  IN UINTN      ReturnAddress
  );

#endif
