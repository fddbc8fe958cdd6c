/** @file
  Where the text goes: QEMU's debug console, or the first UART.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef OUTPUT_H_
#define OUTPUT_H_

#include <Uefi.h>

/** Looks which of the two there is. Returns FALSE if there is neither. **/
BOOLEAN
OutputFind (
  VOID
  );

/** "debugcon" or "com1". **/
CONST CHAR8 *
OutputName (
  VOID
  );

UINT16
OutputPort (
  VOID
  );

/** Writes the text. The caller has disabled interrupts, so that nothing gets between its bytes. **/
VOID
OutputWrite (
  IN CONST CHAR8  *Text,
  IN UINTN        Length
  );

#endif
