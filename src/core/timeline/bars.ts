import { at } from './numbers.ts';
import type { Timeline } from './timeline.ts';

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

/** The lane that a row belongs to, by its place; −1 if there is none. */
export function laneOfRow({ outline }: Pick<Timeline, 'outline'>, row: number): number {
  return outline.lanes.findIndex(({ firstRow, rowCount }) => row >= firstRow && row < firstRow + rowCount);
}

/** The bar of a mapping, by its place; `null`: it has none. O(n). */
export function barOfMapping({ bars }: Pick<Timeline, 'bars'>, mapping: number): number | null {
  const bar = bars.ids.indexOf(mapping);
  return bar < 0 ? null : bar;
}
