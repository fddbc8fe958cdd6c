import type { Lives } from './lives.ts';
import type { FreeRows } from './free-rows.ts';
import { createFreeRows } from './free-rows.ts';
import { at, shortAt } from './numbers.ts';

/** Which row of its lane each mapping and buffer got, by its id. Rows of all lanes are numbered through, lane by lane. */
export interface Packing {
  readonly mappingRows: Uint32Array;
  readonly bufferRows: Uint32Array;
  /** Of each lane its first row, and at the end the number of rows. */
  readonly laneRows: Uint32Array;
}

export interface PackingInput {
  readonly lives: Lives;
  readonly stepCount: number;
  /** Number of lanes; buffers that were never mapped get the last. */
  readonly laneCount: number;
  /** By the id of a mapping. */
  readonly laneOfMapping: Uint16Array;
  /** By the id of a mapping: the id of the buffer that it lies in, or 0. */
  readonly bufferOfMapping: Uint32Array;
}

/**
 * First fit: in the order of their starts each gets the uppermost row of its lane that is free. A buffer keeps its row as long as
 * it or a mapping in it lives; a mapping shares the row of its buffer unless another mapping of it is there, and is packed like one
 * without a buffer otherwise.
 */
export function packRows(input: PackingInput): Packing {
  const { lives, stepCount, laneCount, laneOfMapping } = input;
  const { mappings, buffers } = lives;
  const { hosts, laneOfBuffer, unitEnds } = findHosts(input);
  const lanes = Array.from({ length: laneCount }, createFreeRows);
  const mappingRows = new Uint32Array(mappings.starts.length);
  const bufferRows = new Uint32Array(buffers.starts.length);
  const endings = createEndings(stepCount);
  const rowsOf = (lane: number): FreeRows => lanes[lane] ?? createFreeRows();

  function takeRow(lane: number, start: number, end: number): number {
    endings.takeUpTo(start, (endedLane, row) => rowsOf(endedLane).release(row));
    const row = rowsOf(lane).take();
    endings.add(end, lane, row);
    return row;
  }

  let nextBuffer = 0;
  function placeBuffersUpTo(step: number): void {
    for (; nextBuffer < buffers.order.length; nextBuffer++) {
      const id = at(buffers.order, nextBuffer);
      const start = at(buffers.starts, id);
      if (start >= step) return;
      bufferRows[id] = takeRow(shortAt(laneOfBuffer, id), start, at(unitEnds, id));
    }
  }

  mappings.order.forEach((id) => {
    const start = at(mappings.starts, id);
    placeBuffersUpTo(start);
    const host = at(hosts, id);
    mappingRows[id] =
      host > 0 ? at(bufferRows, host) : takeRow(shortAt(laneOfMapping, id), start, at(mappings.ends, id));
  });
  placeBuffersUpTo(stepCount);

  const laneRows = new Uint32Array(laneCount + 1);
  lanes.forEach((lane, index) => (laneRows[index + 1] = at(laneRows, index) + lane.count));
  mappings.order.forEach((id) => {
    mappingRows[id] = at(mappingRows, id) + at(laneRows, shortAt(laneOfMapping, id));
  });
  buffers.order.forEach((id) => {
    bufferRows[id] = at(bufferRows, id) + at(laneRows, shortAt(laneOfBuffer, id));
  });
  return { mappingRows, bufferRows, laneRows };
}

/** Which mappings lie in the row of their buffer, and how long that row is taken. */
function findHosts({ lives, laneCount, laneOfMapping, bufferOfMapping }: PackingInput): {
  readonly hosts: Uint32Array;
  readonly laneOfBuffer: Uint16Array;
  readonly unitEnds: Uint32Array;
} {
  const { mappings, buffers } = lives;
  const unmapped = laneCount - 1;
  const hosts = new Uint32Array(mappings.starts.length);
  const laneOfBuffer = new Uint16Array(buffers.starts.length).fill(unmapped);
  const unitEnds = buffers.ends.slice();
  /** Until when a mapping is in the buffer's row. */
  const taken = new Uint32Array(buffers.starts.length);
  mappings.order.forEach((id) => {
    const buffer = at(bufferOfMapping, id);
    const start = at(mappings.starts, id);
    // A buffer that the journal does not know, or not at that time, is none.
    if (buffer === 0 || start <= at(buffers.starts, buffer) || start > at(buffers.ends, buffer)) return;
    const lane = shortAt(laneOfMapping, id);
    if (laneOfBuffer[buffer] === unmapped) laneOfBuffer[buffer] = lane;
    if (laneOfBuffer[buffer] !== lane || start < at(taken, buffer)) return;
    hosts[id] = buffer;
    const end = at(mappings.ends, id);
    taken[buffer] = end;
    if (end > at(unitEnds, buffer)) unitEnds[buffer] = end;
  });
  return { hosts, laneOfBuffer, unitEnds };
}

/** What ends when: the steps are all different, so there is one place for each. */
function createEndings(stepCount: number): {
  add(step: number, lane: number, row: number): void;
  takeUpTo(step: number, release: (lane: number, row: number) => void): void;
} {
  const lanes = new Uint16Array(stepCount);
  /** 0: nothing ends there. */
  const rowsFromOne = new Uint32Array(stepCount);
  let next = 0;
  return {
    add(step, lane, row) {
      // What never ends needs no place.
      if (step >= stepCount) return;
      lanes[step] = lane;
      rowsFromOne[step] = row + 1;
    },
    takeUpTo(step, release) {
      for (const end = Math.min(step + 1, stepCount); next < end; next++) {
        const row = at(rowsFromOne, next);
        if (row > 0) release(shortAt(lanes, next), row - 1);
      }
    },
  };
}
