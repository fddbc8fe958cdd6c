import type { Address } from '../model/address.ts';
import { addBytes, rangesOverlap } from '../model/address.ts';

/** A set of address ranges that can be asked which of them a range touches. Built for a few dozen; bounded for a million. */
export interface RangeIndex<T> {
  add(item: T): void;
  delete(item: T): void;
  /** Items whose range shares an address with `[start, start + bytes)`, in the order they were added. */
  overlapping(start: Address, bytes: Address): T[];
  readonly size: number;
}

/** Up to here a linear look is faster than any index, and real firmware stays below. */
const LINEAR_LIMIT = 48;

interface Entry<T> {
  readonly item: T;
  readonly order: number;
  readonly start: Address;
  readonly bytes: Address;
}

/**
 * Ranges are kept in buckets by size class: a range of at most 2^k bytes lies in the one or two buckets of width 2^k that it
 * touches. A question looks at each class in use, at the buckets that its range touches; where those are more than there are
 * entries, it looks at the entries instead, so no question costs more than one pass.
 */
export function createRangeIndex<T>(
  rangeOf: (item: T) => { readonly start: Address; readonly bytes: Address },
): RangeIndex<T> {
  const entries = new Map<T, Entry<T>>();
  const classes = new Map<number, Map<string, Set<Entry<T>>>>();
  let order = 0;

  function bucketsOf(entry: Entry<T>): { readonly size: number; readonly keys: string[] } {
    const size = sizeClass(entry.bytes);
    return { size, keys: keysOf(entry.start, entry.bytes, size) };
  }

  function index(entry: Entry<T>): void {
    const { size, keys } = bucketsOf(entry);
    let buckets = classes.get(size);
    if (!buckets) {
      buckets = new Map<string, Set<Entry<T>>>();
      classes.set(size, buckets);
    }
    for (const key of keys) {
      const bucket = buckets.get(key);
      if (bucket) bucket.add(entry);
      else buckets.set(key, new Set([entry]));
    }
  }

  function unindex(entry: Entry<T>): void {
    const { size, keys } = bucketsOf(entry);
    const buckets = classes.get(size);
    for (const key of keys) {
      const bucket = buckets?.get(key);
      bucket?.delete(entry);
      if (bucket?.size === 0) buckets?.delete(key);
    }
    if (buckets?.size === 0) classes.delete(size);
  }

  return {
    add(item) {
      const { start, bytes } = rangeOf(item);
      const entry = { item, order: order++, start, bytes };
      entries.set(item, entry);
      if (entries.size === LINEAR_LIMIT + 1) for (const each of entries.values()) index(each);
      else if (entries.size > LINEAR_LIMIT) index(entry);
    },
    delete(item) {
      const entry = entries.get(item);
      if (!entry) return;
      if (entries.size > LINEAR_LIMIT) unindex(entry);
      entries.delete(item);
      if (entries.size === LINEAR_LIMIT) classes.clear();
    },
    overlapping(start, bytes) {
      const hits: Entry<T>[] = [];
      const look = (entry: Entry<T>): void => {
        if (rangesOverlap(entry.start, entry.bytes, start, bytes)) hits.push(entry);
      };
      if (entries.size <= LINEAR_LIMIT) {
        for (const entry of entries.values()) look(entry);
        return hits.map((entry) => entry.item);
      }
      const seen = new Set<Entry<T>>();
      for (const [size, buckets] of classes) {
        if (bucketCount(start, bytes, size) > buckets.size) {
          for (const bucket of buckets.values()) for (const entry of bucket) seen.add(entry);
        } else {
          for (const key of keysOf(start, bytes, size)) for (const entry of buckets.get(key) ?? []) seen.add(entry);
        }
      }
      for (const entry of seen) look(entry);
      return hits.sort((a, b) => a.order - b.order).map((entry) => entry.item);
    },
    get size() {
      return entries.size;
    },
  };
}

/** Smallest k, from 12 up, with `bytes` ≤ 2^k. */
function sizeClass(bytes: Address): number {
  let size = 12;
  while (size < 64 && 2n ** BigInt(size) < BigInt(bytes)) size++;
  return size;
}

function bucketNumber(address: Address, size: number): bigint {
  return BigInt(address) >> BigInt(size);
}

function lastAddress(start: Address, bytes: Address): Address {
  const end = addBytes(start, bytes);
  return bytes > 0 ? (typeof end === 'number' ? end - 1 : end - 1n) : start;
}

function bucketCount(start: Address, bytes: Address, size: number): number {
  return Number(bucketNumber(lastAddress(start, bytes), size) - bucketNumber(start, size)) + 1;
}

function keysOf(start: Address, bytes: Address, size: number): string[] {
  const keys: string[] = [];
  const last = bucketNumber(lastAddress(start, bytes), size);
  for (let bucket = bucketNumber(start, size); bucket <= last; bucket++) keys.push(bucket.toString(36));
  return keys;
}
