/** @file
  Numbers, stamps and writes records.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef RECORD_H_
#define RECORD_H_

#include "Line.h"

typedef enum { PhaseBoot, PhaseExitBootServices, PhaseOs } PHASE;

typedef enum { TableMappings, TableBuffers, TableImages, TableDevices, TableCallbacks, TableHandles, TableCount } TABLE;

/** Sets the zero of time and what a microsecond is. **/
VOID
RecordSetClock (
  IN UINT64  Start,
  IN UINT64  TicksPerMicrosecond
  );

VOID
RecordSetPhase (
  IN PHASE  Phase
  );

PHASE
RecordPhase (
  VOID
  );

UINT64
RecordMicroseconds (
  IN UINT64  Ticks
  );

/** Gives the record its number, time and phase, and writes it in one go. **/
VOID
RecordWrite (
  IN OUT LINE  *Line
  );

/** Counts that something did not fit into this table, and says so the first time. **/
VOID
RecordLost (
  IN TABLE  Table
  );

/** How often RecordLost was called. **/
UINT64
RecordLostCount (
  VOID
  );

#endif
