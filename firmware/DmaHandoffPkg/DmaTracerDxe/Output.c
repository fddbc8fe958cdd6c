/** @file
  Where the text goes. Both are used by port I/O and not by a protocol, since a hook may run where no service may be called,
  and since ExitBootServices ends with no protocol left.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Output.h"
#include "Config.h"
#include <X64/TracerCpu.h>

//
// QEMU, hw/char/debugcon.c: a read gives this (isa-debugcon.readback).
//
#define DEBUGCON_READBACK  0xE9

//
// 16550: the scratch register keeps what is written, and bit 5 of the line status register says that a byte may be written.
//
#define UART_LINE_STATUS             5
#define UART_SCRATCH                 7
#define UART_TRANSMIT_HOLDING_EMPTY  0x20

//
// A UART that never gets ready would stop the machine with its interrupts disabled. After so many looks, about 100 ms, the
// byte is written anyway.
//
#define UART_MAX_LOOKS  100000

STATIC UINT16   mPort;
STATIC BOOLEAN  mIsUart;

/** The scratch register is put back: it is somebody else's. **/
STATIC BOOLEAN
UartExists (
  VOID
  )
{
  UINT8    Saved;
  BOOLEAN  Exists;

  Saved = CpuReadPort8 (UART_PORT + UART_SCRATCH);
  CpuWritePort8 (UART_PORT + UART_SCRATCH, 0x5A);
  Exists = CpuReadPort8 (UART_PORT + UART_SCRATCH) == 0x5A;
  CpuWritePort8 (UART_PORT + UART_SCRATCH, Saved);
  return Exists;
}

BOOLEAN
OutputFind (
  VOID
  )
{
  mPort   = 0;
  mIsUart = FALSE;
  if (CpuReadPort8 (DEBUGCON_PORT) == DEBUGCON_READBACK) {
    mPort = DEBUGCON_PORT;
  } else if (UartExists ()) {
    mPort   = UART_PORT;
    mIsUart = TRUE;
  }

  return mPort != 0;
}

CONST CHAR8 *
OutputName (
  VOID
  )
{
  return mIsUart ? "com1" : "debugcon";
}

UINT16
OutputPort (
  VOID
  )
{
  return mPort;
}

/** The UART is used with the speed that the firmware set, or, in QEMU, with any. **/
STATIC VOID
UartWrite (
  IN CHAR8  Character
  )
{
  UINT32  Looks;

  for (Looks = 0; Looks < UART_MAX_LOOKS; Looks++) {
    if ((CpuReadPort8 (UART_PORT + UART_LINE_STATUS) & UART_TRANSMIT_HOLDING_EMPTY) != 0) {
      break;
    }
  }

  CpuWritePort8 (UART_PORT, (UINT8)Character);
}

VOID
OutputWrite (
  IN CONST CHAR8  *Text,
  IN UINTN        Length
  )
{
  if (!mIsUart) {
    CpuWritePortString (mPort, Text, Length);
    return;
  }

  while (Length-- > 0) {
    UartWrite (*Text++);
  }
}
