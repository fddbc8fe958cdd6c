/** @file
  Which image an address belongs to.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef IMAGE_TABLE_H_
#define IMAGE_TABLE_H_

#include "Line.h"

#define IMAGE_NAME_SIZE  39

typedef struct {
  UINT64     Base;
  UINT64     End;
  //
  // Plumbing: DXE core, PCI bus and the like are on every stack, and say nothing about who calls.
  //
  BOOLEAN    Plumbing;
  CHAR8      Name[IMAGE_NAME_SIZE];
} IMAGE;

/** Takes an image into the table, in place of those that it overlaps: they are unloaded.

  The name is made fit for a record and unique. Returns the entry, or NULL if the image is there already or the table is full
  (which is reported). The entry may move with the next call.
**/
CONST IMAGE *
ImageAdd (
  IN UINT64       Base,
  IN UINT64       Size,
  IN CONST CHAR8  *Name
  );

/** Returns the image that holds this address, or NULL. **/
CONST IMAGE *
ImageFind (
  IN UINT64  Address
  );

UINT32
ImageCount (
  VOID
  );

/** The tracer itself. Its frames are never a caller. **/
VOID
ImageSetSelf (
  IN UINT64  Base,
  IN UINT64  Size
  );

BOOLEAN
ImageIsSelf (
  IN UINT64  Address
  );

/** Writes " key=name+0xoffset", or " key=?+0xaddress". **/
VOID
LineImageOffset (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Address
  );

/** Writes " key=name", or " key=?". **/
VOID
LineImage (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Address
  );

#endif
