import { at } from './numbers.ts';

/** The row that a bar stands in. O(log rows). */
export function rowOfBar(rowBars: Uint32Array, bar: number): number {
  let low = 0;
  let high = Math.max(rowBars.length - 1, 0);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(rowBars, middle + 1) <= bar) low = middle + 1;
    else high = middle;
  }
  return low;
}
