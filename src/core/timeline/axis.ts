import type { Timeline, TimelineAxis, TimelineOutline, TimelinePlace } from './timeline.ts';
import { TIMELINE_AXES } from './timeline.ts';

/** Part of an axis, in its units; `from < to`. */
export interface AxisRange {
  readonly from: number;
  readonly to: number;
}

type Extended = Pick<TimelineOutline, 'first' | 'last' | 'stepCount' | 'handoff'>;

/** How much room what crosses hand-off gets behind the last step. */
const TAIL = 0.04;
/** The closest look: this much of an axis fills the view. */
const SMALLEST: Readonly<Record<TimelineAxis, number>> = { order: 4, line: 4, time: 1e-6 };

/** The axes that the log has. */
export function axesOf(outline: Pick<TimelineOutline, 'first'>): readonly TimelineAxis[] {
  return TIMELINE_AXES.filter((axis) => axis !== 'time' || outline.first.seconds !== null);
}

/** All of an axis: from the first step to behind the last one. Where the log shows hand-off, there is room behind it. */
export function extentOf({ first, last, stepCount, handoff }: Extended, axis: TimelineAxis): AxisRange {
  const from = axis === 'order' ? 0 : placeOn(first, axis);
  const end = axis === 'order' ? stepCount : axis === 'line' ? last.line + 1 : placeOn(last, axis);
  const to = Math.max(end, from + SMALLEST[axis]);
  return { from, to: handoff === null ? to : to + (to - from) * TAIL };
}

/** Where a place stands on an axis. */
export function placeOn(place: TimelinePlace, axis: TimelineAxis): number {
  if (axis === 'order') return place.step;
  return axis === 'line' ? place.line : (place.seconds ?? 0);
}

/** The same range, moved and narrowed into the extent, and not closer than makes sense. */
export function clampRange(range: AxisRange, extent: AxisRange, axis: TimelineAxis): AxisRange {
  const whole = extent.to - extent.from;
  const length = Math.min(Math.max(range.to - range.from, Math.min(SMALLEST[axis], whole)), whole);
  const from = Math.min(Math.max(range.from, extent.from), extent.to - length);
  return { from, to: from + length };
}

/** Zooms by a factor (below 1: closer) around a place that stays where it is. */
export function zoomRange({ from, to }: AxisRange, factor: number, around: number): AxisRange {
  return { from: around - (around - from) * factor, to: around + (to - around) * factor };
}

/** The exit window with something around it; `null`: ExitBootServices is not in the log. */
export function exitRange(outline: TimelineOutline, axis: TimelineAxis): AxisRange | null {
  if (outline.exit === null) return null;
  const extent = extentOf(outline, axis);
  const from = placeOn(outline.exit.begin, axis);
  const to = outline.handoff === null ? extent.to : placeOn(outline.handoff, axis);
  return clampRange(around(from, to, 0.25), extent, axis);
}

/** A bar with something around it. */
export function barRange(timeline: Timeline, bar: number, axis: TimelineAxis): AxisRange {
  const extent = extentOf(timeline.outline, axis);
  const { starts, ends } = barColumns(timeline, axis);
  const isOpen = (timeline.bars.endSteps[bar] ?? 0) >= timeline.outline.stepCount;
  return clampRange(
    around(starts[bar] ?? extent.from, isOpen ? extent.to : (ends[bar] ?? extent.to), 0.5),
    extent,
    axis,
  );
}

function around(from: number, to: number, share: number): AxisRange {
  const margin = (to - from) * share;
  return { from: from - margin, to: to + margin };
}

export type Column = Uint32Array | Float64Array;

export interface Columns {
  readonly starts: Column;
  readonly ends: Column;
}

/** The columns of the bars that belong to an axis. */
export function barColumns({ bars }: Pick<Timeline, 'bars'>, axis: TimelineAxis): Columns {
  return columnsOf(bars, axis);
}

export function underlayColumns({ underlays }: Pick<Timeline, 'underlays'>, axis: TimelineAxis): Columns {
  return columnsOf(underlays, axis);
}

function columnsOf(
  table: Pick<Timeline['bars'], 'startSteps' | 'endSteps' | 'startLines' | 'endLines' | 'startSeconds' | 'endSeconds'>,
  axis: TimelineAxis,
): Columns {
  if (axis === 'time' && table.startSeconds !== null && table.endSeconds !== null)
    return { starts: table.startSeconds, ends: table.endSeconds };
  return axis === 'line'
    ? { starts: table.startLines, ends: table.endLines }
    : { starts: table.startSteps, ends: table.endSteps };
}
