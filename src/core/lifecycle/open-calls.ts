import type { Address } from '../model/address.ts';
import { bytesToPages } from '../model/address.ts';
import type { AllocateCalled, MapCalled, MapReturned } from '../model/events.ts';

/** A call whose result has not been seen yet. */
export interface OpenMap {
  readonly called: MapCalled;
  readonly lineIndex: number;
  /** Its place among the steps. */
  readonly step: number;
  /** Lines that IoMmuDxe printed inside the call. */
  readonly innerLineIndices: number[];
}

export interface OpenAllocate {
  readonly called: AllocateCalled;
  readonly lineIndex: number;
  readonly step: number;
}

/**
 * Pairs the two lines of a call. A failed call prints only the first, and an event notification at a higher TPL can put whole
 * calls between the two lines of another, so a result belongs to the latest open call that agrees with it; calls that were
 * entered after that one have failed.
 */
export interface OpenCalls {
  mapCalled(called: MapCalled, lineIndex: number, step: number): void;
  allocateCalled(called: AllocateCalled, lineIndex: number, step: number): void;
  /** `null`: the log lost the line where the call was entered. */
  mapReturned(returned: MapReturned): OpenMap | null;
  allocateReturned(): OpenAllocate | null;
  /** The innermost call that is open has failed. Returns whether there is one. */
  mapFailed(status: string, lineIndex: number): boolean;
  allocateFailed(): void;
  /** The innermost Map() that is open, to which a pool line belongs. */
  readonly innermostMap: OpenMap | null;
  /** Declares failed what is still open, but for a call behind which no other DMA line stands: the log may just end in it. */
  finish(lastDmaLineIndex: number | null): void;
  /** Whether a Map() that was called at or behind `lineIndex` has shown no result so far. */
  resultMissingSince(lineIndex: number): boolean;
}

/** TPL_CALLBACK, TPL_NOTIFY and TPL_HIGH_LEVEL over TPL_APPLICATION: calls nest no deeper than a few; the rest has failed. */
const DEEPEST_NESTING = 16;

/** What the log shows of a failure, or `null` where a result is merely missing. */
export type FailureStatus = { readonly text: string; readonly lineIndex: number } | null;

export function createOpenCalls(onMapFailed: (open: OpenMap, status: FailureStatus) => void): OpenCalls {
  const maps: OpenMap[] = [];
  const allocates: OpenAllocate[] = [];
  let lastFailedLineIndex = -1;

  function fail(open: OpenMap, status: FailureStatus = null): void {
    if (!status) lastFailedLineIndex = Math.max(lastFailedLineIndex, open.lineIndex);
    onMapFailed(open, status);
  }

  return {
    mapCalled(called, lineIndex, step) {
      maps.push({ called, lineIndex, step, innerLineIndices: [] });
      if (maps.length > DEEPEST_NESTING) for (const open of maps.splice(0, 1)) fail(open);
    },
    allocateCalled(called, lineIndex, step) {
      allocates.push({ called, lineIndex, step });
      if (allocates.length > DEEPEST_NESTING) allocates.shift();
    },
    mapReturned({ host, pages }) {
      let index = maps.length - 1;
      // A line that repeats neither can only belong to the innermost call.
      while (host !== null && pages !== null && index >= 0 && !agrees(maps[index], host, pages)) index--;
      // Map() may succeed with fewer bytes than asked for.
      if (host !== null && index < 0)
        for (index = maps.length - 1; index >= 0 && maps[index]?.called.host !== host;) index--;
      const match = maps[index];
      if (!match) return null;
      for (const open of maps.splice(index).slice(1)) fail(open);
      return match;
    },
    allocateReturned() {
      return allocates.pop() ?? null;
    },
    mapFailed(text, lineIndex) {
      const open = maps.pop();
      if (open) fail(open, { text, lineIndex });
      return open !== undefined;
    },
    allocateFailed() {
      allocates.pop();
    },
    get innermostMap() {
      return maps[maps.length - 1] ?? null;
    },
    finish(lastDmaLineIndex) {
      for (const open of maps.splice(0)) {
        if (lastDmaLineIndex !== null && open.lineIndex < lastDmaLineIndex) fail(open);
      }
      allocates.length = 0;
    },
    resultMissingSince: (lineIndex) =>
      lastFailedLineIndex >= lineIndex || (maps[maps.length - 1]?.lineIndex ?? -1) >= lineIndex,
  };
}

function agrees(open: OpenMap | undefined, host: Address, pages: Address): boolean {
  return open?.called.host === host && bytesToPages(open.called.bytes) === pages;
}
