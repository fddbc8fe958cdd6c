/**
 * Ids that are live, one bit each, counted by blocks: to change one costs the same whatever their number, and any page of them in
 * ascending order, which is that of their making, is found without listing those before it.
 */
export interface LiveSet {
  readonly size: number;
  has(id: number): boolean;
  add(id: number): void;
  delete(id: number): void;
  /** `count` ids from place `start` in ascending order, or as many as there are. */
  page(start: number, count: number): number[];
  /** All of them, ascending. */
  toIds(): Uint32Array;
  load(ids: Uint32Array): void;
}

const BLOCK_BITS = 10;
const WORDS_PER_BLOCK = 1 << (BLOCK_BITS - 5);

/** For ids from 0 to `largestId`. */
export function createLiveSet(largestId: number): LiveSet {
  const blockCounts = new Uint32Array((largestId >>> BLOCK_BITS) + 1);
  const words = new Uint32Array(blockCounts.length * WORDS_PER_BLOCK);
  let size = 0;

  function change(id: number, delta: 1 | -1): void {
    const bit = 1 << (id & 31);
    const word = words[id >>> 5];
    if (word === undefined || ((word & bit) !== 0) === (delta === 1)) return;
    words[id >>> 5] = word ^ bit;
    blockCounts[id >>> BLOCK_BITS] = (blockCounts[id >>> BLOCK_BITS] ?? 0) + delta;
    size += delta;
  }

  /** Hands out ids from place `start` on until `take` has had enough. */
  function walk(start: number, take: (id: number) => boolean): void {
    let skip = start;
    for (let block = 0; block < blockCounts.length; block++) {
      const inBlock = blockCounts[block] ?? 0;
      if (skip >= inBlock) {
        skip -= inBlock;
        continue;
      }
      for (let word = block * WORDS_PER_BLOCK; word < (block + 1) * WORDS_PER_BLOCK; word++) {
        for (let bits = words[word] ?? 0; bits !== 0; bits &= bits - 1) {
          if (skip > 0) skip--;
          else if (!take(word * 32 + 31 - Math.clz32(bits & -bits))) return;
        }
      }
    }
  }

  return {
    get size() {
      return size;
    },
    has: (id) => ((words[id >>> 5] ?? 0) & (1 << (id & 31))) !== 0,
    add: (id) => change(id, 1),
    delete: (id) => change(id, -1),
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
    load(ids) {
      words.fill(0);
      blockCounts.fill(0);
      size = 0;
      for (const id of ids) change(id, 1);
    },
  };
}
