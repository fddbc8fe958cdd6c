import type { Columns } from './axis.ts';
import { at, firstNotBelow, gallopTo, valueAt } from './numbers.ts';
import type { Projection } from './projection.ts';

/** Spans of one row, ordered by start, which do not overlap. */
export interface RowSpans extends Columns {
  readonly endSteps: Uint32Array;
  readonly from: number;
  readonly to: number;
  readonly stepCount: number;
}

/** Narrower spans that begin within so many pixels are one: nobody tells them apart, and each would cost a rectangle. */
export const CELL_PIXELS = 3;

export interface RowVisitor {
  /** A span that is at least a cell wide, or the only one that begins in its cell; not cut to the view. */
  single(span: number, left: number, right: number): void;
  /** Several narrow ones that begin in the cell at `left`. */
  several(from: number, to: number, left: number): void;
}

/**
 * Goes through the spans of a row that the view shows. Its cost is bound by the pixels of the view: those that share a cell are
 * jumped over.
 */
export function walkRow(row: RowSpans, projection: Projection, visitor: RowVisitor): void {
  const { starts } = row;
  const { from, to, scale } = projection;
  const stop = firstNotBelow(starts, to, row.from, row.to);
  let next = firstSpan(row, from);
  while (next < stop) {
    const left = (valueAt(starts, next) - from) * scale;
    const right = (endOf(row, next, projection) - from) * scale;
    if (right - left >= CELL_PIXELS) {
      visitor.single(next++, left, right);
      continue;
    }
    const cell = Math.floor(left / CELL_PIXELS) * CELL_PIXELS;
    let end = Math.max(gallopTo(starts, from + (cell + CELL_PIXELS) / scale, next, stop), next + 1);
    // Of those that begin in the cell, the last one alone can be wider.
    const last = end - 1;
    if (last > next && (endOf(row, last, projection) - valueAt(starts, last)) * scale >= CELL_PIXELS) end = last;
    if (end - next === 1) visitor.single(next, left, right);
    else visitor.several(next, end, cell);
    next = end;
  }
}

/** The first span that reaches beyond `from`. */
export function firstSpan(row: RowSpans, from: number): number {
  const found = firstNotBelow(row.ends, from, row.from, row.to);
  // What does not end is the last of its row, and reaches beyond everything.
  return found === row.to && found > row.from && at(row.endSteps, found - 1) >= row.stepCount ? found - 1 : found;
}

/** Where a span is drawn to. */
export function endOf(
  row: Pick<RowSpans, 'ends' | 'endSteps' | 'stepCount'>,
  span: number,
  { extentTo }: Pick<Projection, 'extentTo'>,
): number {
  return at(row.endSteps, span) >= row.stepCount ? extentTo : valueAt(row.ends, span);
}
