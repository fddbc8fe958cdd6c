import { barColumns, underlayColumns } from './axis.ts';
import { rowOfBar } from './bars.ts';
import type { LaneBox } from './lane-boxes.ts';
import { lanesTop, placeLanes, rowTop, visibleRows } from './lane-boxes.ts';
import { isInMarks, marksByPixel } from './mark-lines.ts';
import { at, firstNotBelow, valueAt } from './numbers.ts';
import type { Projection } from './projection.ts';
import { createProjection } from './projection.ts';
import type { Box } from './rect-list.ts';
import type { RowSpans } from './row-walk.ts';
import { endOf, firstSpan } from './row-walk.ts';
import type { SceneView } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** What stands at a point of the view. Things are named by their places in the timeline. */
export type TimelineHit =
  | { readonly kind: 'bar'; readonly bar: number }
  | { readonly kind: 'underlay'; readonly underlay: number }
  | { readonly kind: 'lane-header'; readonly lane: number }
  | { readonly kind: 'strip'; readonly lane: number; readonly strip: number }
  /** What stands for the rows of a collapsed lane. */
  | { readonly kind: 'density'; readonly lane: number }
  | { readonly kind: 'mark'; readonly mark: number }
  | { readonly kind: 'handoff' }
  | { readonly kind: 'ruler' }
  | { readonly kind: 'nothing' };

/** How far beside a thing a pointer still means it. */
const REACH = 3;

/** O(lanes + marks + log n). */
export function hitTest(timeline: Timeline, view: SceneView, x: number, y: number): TimelineHit {
  const projection = createProjection(timeline.outline, view);
  const { handoffX } = projection;
  if (y < view.metrics.rulerHeight) return { kind: 'ruler' };
  const nearHandoff = handoffX !== null && Math.abs(handoffX - x) <= REACH;
  if (isInMarks(y, view)) return markAt(timeline, projection, x) ?? { kind: nearHandoff ? 'handoff' : 'nothing' };
  const box = placeLanes(timeline.outline, view).boxes.find(({ headerTop, bottom }) => y >= headerTop && y < bottom);
  const found = box ? hitLane(timeline, view, box, { x, y, projection }) : null;
  return found ?? { kind: nearHandoff ? 'handoff' : 'nothing' };
}

/** Where a bar is drawn, cut to the view; `null`: it is not to be seen. */
export function boxOfBar(timeline: Timeline, view: SceneView, bar: number): Box | null {
  const row = rowOfBar(timeline.rowBars, bar);
  const projection = createProjection(timeline.outline, view);
  for (const box of placeLanes(timeline.outline, view).boxes) {
    const { from, to } = visibleRows(box, view);
    if (row < from || row >= to) continue;
    const spans = barSpans(timeline, view, row);
    const left = projection.toX(valueAt(spans.starts, bar));
    const right = Math.max(projection.toX(endOf(spans, bar, projection)), left + 1);
    if (right < 0 || left > view.width) return null;
    const x = Math.max(left, 0);
    const y = Math.max(rowTop(box, row, view), lanesTop(view));
    const height = rowTop(box, row, view) + view.metrics.rowHeight - y;
    return { x, y, width: Math.min(right, view.width) - x, height };
  }
  return null;
}

/** The spans of a row's bars. */
export function barSpans(timeline: Timeline, { axis }: Pick<SceneView, 'axis'>, row: number): RowSpans {
  const { bars, rowBars, outline } = timeline;
  return {
    ...barColumns(timeline, axis),
    endSteps: bars.endSteps,
    from: at(rowBars, row),
    to: at(rowBars, row + 1),
    stepCount: outline.stepCount,
  };
}

function underlaySpans(timeline: Timeline, { axis }: SceneView, row: number): RowSpans {
  const { underlays, rowUnderlays, outline } = timeline;
  return {
    ...underlayColumns(timeline, axis),
    endSteps: underlays.endSteps,
    from: at(rowUnderlays, row),
    to: at(rowUnderlays, row + 1),
    stepCount: outline.stepCount,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly projection: Projection;
}

function hitLane(timeline: Timeline, view: SceneView, box: LaneBox, point: Point): TimelineHit | null {
  const { y } = point;
  const { index: lane, rowsTop } = box;
  if (y < box.headerBottom) return { kind: 'lane-header', lane };
  if (y < rowsTop) return box.lane.strip === null ? null : { kind: 'strip', lane, strip: box.lane.strip };
  if (box.collapsed) return { kind: 'density', lane };
  const row = box.lane.firstRow + Math.floor((y - rowsTop) / view.metrics.rowHeight);
  const bar = spanAt(barSpans(timeline, view, row), point, sought(view));
  if (bar !== null) return { kind: 'bar', bar };
  const underlay = spanAt(underlaySpans(timeline, view, row), point, () => true);
  return underlay === null ? null : { kind: 'underlay', underlay };
}

/** Whether a bar can be hit: not if it is left out. */
function sought({ matches, matchesOnly }: SceneView): (bar: number) => boolean {
  if (matches === null || !matchesOnly) return () => true;
  return (bar) => matches[firstNotBelow(matches, bar, 0, matches.length)] === bar;
}

/** A look at so many spans beside the pointer is enough: more of them share its pixels. */
const MOST_NEIGHBOURS = 64;

/** The span under the pointer, else the nearest one within reach. */
function spanAt(spans: RowSpans, { x, projection }: Point, isSought: (span: number) => boolean): number | null {
  const { from, scale } = projection;
  let best: number | null = null;
  let bestDistance = REACH;
  const first = firstSpan(spans, from + (x - REACH) / scale);
  for (let span = first; span < Math.min(spans.to, first + MOST_NEIGHBOURS); span++) {
    const left = (valueAt(spans.starts, span) - from) * scale;
    if (left > x + REACH) break;
    if (!isSought(span)) continue;
    const right = (endOf(spans, span, projection) - from) * scale;
    const distance = Math.max(left - x, x - right, 0);
    if (distance >= bestDistance) continue;
    best = span;
    bestDistance = distance;
  }
  return best;
}

function markAt({ outline }: Timeline, projection: Projection, x: number): TimelineHit | null {
  const near = marksByPixel(outline.marks, projection, projection).filter((mark) => Math.abs(mark.x - x) <= REACH);
  const [nearest] = near.sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x));
  if (!nearest) return null;
  return nearest.mark.kind === 'handoff' ? { kind: 'handoff' } : { kind: 'mark', mark: nearest.index };
}
