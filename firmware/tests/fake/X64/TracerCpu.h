/** @file
  The processor as the tests simulate it (machine.c), in place of the file of the same name in the driver.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef TRACER_CPU_H_
#define TRACER_CPU_H_

#include <Uefi.h>

#define CALLER_ADDRESS()  ((UINTN)__builtin_return_address (0))
#define CALLER_STACK()    ((CONST UINTN *)__builtin_frame_address (0) + 2)

UINT8   CpuReadPort8 (UINT16 Port);
VOID    CpuWritePort8 (UINT16 Port, UINT8 Value);
VOID    CpuWritePortString (UINT16 Port, CONST CHAR8 *Text, UINTN Length);
UINT64  CpuReadTimer (VOID);
UINTN   CpuDisableInterrupts (VOID);
VOID    CpuRestoreInterrupts (UINTN Flags);
UINT32  CpuReadPciConfig32 (UINT8 Bus, UINT8 Device, UINT8 Function, UINT8 Offset);

#endif
