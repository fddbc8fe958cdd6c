/** @file
  Numbers, stamps and writes records.

  Number, time and writing are one step with interrupts disabled. UEFI runs everything on one processor, and what interrupts a
  hook is the timer, out of whose interrupt the core calls event callbacks: with interrupts disabled no other record
  can get between, and the numbers stand in the log in their order.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Record.h"
#include "Config.h"
#include "Output.h"
#include <X64/TracerCpu.h>

STATIC UINT64   mSequence;
STATIC UINT64   mStart;
STATIC UINT64   mTicksPerMicrosecond = 1000;
STATIC PHASE    mPhase;
STATIC UINT64   mLost;
STATIC BOOLEAN  mFullReported[TableCount];

VOID
RecordSetClock (
  IN UINT64  Start,
  IN UINT64  TicksPerMicrosecond
  )
{
  mStart               = Start;
  mTicksPerMicrosecond = TicksPerMicrosecond == 0 ? 1 : TicksPerMicrosecond;
}

VOID
RecordSetPhase (
  IN PHASE  Phase
  )
{
  mPhase = Phase;
}

PHASE
RecordPhase (
  VOID
  )
{
  return mPhase;
}

UINT64
RecordMicroseconds (
  IN UINT64  Ticks
  )
{
  return Ticks / mTicksPerMicrosecond;
}

STATIC CONST CHAR8 *
PhaseName (
  VOID
  )
{
  switch (mPhase) {
    case PhaseBoot:             return "boot";
    case PhaseExitBootServices: return "ebs";
    default:                    return "os";
  }
}

VOID
RecordWrite (
  IN OUT LINE  *Line
  )
{
  UINTN   Flags;
  LINE    Head;
  UINT32  HeadLength;
  UINT32  Start;
  UINT32  Index;

  Flags       = CpuDisableInterrupts ();
  Head.Length = 0;
  Head.Cut    = FALSE;
  LineText (&Head, "DMATRACE v2 #");
  LineDecDigits (&Head, ++mSequence);
  LineDec (&Head, "t", RecordMicroseconds (CpuReadTimer () - mStart));
  LineWord (&Head, "ph", PhaseName ());

  //
  // The head is at most 13 + 20 + 3 + 20 + 8 characters long, so it fits into the room in front of the text.
  //
  HeadLength = Head.Length;
  Start      = LINE_HEAD_ROOM - HeadLength;
  for (Index = 0; Index < HeadLength; Index++) {
    Line->Text[Start + Index] = Head.Text[Index];
  }

  if (!Line->Cut) {
    Line->Text[Line->Length++] = ' ';
    Line->Text[Line->Length++] = ';';
  }

  Line->Text[Line->Length++] = '\r';
  Line->Text[Line->Length++] = '\n';
  OutputWrite (&Line->Text[Start], Line->Length - Start);
  CpuRestoreInterrupts (Flags);
}

STATIC VOID
RecordFull (
  IN CONST CHAR8  *Name,
  IN UINT64       Slots
  )
{
  LINE  Line;

  LineBegin (&Line, "Full");
  LineWord (&Line, "table", Name);
  LineDec (&Line, "slots", Slots);
  RecordWrite (&Line);
}

VOID
RecordLost (
  IN TABLE  Table
  )
{
  mLost++;
  if (mFullReported[Table]) {
    return;
  }

  mFullReported[Table] = TRUE;
  switch (Table) {
    case TableMappings:  RecordFull ("maps", MAX_MAPPINGS);       break;
    case TableBuffers:   RecordFull ("buffers", MAX_BUFFERS);     break;
    case TableImages:    RecordFull ("images", MAX_IMAGES);       break;
    case TableDevices:   RecordFull ("devices", MAX_DEVICES);     break;
    case TableCallbacks: RecordFull ("callbacks", MAX_CALLBACKS); break;
    default:             RecordFull ("handles", MAX_HANDLES);     break;
  }
}

UINT64
RecordLostCount (
  VOID
  )
{
  return mLost;
}
