/** @file
  A simulated machine: a debug console, a UART, a timer, an interrupt flag and configuration space; and what tests check with.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef MACHINE_H_
#define MACHINE_H_

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <Uefi.h>

#define CHECK(Condition) \
  do { \
    if (!(Condition)) { \
      fprintf (stderr, "%s:%d: %s\n%s", __FILE__, __LINE__, #Condition, MachineOutput ()); \
      exit (1); \
    } \
  } while (0)

typedef struct {
  int       HasDebugcon;
  int       HasUart;
  int       UartIsStuck;
  int       InterruptsDisabled;
  UINT32    Command;
} MACHINE;

extern MACHINE  gMachine;

/** What was written since the machine was started or MachineForget was called. **/
CONST char *
MachineOutput (
  VOID
  );

VOID
MachineForget (
  VOID
  );

/** Returns the last record that holds this text, "" if there is none. **/
CONST char *
MachineRecord (
  CONST char  *Text
  );

/** How many records hold this text. **/
int
MachineCount (
  CONST char  *Text
  );

#endif
