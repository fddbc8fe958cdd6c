export type Numbers = Uint32Array | Float64Array | Uint16Array | Uint8Array | Int32Array;

/** An entry of a column; 0 outside of it. */
export function at(column: Numbers, place: number): number {
  return column[place] ?? 0;
}

/** The first place from `from` up to `to` whose entry is `value` or more; `to` if there is none. The column ascends. */
export function firstNotBelow(column: Numbers, value: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(column, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As `firstNotBelow`, for what is probably near: the cost depends on how far it is. */
export function gallopTo(column: Numbers, value: number, from: number, to: number): number {
  let low = from;
  let reach = 1;
  while (low + reach < to && at(column, low + reach) < value) {
    low += reach;
    reach *= 2;
  }
  return firstNotBelow(column, value, low, Math.min(low + reach, to));
}
