import type { Address } from '../model/address.ts';

/** What was last seen under an address. Forgets the longest unseen, so that a hostile log cannot fill memory. */
export interface Recent<T> {
  set(address: Address, item: T): void;
  get(address: Address): T | null;
}

/** Real firmware reuses a few hundred handles. */
const REMEMBERED = 1 << 20;

export function createRecent<T>(): Recent<T> {
  const items = new Map<Address, T>();
  return {
    set(address, item) {
      items.delete(address);
      items.set(address, item);
      if (items.size <= REMEMBERED) return;
      const [oldest] = items.keys();
      if (oldest !== undefined) items.delete(oldest);
    },
    get: (address) => items.get(address) ?? null,
  };
}
