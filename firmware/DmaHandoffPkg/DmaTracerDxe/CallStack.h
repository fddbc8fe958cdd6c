/** @file
  Who is on the stack above a caller.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef CALL_STACK_H_
#define CALL_STACK_H_

#include "Line.h"

/** Looks in the hand-off blocks where the stack is. Without this no stack is read. **/
VOID
CallStackFind (
  IN EFI_SYSTEM_TABLE  *SystemTable
  );

/** Sets where the stack is. **/
VOID
CallStackSet (
  IN UINT64  Base,
  IN UINT64  Length
  );

/** Whether a CALL instruction ends right in front of this address. Reads the 7 bytes in front of it. **/
BOOLEAN
IsBehindCall (
  IN CONST UINT8  *Address
  );

/** Writes " chain=" and the images found above the caller, if this is the first record of this place. **/
VOID
LineChain (
  IN OUT LINE         *Line,
  IN     UINTN        ReturnAddress,
  IN     CONST UINTN  *Stack
  );

#endif
