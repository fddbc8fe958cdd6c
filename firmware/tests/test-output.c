/** @file
  Where records go, and what a cut one looks like.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "firmware.h"
#include "Output.h"
#include "Record.h"

static VOID
RecordsAreNumbered (
  VOID
  )
{
  LINE  Line;

  RecordSetClock (0, 1000);
  LineBegin (&Line, "Test");
  LineHex (&Line, "a", 0x1f);
  LineHex (&Line, "b", 0);
  LineHex (&Line, "c", ~0ULL);
  LineDec (&Line, "d", 18446744073709551615ULL);
  LineStatus (&Line, "e", EFI_SUCCESS);
  LineStatus (&Line, "f", EFI_NOT_FOUND);
  LineStatus (&Line, "g", MAX_BIT | 77);
  LineStatus (&Line, "h", 4);
  LineOperation (&Line, 5);
  LineOperation (&Line, 9);
  RecordWrite (&Line);
  CHECK (strcmp (MachineOutput (), "DMATRACE v2 #1 t=1 ph=boot Test a=0x1f b=0x0 c=0xffffffffffffffff d=18446744073709551615 e=Success f=NotFound "
                                   "g=0x800000000000004d h=0x4 op=CommonBuffer64 op=Invalid9 ;\r\n") == 0);
}

static VOID
LongRecordsLookCut (
  VOID
  )
{
  LINE  Line;
  int   Index;

  MachineForget ();
  LineBegin (&Line, "Test");
  for (Index = 0; Index < 100; Index++) {
    LineWord (&Line, "key", "value");
  }

  RecordWrite (&Line);
  CHECK (strlen (MachineOutput ()) <= LINE_SIZE);
  CHECK (strstr (MachineOutput (), " ;") == NULL && strstr (MachineOutput (), "\r\n") != NULL);
}

int
main (
  void
  )
{
  gMachine.HasUart = 1;
  CHECK (OutputFind () && strcmp (OutputName (), "debugcon") == 0 && OutputPort () == 0x402);
  RecordsAreNumbered ();
  LongRecordsLookCut ();

  MachineForget ();
  gMachine.HasDebugcon = 0;
  CHECK (OutputFind () && strcmp (OutputName (), "com1") == 0 && OutputPort () == 0x3F8);
  gMachine.InterruptsDisabled = 1;
  OutputWrite ("one", 3);
  gMachine.UartIsStuck = 1;
  OutputWrite ("two", 3);
  gMachine.InterruptsDisabled = 0;
  CHECK (strcmp (MachineOutput (), "onetwo") == 0);

  gMachine.HasUart = 0;
  CHECK (!OutputFind ());
  FirmwarePrepare ();
  CHECK (FirmwareStart (1) == EFI_UNSUPPORTED);
  puts ("ok output");
  return 0;
}
