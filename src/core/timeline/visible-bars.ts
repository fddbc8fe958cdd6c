import { barSpans } from './hit-test.ts';
import { placeLanes, visibleRows } from './lane-boxes.ts';
import { at, firstNotBelow } from './numbers.ts';
import { firstSpan } from './row-walk.ts';
import type { SceneView } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** Bars that a view shows, lane by lane, in each by start. */
export interface VisibleBars {
  /** Places of the bars; not more than were asked for. */
  readonly bars: Uint32Array;
  /** How many there are in all. */
  readonly total: number;
}

/** For whoever cannot see the picture: what it shows, as a list. Bars of collapsed lanes are not among it. */
export function visibleBars(timeline: Timeline, view: SceneView, limit: number): VisibleBars {
  const found: number[] = [];
  let total = 0;
  const matches = view.matchesOnly ? view.matches : null;
  for (const box of placeLanes(timeline.outline, view).boxes) {
    const rows = visibleRows(box, view);
    const ofLane: number[] = [];
    for (let row = rows.from; row < rows.to; row++) {
      const spans = barSpans(timeline, view, row);
      const from = firstSpan(spans, view.from);
      const to = Math.max(firstNotBelow(spans.starts, view.to, spans.from, spans.to), from);
      if (matches === null) {
        total += to - from;
        for (let bar = from; bar < Math.min(to, from + limit); bar++) ofLane.push(bar);
      } else {
        const [first, end] = [
          firstNotBelow(matches, from, 0, matches.length),
          firstNotBelow(matches, to, 0, matches.length),
        ];
        total += end - first;
        ofLane.push(...matches.subarray(first, Math.min(end, first + limit)));
      }
    }
    ofLane.sort((a, b) => at(timeline.bars.startSteps, a) - at(timeline.bars.startSteps, b));
    found.push(...ofLane.slice(0, limit - found.length));
  }
  return { bars: Uint32Array.from(found), total };
}
