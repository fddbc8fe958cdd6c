import type { Journal } from '../journal/journal.ts';
import { KIND } from './kinds.ts';
import type { Lifespans } from './live-ids.ts';

/**
 * Where the calls of a boot and what came of them stand: by id of a mapping or a buffer, or by number of a failed map, a step plus
 * one, or 0 where there is none. What is asked for beyond the ids of the boot is not there, either.
 */
export interface BootIndex {
  readonly mappings: Lifespans;
  readonly mapCalls: Uint32Array;
  readonly buffers: Lifespans;
  readonly allocateCalls: Uint32Array;
  readonly failedCalls: Uint32Array;
  readonly failedResults: Uint32Array;
}

export interface BootSizes {
  readonly mappings: number;
  readonly buffers: number;
  readonly failedMaps: number;
}

/** One pass over the steps. */
export function createBootIndex({ stepCount, kinds, subjects }: Journal, sizes: BootSizes): BootIndex {
  const index = {
    mappings: lifespans(sizes.mappings),
    mapCalls: new Uint32Array(sizes.mappings + 1),
    buffers: lifespans(sizes.buffers),
    allocateCalls: new Uint32Array(sizes.buffers + 1),
    failedCalls: new Uint32Array(sizes.failedMaps + 1),
    failedResults: new Uint32Array(sizes.failedMaps + 1),
  };
  const columns = columnsByKind(index);
  for (let step = 0; step < stepCount; step++) {
    const kind = kinds[step] ?? 0;
    const subject = subjects[step] ?? 0;
    // A failed map has a negative number.
    if (subject > 0) {
      const column = columns[kind];
      if (column) column[subject] = step + 1;
    } else if (kind === KIND['map-called']) index.failedCalls[-subject] = step + 1;
    else if (kind === KIND['map-failed']) index.failedResults[-subject] = step + 1;
  }
  // A call of which nobody knows what came has the number 0.
  index.failedCalls[0] = 0;
  index.failedResults[0] = 0;
  return index;
}

function lifespans(count: number): Lifespans {
  return { begins: new Uint32Array(count + 1), ends: new Uint32Array(count + 1) };
}

/** Where a step of a kind is written down. */
function columnsByKind({
  mappings,
  buffers,
  mapCalls,
  allocateCalls,
}: BootIndex): readonly (Uint32Array | undefined)[] {
  const columns: (Uint32Array | undefined)[] = [];
  columns[KIND['map-called']] = mapCalls;
  columns[KIND.mapped] = mappings.begins;
  columns[KIND.unmapped] = mappings.ends;
  columns[KIND['mapping-lost']] = mappings.ends;
  columns[KIND['allocate-called']] = allocateCalls;
  columns[KIND.allocated] = buffers.begins;
  columns[KIND.freed] = buffers.ends;
  columns[KIND['buffer-lost']] = buffers.ends;
  return columns;
}
