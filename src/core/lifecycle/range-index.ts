import type { Address } from '../model/address.ts';
import { addBytes, subtractBytes, toAddress } from '../model/address.ts';

/** A set of address ranges that can be asked which of them a range touches. Built for a few dozen; bounded for a million. */
export interface RangeIndex<T> {
  add(item: T): void;
  delete(item: T): void;
  /**
   * Items whose range shares an address with `[start, start + bytes)` and which `accepts` takes, in the order they were added.
   * Where there are very many (`MOST_HITS`, `MOST_LOOKS`), some of them.
   */
  overlapping(start: Address, bytes: Address, accepts?: (item: T) => boolean): readonly T[];
  /** All items, in the order they were added. */
  items(): T[];
  readonly size: number;
}

/** No finding shows more than a few of them. */
const MOST_HITS = 128;
/** Ranges looked at for one question, so that a log in which all ranges overlap costs no more than its length. */
const MOST_LOOKS = 4096;

/** Up to here a linear look is faster than any index, and real firmware stays below. */
const LINEAR_LIMIT = 48;

interface Entry<T> {
  readonly item: T;
  readonly order: number;
  readonly start: Address;
  /** Exclusive. */
  readonly end: Address;
}

const NONE: readonly never[] = [];

/**
 * A short list is looked at from end to end. A longer one is also kept in buckets by size class: a range of at most 2^k bytes
 * lies in the one or two buckets of width 2^k that it touches. A question looks at each class in use, at the buckets that its
 * range touches; where those are more than there are entries, it looks at the entries, so no question costs more than one pass.
 */
export function createRangeIndex<T>(startOf: (item: T) => Address, bytesOf: (item: T) => Address): RangeIndex<T> {
  const entries: Entry<T>[] = [];
  const positions = new Map<T, number>();
  const buckets = createBuckets<T>();
  let order = 0;
  let indexed = false;

  return {
    add(item) {
      const start = startOf(item);
      const entry = { item, order: order++, start, end: addBytes(start, bytesOf(item)) };
      entries.push(entry);
      if (indexed) {
        positions.set(item, entries.length - 1);
        buckets.add(entry);
      } else if (entries.length > LINEAR_LIMIT) {
        indexed = true;
        for (const [position, each] of entries.entries()) {
          positions.set(each.item, position);
          buckets.add(each);
        }
      }
    },
    delete(item) {
      const position = indexed ? (positions.get(item) ?? -1) : lastPosition(entries, item);
      const entry = entries[position];
      const last = entries[entries.length - 1];
      if (!entry || !last) return;
      entries[position] = last;
      entries.pop();
      if (!indexed) return;
      buckets.delete(entry);
      positions.set(last.item, position);
      positions.delete(item);
      if (entries.length > 0) return;
      indexed = false;
    },
    overlapping(start, bytes, accepts) {
      const end = addBytes(start, bytes);
      if (indexed) return inOrder(buckets.overlapping(start, end, entries, accepts));
      let hits: Entry<T>[] | null = null;
      // An index loop: this runs for every Map() and FreeBuffer().
      // eslint-disable-next-line @typescript-eslint/prefer-for-of
      for (let position = 0; position < entries.length; position++) {
        const entry = entries[position];
        if (entry && touches(entry, start, end) && (!accepts || accepts(entry.item))) (hits ??= []).push(entry);
      }
      return hits ? inOrder(hits) : NONE;
    },
    items: () => inOrder([...entries]),
    get size() {
      return entries.length;
    },
  };
}

/** From behind: what was mapped last is mostly unmapped first. */
function lastPosition<T>(entries: readonly Entry<T>[], item: T): number {
  let position = entries.length - 1;
  while (position >= 0 && entries[position]?.item !== item) position--;
  return position;
}

function touches<T>(entry: Entry<T>, start: Address, end: Address): boolean {
  return entry.start < end && start < entry.end && start < end && entry.start < entry.end;
}

function inOrder<T>(hits: Entry<T>[]): T[] {
  if (hits.length > 1) hits.sort((a, b) => a.order - b.order);
  return hits.map((entry) => entry.item);
}

interface Buckets<T> {
  add(entry: Entry<T>): void;
  delete(entry: Entry<T>): void;
  overlapping(
    start: Address,
    end: Address,
    all: readonly Entry<T>[],
    accepts: ((item: T) => boolean) | undefined,
  ): Entry<T>[];
}

/** Most buckets hold one entry: a set for each would cost more than all else. */
type Bucket<T> = Entry<T> | Set<Entry<T>>;

function createBuckets<T>(): Buckets<T> {
  const classes = new Map<number, Map<Address, Bucket<T>>>();

  return {
    add(entry) {
      const size = sizeClass(entry);
      let buckets = classes.get(size);
      if (!buckets) {
        buckets = new Map<Address, Bucket<T>>();
        classes.set(size, buckets);
      }
      for (const key of keysOf(entry.start, entry.end, size)) {
        const bucket = buckets.get(key);
        if (bucket === undefined) buckets.set(key, entry);
        else if (bucket instanceof Set) bucket.add(entry);
        else buckets.set(key, new Set([bucket, entry]));
      }
    },
    delete(entry) {
      const size = sizeClass(entry);
      const buckets = classes.get(size);
      if (!buckets) return;
      for (const key of keysOf(entry.start, entry.end, size)) {
        const bucket = buckets.get(key);
        if (bucket instanceof Set) bucket.delete(entry);
        if (bucket === entry || (bucket instanceof Set && bucket.size === 0)) buckets.delete(key);
      }
      if (buckets.size === 0) classes.delete(size);
    },
    overlapping(start, end, all, accepts) {
      const hits = new Set<Entry<T>>();
      let looks = 0;
      /** Whether to look on. */
      const look = (entry: Entry<T>): boolean => {
        if (touches(entry, start, end) && (!accepts || accepts(entry.item))) hits.add(entry);
        return ++looks < MOST_LOOKS && hits.size < MOST_HITS;
      };
      for (const [size, buckets] of classes) {
        if (bucketCount(start, end, size) > buckets.size) {
          all.every(look);
          return [...hits];
        }
        for (const key of keysOf(start, end, size)) {
          const bucket = buckets.get(key);
          if (bucket === undefined) continue;
          const wantsMore = bucket instanceof Set ? everyOf(bucket, look) : look(bucket);
          if (!wantsMore) return [...hits];
        }
      }
      return [...hits];
    },
  };
}

function everyOf<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (!holds(item)) return false;
  return true;
}

/** Smallest k, from 12 up, with a size of at most 2^k bytes. A damaged record can tell of 2^64 pages. */
function sizeClass({ start, end }: { readonly start: Address; readonly end: Address }): number {
  const bytes = subtractBytes(end, start);
  let size = 12;
  while (size < 76 && bytes > 2 ** size) size++;
  return size;
}

function bucketOf(address: Address, size: number): Address {
  return typeof address === 'number' ? Math.floor(address / 2 ** size) : toAddress(address >> BigInt(size));
}

/** Bucket of the last address of a range; an empty range has that of its start. */
function lastBucket(start: Address, end: Address, size: number): Address {
  return end > start ? bucketOf(subtractBytes(end, 1), size) : bucketOf(start, size);
}

function bucketCount(start: Address, end: Address, size: number): number {
  return Number(subtractBytes(lastBucket(start, end, size), bucketOf(start, size))) + 1;
}

function* keysOf(start: Address, end: Address, size: number): Generator<Address> {
  const last = lastBucket(start, end, size);
  for (let key = bucketOf(start, size); key <= last; key = addBytes(key, 1)) yield key;
}
