/** @file
  Records calls of Map, Unmap, AllocateBuffer and FreeBuffer, whichever of the protocols they are made through.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef DMA_H_
#define DMA_H_

#include "Call.h"

typedef struct {
  VOID                    *This;
  UINT32                  Operation;
  VOID                    *HostAddress;
  UINTN                   *NumberOfBytes;
  EFI_PHYSICAL_ADDRESS    *DeviceAddress;
  VOID                    **Mapping;
} MAP_ARGUMENTS;

typedef struct {
  VOID                 *This;
  EFI_ALLOCATE_TYPE    Type;
  EFI_MEMORY_TYPE      MemoryType;
  UINTN                Pages;
  VOID                 **HostAddress;
  UINT64               Attributes;
} ALLOCATE_ARGUMENTS;

typedef struct {
  UINT64    Maps;
  UINT64    Unmaps;
  UINT64    Foreign;
  UINT64    Stale;
} DMA_COUNTS;

EFI_STATUS
TraceMap (
  IN DEVICE               *Device,
  IN CONST MAP_ARGUMENTS  *Arguments,
  IN CALLER               Caller
  );

EFI_STATUS
TraceUnmap (
  IN DEVICE  *Device,
  IN VOID    *This,
  IN VOID    *Handle,
  IN CALLER  Caller
  );

EFI_STATUS
TraceAllocate (
  IN DEVICE                    *Device,
  IN CONST ALLOCATE_ARGUMENTS  *Arguments,
  IN CALLER                    Caller
  );

EFI_STATUS
TraceFree (
  IN DEVICE  *Device,
  IN VOID    *This,
  IN UINTN   Pages,
  IN VOID    *HostAddress,
  IN CALLER  Caller
  );

CONST DMA_COUNTS *
DmaCounts (
  VOID
  );

/** Calls the functions that stood in the protocol before. **/
EFI_STATUS
OriginalMap (
  IN CONST DEVICE         *Device,
  IN CONST MAP_ARGUMENTS  *Arguments
  );

EFI_STATUS
OriginalUnmap (
  IN CONST DEVICE  *Device,
  IN VOID          *This,
  IN VOID          *Cookie
  );

EFI_STATUS
OriginalAllocate (
  IN CONST DEVICE              *Device,
  IN CONST ALLOCATE_ARGUMENTS  *Arguments
  );

EFI_STATUS
OriginalFree (
  IN CONST DEVICE  *Device,
  IN VOID          *This,
  IN UINTN         Pages,
  IN VOID          *HostAddress
  );

/** Writes what Map was asked, and what it did if it succeeded, but for the mapping itself. **/
VOID
LineMapRequest (
  IN OUT LINE                 *Line,
  IN     CONST MAP_ARGUMENTS  *Arguments,
  IN     UINT64               BytesAsked
  );

VOID
LineMapResult (
  IN OUT LINE                 *Line,
  IN     CONST MAP_ARGUMENTS  *Arguments,
  IN     UINT64               BytesAsked,
  IN     EFI_STATUS           Status
  );

#endif
