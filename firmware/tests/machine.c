/** @file
  A simulated machine.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "machine.h"
#include "Config.h"
#include <X64/TracerCpu.h>

#define UART_SCRATCH  7
#define UART_STATUS   5

MACHINE  gMachine = { 1, 0, 0, 0, 7 };

static char    mOutput[1 << 20];
static size_t  mLength;
static UINT8   mScratch;
static UINT64  mTime;

CONST char *
MachineOutput (
  VOID
  )
{
  return mOutput;
}

VOID
MachineForget (
  VOID
  )
{
  mLength    = 0;
  mOutput[0] = '\0';
}

CONST char *
MachineRecord (
  CONST char  *Text
  )
{
  static char  Record[1024];
  char         *Start;
  char         *Last;
  char         *End;

  Last = NULL;
  for (Start = mOutput; (Start = strstr (Start, Text)) != NULL; Start++) {
    Last = Start;
  }

  Record[0] = '\0';
  if (Last != NULL) {
    while (Last > mOutput && Last[-1] != '\n') {
      Last--;
    }

    End = strchr (Last, '\n');
    snprintf (Record, sizeof (Record), "%.*s", (int)(End - Last), Last);
  }

  return Record;
}

int
MachineCount (
  CONST char  *Text
  )
{
  char  *At;
  int   Count;

  Count = 0;
  for (At = mOutput; (At = strstr (At, Text)) != NULL; At++) {
    Count++;
  }

  return Count;
}

static VOID
Put (
  char  Character
  )
{
  //
  // The rule that keeps records whole: no byte is written while a timer callback could come.
  //
  CHECK (gMachine.InterruptsDisabled);
  CHECK (mLength + 1 < sizeof (mOutput));
  mOutput[mLength++] = Character;
  mOutput[mLength]   = '\0';
}

UINT8
CpuReadPort8 (
  UINT16  Port
  )
{
  if (Port == DEBUGCON_PORT) {
    return gMachine.HasDebugcon ? 0xE9 : 0xFF;
  }

  if (!gMachine.HasUart) {
    return 0xFF;
  }

  if (Port == UART_PORT + UART_SCRATCH) {
    return mScratch;
  }

  return Port == UART_PORT + UART_STATUS && !gMachine.UartIsStuck ? 0x60 : 0;
}

VOID
CpuWritePort8 (
  UINT16  Port,
  UINT8   Value
  )
{
  if (Port == UART_PORT + UART_SCRATCH) {
    mScratch = Value;
  } else if (Port == UART_PORT) {
    Put ((char)Value);
  }
}

VOID
CpuWritePortString (
  UINT16       Port,
  CONST CHAR8  *Text,
  UINTN        Length
  )
{
  CHECK (Port == DEBUGCON_PORT);
  while (Length-- > 0) {
    Put (*Text++);
  }
}

UINT64
CpuReadTimer (
  VOID
  )
{
  return mTime += 1000;
}

UINTN
CpuDisableInterrupts (
  VOID
  )
{
  UINTN  Flags;

  Flags                       = (UINTN)gMachine.InterruptsDisabled;
  gMachine.InterruptsDisabled = 1;
  return Flags;
}

VOID
CpuRestoreInterrupts (
  UINTN  Flags
  )
{
  gMachine.InterruptsDisabled = (int)Flags;
}

UINT32
CpuReadPciConfig32 (
  UINT8  Bus,
  UINT8  Device,
  UINT8  Function,
  UINT8  Offset
  )
{
  (VOID)Bus;
  (VOID)Function;
  CHECK (Offset == 4);
  return Device == 31 ? 0xFFFFFFFFU : gMachine.Command;
}
