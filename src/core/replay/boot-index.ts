import type { Journal } from '../journal/journal.ts';
import { KIND } from './kinds.ts';

/**
 * Where the calls of a boot and what came of them stand: by id of a mapping or a buffer, or by number of a failed map, a step plus
 * one, or 0 where there is none. What is asked for beyond the ids of the boot is 0, too.
 */
export interface BootIndex {
  readonly mapCalls: Uint32Array;
  readonly mapped: Uint32Array;
  readonly allocateCalls: Uint32Array;
  readonly allocated: Uint32Array;
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
    mapCalls: new Uint32Array(sizes.mappings + 1),
    mapped: new Uint32Array(sizes.mappings + 1),
    allocateCalls: new Uint32Array(sizes.buffers + 1),
    allocated: new Uint32Array(sizes.buffers + 1),
    failedCalls: new Uint32Array(sizes.failedMaps + 1),
    failedResults: new Uint32Array(sizes.failedMaps + 1),
  };
  for (let step = 0; step < stepCount; step++) {
    const subject = subjects[step] ?? 0;
    if (subject === 0) continue;
    switch (kinds[step]) {
      case KIND['map-called']:
        if (subject > 0) index.mapCalls[subject] = step + 1;
        else index.failedCalls[-subject] = step + 1;
        break;
      case KIND.mapped:
        index.mapped[subject] = step + 1;
        break;
      case KIND['map-failed']:
        index.failedResults[-subject] = step + 1;
        break;
      case KIND['allocate-called']:
        index.allocateCalls[subject] = step + 1;
        break;
      case KIND.allocated:
        index.allocated[subject] = step + 1;
        break;
      default:
    }
  }
  return index;
}
