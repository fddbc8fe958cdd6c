/** @file
  Live buffers of AllocateBuffer.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef BUFFER_H_
#define BUFFER_H_

#include <Uefi.h>

typedef struct {
  UINT64     Number;
  BOOLEAN    IsLive;
  UINT64     Host;
} BUFFER;

/** Takes a new buffer into the table. Returns its number from 1, 0 if the table is full (which is reported). **/
UINT64
BufferNew (
  IN UINT64  Host
  );

/** Returns the live buffer that begins at this address, NULL if there is none. **/
BUFFER *
BufferAt (
  IN UINT64  Host
  );

VOID
BufferEnd (
  IN OUT BUFFER  *Buffer
  );

UINT64
BufferLiveCount (
  VOID
  );

#endif
