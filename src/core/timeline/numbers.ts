import type { Column } from './axis.ts';

/**
 * Entries of columns; 0 outside of them. There is one function for each kind of column, since a function that has seen many kinds
 * is several times slower, and these are called for each mapping and each pixel.
 */
export function at(column: Uint32Array, place: number): number {
  return column[place] ?? 0;
}

export function shortAt(column: Uint16Array, place: number): number {
  return column[place] ?? 0;
}

export function floatAt(column: Float64Array, place: number): number {
  return column[place] ?? 0;
}

export function valueAt(column: Column, place: number): number {
  return column[place] ?? 0;
}

/** The first place from `from` up to `to` whose entry is `value` or more; `to` if there is none. The column ascends. */
export function firstNotBelow(column: Column, value: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(column, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As `firstNotBelow`, for what is probably near: the cost depends on how far it is. */
export function gallopTo(column: Column, value: number, from: number, to: number): number {
  let low = from;
  let reach = 1;
  while (low + reach < to && valueAt(column, low + reach) < value) {
    low += reach;
    reach *= 2;
  }
  return firstNotBelow(column, value, low, Math.min(low + reach, to));
}
