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

export interface RowVisitor {
  /** A span that is at least a pixel wide, or the only one that begins in its pixel; not cut to the view. */
  single(span: number, left: number, right: number): void;
  /** Several that all lie in the pixel that begins at `left`. */
  several(from: number, to: number, left: number): void;
}

/**
 * Goes through the spans of a row that the view shows. Its cost is bound by the pixels of the view: those that share a pixel are
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
    if (right - left >= 1) {
      visitor.single(next++, left, right);
      continue;
    }
    const pixel = Math.floor(left);
    let end = Math.max(gallopTo(starts, from + (pixel + 1) / scale, next, stop), next + 1);
    // Of those that begin in the pixel, the last one alone can reach out of it.
    const last = end - 1;
    if (last > next && (endOf(row, last, projection) - valueAt(starts, last)) * scale >= 1) end = last;
    if (end - next === 1) visitor.single(next, left, right);
    else visitor.several(next, end, pixel);
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
