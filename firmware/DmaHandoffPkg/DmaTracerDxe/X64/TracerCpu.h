/** @file
  Everything the tracer needs of the processor, and nothing else in it is written in assembler. x86-64, GCC or Clang.

  The host tests have a file of the same name that acts on a simulated machine.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef TRACER_CPU_H_
#define TRACER_CPU_H_

#include <Uefi.h>

//
// Where a hook was called from: the address behind the CALL, and the stack above that address. Both name the function in
// which the macro stands, so they belong into the hooks themselves, which nobody can inline: they are only called
// through pointers.
//
#define CALLER_ADDRESS()  ((UINTN)__builtin_return_address (0))
#define CALLER_STACK()    ((CONST UINTN *)__builtin_frame_address (0) + 2)

STATIC inline UINT8
CpuReadPort8 (
  IN UINT16  Port
  )
{
  UINT8  Value;

  __asm__ volatile ("inb %w1, %b0" : "=a" (Value) : "Nd" (Port));
  return Value;
}

STATIC inline VOID
CpuWritePort8 (
  IN UINT16  Port,
  IN UINT8   Value
  )
{
  __asm__ volatile ("outb %b0, %w1" : : "a" (Value), "Nd" (Port));
}

/** One string instruction: under virtualisation this is one exit for a whole record instead of one for each byte. **/
STATIC inline VOID
CpuWritePortString (
  IN UINT16       Port,
  IN CONST CHAR8  *Text,
  IN UINTN        Length
  )
{
  __asm__ volatile ("cld; rep outsb" : "+S" (Text), "+c" (Length) : "d" (Port) : "memory", "cc");
}

STATIC inline UINT64
CpuReadTimer (
  VOID
  )
{
  UINT32  Low;
  UINT32  High;

  __asm__ volatile ("rdtsc" : "=a" (Low), "=d" (High));
  return ((UINT64)High << 32) | Low;
}

/** Returns the flags for CpuRestoreInterrupts; the two may be nested. **/
STATIC inline UINTN
CpuDisableInterrupts (
  VOID
  )
{
  UINTN  Flags;

  __asm__ volatile ("pushfq; popq %0; cli" : "=r" (Flags) : : "memory");
  return Flags;
}

STATIC inline VOID
CpuRestoreInterrupts (
  IN UINTN  Flags
  )
{
  __asm__ volatile ("pushq %0; popfq" : : "r" (Flags) : "memory", "cc");
}

/** Reads 32 bits of configuration space of segment 0 by PCI configuration mechanism 1 (PCI 3.0, 3.2.2.3.2).

  No protocol is needed, so it works when ExitBootServices has returned. The address port is put back as it was, since
  the read may come between another one's address and data.
**/
STATIC inline UINT32
CpuReadPciConfig32 (
  IN UINT8  Bus,
  IN UINT8  Device,
  IN UINT8  Function,
  IN UINT8  Offset
  )
{
  UINTN   Flags;
  UINT32  Address;
  UINT32  Saved;
  UINT32  Value;

  Address = 0x80000000U | ((UINT32)Bus << 16) | ((UINT32)Device << 11) | ((UINT32)Function << 8) | Offset;
  Flags   = CpuDisableInterrupts ();
  __asm__ volatile ("inl %w1, %0" : "=a" (Saved) : "Nd" ((UINT16)0xCF8));
  __asm__ volatile ("outl %0, %w1" : : "a" (Address), "Nd" ((UINT16)0xCF8));
  __asm__ volatile ("inl %w1, %0" : "=a" (Value) : "Nd" ((UINT16)0xCFC));
  __asm__ volatile ("outl %0, %w1" : : "a" (Saved), "Nd" ((UINT16)0xCF8));
  CpuRestoreInterrupts (Flags);
  return Value;
}

#endif
