/** @file
  Live buffers of AllocateBuffer.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "Buffer.h"
#include "Config.h"
#include "Record.h"
#include <X64/TracerCpu.h>

STATIC BUFFER  mBuffers[MAX_BUFFERS];
STATIC UINT64  mBufferCount;
STATIC UINT64  mBufferLive;

UINT64
BufferNew (
  IN UINT64  Host
  )
{
  UINT32  Slot;
  UINTN   Flags;
  UINT64  Number;

  Number = 0;
  Flags  = CpuDisableInterrupts ();
  for (Slot = 0; Slot < MAX_BUFFERS && Number == 0; Slot++) {
    if (!mBuffers[Slot].IsLive) {
      Number                = ++mBufferCount;
      mBuffers[Slot].IsLive = TRUE;
      mBuffers[Slot].Number = Number;
      mBuffers[Slot].Host   = Host;
      mBufferLive++;
    }
  }

  CpuRestoreInterrupts (Flags);
  if (Number == 0) {
    RecordLost (TableBuffers);
  }

  return Number;
}

BUFFER *
BufferAt (
  IN UINT64  Host
  )
{
  UINT32  Slot;

  for (Slot = 0; Slot < MAX_BUFFERS; Slot++) {
    if (mBuffers[Slot].IsLive && mBuffers[Slot].Host == Host) {
      return &mBuffers[Slot];
    }
  }

  return NULL;
}

VOID
BufferEnd (
  IN OUT BUFFER  *Buffer
  )
{
  UINTN  Flags;

  Flags = CpuDisableInterrupts ();
  if (Buffer->IsLive) {
    Buffer->IsLive = FALSE;
    mBufferLive--;
  }

  CpuRestoreInterrupts (Flags);
}

UINT64
BufferLiveCount (
  VOID
  )
{
  return mBufferLive;
}
