/** A sum of sizes that come and go, in bytes. */
export interface ByteCounter {
  add(bytes: number): void;
  remove(bytes: number): void;
  /** The sum, rounded once if it is beyond 2^53. */
  readonly bytes: number;
}

const HALF = 2 ** 32;

/**
 * A hostile log maps exabytes. A plain sum would lose what is small next to them, and keep the error when they are gone; so whole
 * units of 4 GiB are counted apart.
 */
export function createByteCounter(): ByteCounter {
  let units = 0;
  let rest = 0;

  function count(bytes: number, sign: 1 | -1): void {
    const whole = Math.floor(bytes / HALF);
    units += sign * whole;
    rest += sign * (bytes - whole * HALF);
  }

  return {
    add: (bytes) => count(bytes, 1),
    remove: (bytes) => count(bytes, -1),
    get bytes() {
      return units * HALF + rest;
    },
  };
}
