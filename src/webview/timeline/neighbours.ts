import { barColumns } from '../../core/timeline/axis.ts';
import type { Timeline, TimelineAxis } from '../../core/timeline/timeline.ts';
import { rowOfBar } from '../../core/timeline/bars.ts';

/**
 * The bar beside another one: before or behind it in its row, or the one in the next row with bars that is the nearest to its begin.
 * Without a bar to begin at, the first one of the trace. `null`: there is none.
 */
export function neighbourOf(
  timeline: Timeline,
  axis: TimelineAxis,
  bar: number | null,
  to: 'left' | 'right' | 'up' | 'down',
): number | null {
  const { rowBars, outline } = timeline;
  if (outline.barCount === 0) return null;
  if (bar === null) return 0;
  const row = rowOfBar(rowBars, bar);
  if (to === 'left') return bar > (rowBars[row] ?? 0) ? bar - 1 : null;
  if (to === 'right') return bar + 1 < (rowBars[row + 1] ?? 0) ? bar + 1 : null;
  const way = to === 'up' ? -1 : 1;
  for (let other = row + way; other >= 0 && other < outline.rowCount; other += way) {
    const [first = 0, end = 0] = [rowBars[other], rowBars[other + 1]];
    if (first < end) return nearestIn(timeline, axis, bar, first, end);
  }
  return null;
}

function nearestIn(timeline: Timeline, axis: TimelineAxis, bar: number, first: number, end: number): number {
  const { starts } = barColumns(timeline, axis);
  const wanted = starts[bar] ?? 0;
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  if (low === first) return first;
  if (low === end) return end - 1;
  return (starts[low] ?? 0) - wanted < wanted - (starts[low - 1] ?? 0) ? low : low - 1;
}
