/** @file
  Live mappings, and what the caller gets as a handle.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef MAPPING_H_
#define MAPPING_H_

#include "Device.h"

typedef struct {
  //
  // Number of the mapping, from 1. 0: the slot was never used.
  //
  UINT64          Number;
  BOOLEAN         IsLive;
  UINT32          Operation;
  UINT64          Host;
  UINT64          Bytes;
  UINT64          DeviceAddress;
  //
  // What the firmware's own Map returned.
  //
  VOID            *Cookie;
  UINTN           ReturnAddress;
  CONST DEVICE    *Device;
} MAPPING;

typedef struct {
  UINT64    Mapped;
  UINT64    Unmapped;
  UINT64    Live;
  UINT64    Peak;
} MAPPING_COUNTS;

/** Takes a mapping into the table and gives it a number. Returns NULL if all slots are live (which is reported). **/
CONST MAPPING *
MappingNew (
  IN CONST MAPPING  *Fields
  );

/** Returns the handle that the caller gets instead of the cookie. **/
VOID *
MappingHandle (
  IN CONST MAPPING  *Mapping
  );

/** Returns the mapping of a handle, live or not. NULL if it is no handle of ours or its slot was used again. **/
MAPPING *
MappingOf (
  IN CONST VOID  *Handle
  );

/** Returns the firmware's cookie for a handle of ours, and anything else as it is. **/
VOID *
MappingCookie (
  IN VOID  *Handle
  );

VOID
MappingEnd (
  IN OUT MAPPING  *Mapping
  );

CONST MAPPING_COUNTS *
MappingCounts (
  VOID
  );

/** Returns the next live mapping at or behind a slot and sets the slot behind it, NULL if there is none. **/
CONST MAPPING *
MappingNext (
  IN OUT UINT32  *Slot
  );

/** Writes " op=… host=… bytes=…". **/
VOID
LineMapping (
  IN OUT LINE           *Line,
  IN     CONST MAPPING  *Mapping
  );

/** Writes " cookie=…" unless it is all ones. **/
VOID
LineCookie (
  IN OUT LINE        *Line,
  IN     CONST VOID  *Cookie
  );

#endif
