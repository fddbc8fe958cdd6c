/** @file
  What is going on: the call of PciIo or PciRootBridgeIo that is running, and the callback of ExitBootServices.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef CALL_H_
#define CALL_H_

#include "Device.h"

//
// Where a hook was called from. A hook fills it with CALLER_HERE.
//
typedef struct {
  UINTN          ReturnAddress;
  //
  // The stack above the caller for chain=, NULL if no chain is wanted.
  //
  CONST UINTN    *Stack;
} CALLER;

#define CALLER_HERE()  ((CALLER) { CALLER_ADDRESS (), CALLER_STACK () })

//
// The innermost running call. What PciBusDxe and the host bridge call from inside it belongs to it.
//
typedef struct {
  //
  // NULL if no call is running.
  //
  DEVICE    *Device;
  //
  // 0 for a write to configuration space, which is no record of its own but may cause one.
  //
  UINT64    Number;
  UINTN     ReturnAddress;
} CALL;

/** Begins a call and returns the one that was running, for CallLeave.

  An event callback out of the timer interrupt may come in between with calls of its own. It is over before the interrupted call goes
  on, so that entering and leaving nest.
**/
CALL
CallEnter (
  IN DEVICE  *Device,
  IN UINT64  Number,
  IN UINTN   ReturnAddress
  );

VOID
CallLeave (
  IN CALL  Saved
  );

CONST CALL *
CallCurrent (
  VOID
  );

UINT64
CallNextNumber (
  VOID
  );

/** Sets the function of the callback that runs from now on, 0 for none. Returns the one before. **/
UINT64
CallSetCallback (
  IN UINT64  Function
  );

/** Writes " cb=…" if a callback is running. **/
VOID
LineCallback (
  IN OUT LINE  *Line
  );

/** Writes " img=… chain=… cb=…". **/
VOID
LineCaller (
  IN OUT LINE    *Line,
  IN     CALLER  Caller
  );

/** Writes " call=…" if the number is not 0. **/
VOID
LineCall (
  IN OUT LINE    *Line,
  IN     UINT64  Number
  );

#endif
