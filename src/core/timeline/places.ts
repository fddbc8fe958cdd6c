import type { TimelineAxis, TimelinePlace, TimelineSamples } from './timeline.ts';

/**
 * Places on all axes of what is known on one of them only. Between two samples they are found by going even steps, so in a long
 * log they can be a few steps off; the worker knows them exactly.
 */
export function placeAt(samples: TimelineSamples, axis: TimelineAxis, value: number): TimelinePlace {
  const known = axis === 'order' ? samples.steps : axis === 'line' ? samples.lines : samples.seconds;
  const column = known ?? samples.steps;
  const next = Math.min(Math.max(firstAbove(column, value), 1), Math.max(column.length - 1, 0));
  const before = Math.max(next - 1, 0);
  const [low, high] = [column[before] ?? 0, column[next] ?? 0];
  const share = high > low ? Math.min(Math.max((value - low) / (high - low), 0), 1) : 0;
  const between = (other: Uint32Array | Float64Array): number => {
    const from = other[before] ?? 0;
    return from + ((other[next] ?? from) - from) * share;
  };
  return {
    step: axis === 'order' ? Math.max(Math.round(value), 0) : Math.round(between(samples.steps)),
    line: axis === 'line' ? Math.max(Math.round(value), 1) : Math.round(between(samples.lines)),
    seconds: samples.seconds && (axis === 'time' ? value : between(samples.seconds)),
  };
}

/** The first entry above `value` in an ascending column. */
function firstAbove(column: Uint32Array | Float64Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
