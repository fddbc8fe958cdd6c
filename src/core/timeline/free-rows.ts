/** The rows of a lane: each is given to one at a time, the uppermost free one first. */
export interface FreeRows {
  /** The uppermost row that nobody has, a new one if there is none. O(log n). */
  take(): number;
  /** Gives a row back. O(log n). */
  release(row: number): void;
  /** Rows there are. */
  readonly count: number;
}

export function createFreeRows(): FreeRows {
  /** A binary heap, the smallest first. */
  const free: number[] = [];
  let count = 0;

  return {
    take() {
      const top = free[0];
      if (top === undefined) return count++;
      const last = free.pop() ?? top;
      if (free.length > 0) sinkFromTop(free, last);
      return top;
    },
    release(row) {
      let at = free.length;
      free.push(row);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        const above = free[parent] ?? row;
        if (above <= row) break;
        free[at] = above;
        at = parent;
      }
      free[at] = row;
    },
    get count() {
      return count;
    },
  };
}

function sinkFromTop(heap: number[], value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++;
    const below = heap[child] ?? value;
    if (below >= value) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = value;
}
