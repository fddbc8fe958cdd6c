/** When things begin and end, by id: the step plus one, or 0 for never. */
export interface Lifespans {
  readonly begins: Uint32Array;
  readonly ends: Uint32Array;
}

/** The ids that are live behind a step. */
export interface LiveIds {
  readonly size: number;
  has(id: number): boolean;
  /** `count` ids from place `start` in ascending order, which is that of their making, or as many as there are. */
  page(start: number, count: number): number[];
  /** All of them, ascending. */
  toIds(): Uint32Array;
}

/** Live ids that move from step to step. How many live in each block of ids is all that is kept of them. */
export interface MovingLiveIds extends LiveIds {
  /** To be called when something begins (1) or ends (−1) in the direction of the movement. */
  change(id: number, delta: 1 | -1): void;
  /** How many live in each block. */
  snapshot(): Uint16Array;
  load(counts: Uint16Array): void;
}

const BLOCK_BITS = 10;

/** How many blocks there are for so many ids, that of id 0 included. */
export function blockCount(idCount: number): number {
  return (idCount >>> BLOCK_BITS) + 1;
}

/** `stepsDone`: how many steps lie behind the place where things are looked at. */
export function createLiveIds({ begins, ends }: Lifespans, stepsDone: () => number): MovingLiveIds {
  const counts = new Uint16Array(blockCount(begins.length));
  let size = 0;

  function isLive(id: number, done: number): boolean {
    const begin = begins[id] ?? 0;
    const end = ends[id] ?? 0;
    return begin !== 0 && begin <= done && (end === 0 || end > done);
  }

  /** Hands out ids from place `start` on until `take` has had enough. */
  function walk(start: number, take: (id: number) => boolean): void {
    const done = stepsDone();
    let skip = start;
    for (let block = 0; block < counts.length; block++) {
      let left = counts[block] ?? 0;
      if (skip >= left) {
        skip -= left;
        continue;
      }
      const end = (block + 1) << BLOCK_BITS;
      for (let id = block << BLOCK_BITS; left > 0 && id < end; id++) {
        if (!isLive(id, done)) continue;
        left--;
        if (skip > 0) skip--;
        else if (!take(id)) return;
      }
    }
  }

  return {
    get size() {
      return size;
    },
    has: (id) => isLive(id, stepsDone()),
    page(start, count) {
      const ids: number[] = [];
      if (count > 0) walk(Math.max(start, 0), (id) => ids.push(id) < count);
      return ids;
    },
    toIds() {
      const ids = new Uint32Array(size);
      let at = 0;
      walk(0, (id) => {
        ids[at++] = id;
        return true;
      });
      return ids;
    },
    change(id, delta) {
      const block = id >>> BLOCK_BITS;
      counts[block] = (counts[block] ?? 0) + delta;
      size += delta;
    },
    snapshot: () => counts.slice(),
    load(from) {
      counts.set(from);
      size = 0;
      for (const count of from) size += count;
    },
  };
}
