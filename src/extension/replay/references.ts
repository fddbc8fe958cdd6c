/** Numbers for what a client may ask for while the replay stands still. None is ever given out for two things. */
export interface References {
  /** The same thing has the same number until the next `clear`. */
  numberOf(thing: Referenced): number;
  get(number: number): Referenced | null;
  /** The replay moves on: what the client holds is of another step. */
  clear(): void;
}

export type Referenced =
  /** A frame of the place where the replay stands, or of a boot where it does not. */
  | { readonly kind: 'frame'; readonly boot: number; readonly index: number }
  | { readonly kind: 'variables'; readonly path: string; readonly indexed: boolean };

export function createReferences(): References {
  const things = new Map<number, Referenced>();
  const numbers = new Map<string, number>();
  let last = 0;
  return {
    numberOf(thing) {
      const key = JSON.stringify(thing);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      things.set(++last, thing);
      numbers.set(key, last);
      return last;
    },
    get: (number) => things.get(number) ?? null,
    clear() {
      things.clear();
      numbers.clear();
    },
  };
}
