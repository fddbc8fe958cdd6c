import { attributeMismatch } from './attribute-mismatch.ts';
import { busMasterOnAtHandoff } from './bus-master-on-at-handoff.ts';
import { commonBufferLeftMapped } from './common-buffer-left-mapped.ts';
import { commonBufferLeftToIommu } from './common-buffer-left-to-iommu.ts';
import { commonBufferNotAllocated } from './common-buffer-not-allocated.ts';
import { dmaAfterHandoff } from './dma-after-handoff.ts';
import { dmaAfterUnmap } from './dma-after-unmap.ts';
import { doubleFree } from './double-free.ts';
import { doubleUnmap } from './double-unmap.ts';
import { exitBootServicesRetried } from './exit-boot-services-retried.ts';
import { freeSizeMismatch } from './free-size-mismatch.ts';
import { freeUnknown } from './free-unknown.ts';
import { freeWhileMapped } from './free-while-mapped.ts';
import { handleReusedWhileLive } from './handle-reused-while-live.ts';
import { iommuFault } from './iommu-fault.ts';
import { iommuTornDownFirst } from './iommu-torn-down-first.ts';
import { mapFailed } from './map-failed.ts';
import { mapInExitCallback } from './map-in-exit-callback.ts';
import { memoryAllocatedInExitCallback } from './memory-allocated-in-exit-callback.ts';
import { memoryFreedInExitCallback } from './memory-freed-in-exit-callback.ts';
import { overlappingDeviceRange } from './overlapping-device-range.ts';
import { readWritePendingAtExit } from './read-write-pending-at-exit.ts';
import { readWriteUnmappedInExitCallback } from './read-write-unmapped-in-exit-callback.ts';
import { traceDisagrees } from './trace-disagrees.ts';
import { traceIncomplete } from './trace-incomplete.ts';
import { translationOffAtExit } from './translation-off-at-exit.ts';
import { unmapUnknown } from './unmap-unknown.ts';
import { unmappedBeforeQuiesce } from './unmapped-before-quiesce.ts';
import { unmappedInExitCallback } from './unmapped-in-exit-callback.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order of the documentation: what is left at hand-off, what happened on the way, and what the log itself lacks. */
export const RULES: readonly Rule[] = [
  commonBufferLeftMapped,
  commonBufferLeftToIommu,
  unmappedInExitCallback,
  readWritePendingAtExit,
  memoryFreedInExitCallback,
  memoryAllocatedInExitCallback,
  readWriteUnmappedInExitCallback,
  mapInExitCallback,
  unmappedBeforeQuiesce,
  iommuTornDownFirst,
  translationOffAtExit,
  busMasterOnAtHandoff,
  dmaAfterHandoff,
  dmaAfterUnmap,
  iommuFault,
  doubleUnmap,
  unmapUnknown,
  freeWhileMapped,
  doubleFree,
  freeUnknown,
  freeSizeMismatch,
  commonBufferNotAllocated,
  overlappingDeviceRange,
  mapFailed,
  attributeMismatch,
  handleReusedWhileLive,
  exitBootServicesRetried,
  traceDisagrees,
  traceIncomplete,
];
