/**
 * A seeded source of whole numbers (mulberry32): a bench that compares runs needs the same input each time.
 *
 * @param {number} seed
 * @returns {(limit: number) => number} a number from 0 to `limit` − 1
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
