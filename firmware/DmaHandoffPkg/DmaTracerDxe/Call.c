/** @file
  What is going on.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Call.h"
#include "CallStack.h"
#include "ImageTable.h"

STATIC CALL    mCall;
STATIC UINT64  mCallCount;
STATIC UINT64  mCallback;

CALL
CallEnter (
  IN DEVICE  *Device,
  IN UINT64  Number,
  IN UINTN   ReturnAddress
  )
{
  CALL  Saved;

  Saved               = mCall;
  mCall.Device        = Device;
  mCall.Number        = Number;
  mCall.ReturnAddress = ReturnAddress;
  return Saved;
}

VOID
CallLeave (
  IN CALL  Saved
  )
{
  mCall = Saved;
}

CONST CALL *
CallCurrent (
  VOID
  )
{
  return &mCall;
}

UINT64
CallNextNumber (
  VOID
  )
{
  return ++mCallCount;
}

UINT64
CallSetCallback (
  IN UINT64  Function
  )
{
  UINT64  Saved;

  Saved     = mCallback;
  mCallback = Function;
  return Saved;
}

VOID
LineCallback (
  IN OUT LINE  *Line
  )
{
  if (mCallback != 0) {
    LineImage (Line, "cb", mCallback);
  }
}

VOID
LineCaller (
  IN OUT LINE    *Line,
  IN     CALLER  Caller
  )
{
  //
  // A callback whose last act is this call may have made it a jump: the hook then returns into the tracer, which had called
  // the callback. It is the callback that called.
  //
  if (mCallback != 0 && ImageIsSelf (Caller.ReturnAddress)) {
    Caller.ReturnAddress = mCallback;
  }

  LineImageOffset (Line, "img", Caller.ReturnAddress);
  if (Caller.Stack != NULL) {
    LineChain (Line, Caller.ReturnAddress, Caller.Stack);
  }

  LineCallback (Line);
}

VOID
LineCall (
  IN OUT LINE    *Line,
  IN     UINT64  Number
  )
{
  if (Number != 0) {
    LineDec (Line, "call", Number);
  }
}
