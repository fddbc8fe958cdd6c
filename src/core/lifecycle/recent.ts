import type { Address } from '../model/address.ts';

/** What was last seen under an address. Forgets the oldest in bulk, so that a hostile log cannot fill memory. */
export interface Recent<T> {
  set(address: Address, item: T): void;
  get(address: Address): T | null;
}

/** Real firmware reuses a few hundred handles. */
const REMEMBERED = 1 << 19;

/** Two generations: what has not been set again while a whole generation filled up is forgotten with it, unless `mustKeep`. */
export function createRecent<T>(mustKeep: (item: T) => boolean): Recent<T> {
  let young = new Map<Address, T>();
  let old = new Map<Address, T>();
  return {
    set(address, item) {
      young.set(address, item);
      if (young.size < REMEMBERED) return;
      for (const [kept, each] of old) if (mustKeep(each) && !young.has(kept)) young.set(kept, each);
      old = young;
      young = new Map();
    },
    get: (address) => young.get(address) ?? old.get(address) ?? null,
  };
}
