import { barColumns, underlayColumns } from './axis.ts';
import { crossesHandoff } from './bar-flags.ts';
import type { SevereBars } from './bar-traits.ts';
import { createBarSet, ownTraits, styleOf } from './bar-traits.ts';
import { at, shortAt, valueAt } from './numbers.ts';
import type { Projection } from './projection.ts';
import type { RectList } from './rect-list.ts';
import { CELL_PIXELS, endOf, walkRow } from './row-walk.ts';
import type { SceneView } from './scene.ts';
import { TRAITS } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** Draws the rows of one scene, from top to bottom. */
export interface RowPainter {
  /** Underlays and bars of a row whose upper edge is at `y`. */
  paint(row: number, y: number): void;
  /** One bar once more, over all others. */
  paintSelected(bar: number, y: number): void;
}

export interface RowPainterInput {
  readonly timeline: Timeline;
  readonly view: SceneView;
  readonly projection: Projection;
  readonly severe: SevereBars;
  readonly rects: RectList;
  /** Is told of each bar that has a rectangle of its own, and which traits it shows. */
  readonly told: (bar: number, place: ToldPlace) => void;
}

export interface ToldPlace {
  readonly left: number;
  readonly right: number;
  /** Upper edge of the row. */
  readonly y: number;
  readonly traits: number;
}

export function createRowPainter(input: RowPainterInput): RowPainter {
  const { timeline, view, projection, rects, told } = input;
  const { bars, rowBars, underlays, rowUnderlays, outline } = timeline;
  const { axis, handoffX, width } = projection;
  const barSpans = { ...barColumns(timeline, axis), endSteps: bars.endSteps, stepCount: outline.stepCount };
  const underlaySpans = {
    ...underlayColumns(timeline, axis),
    endSteps: underlays.endSteps,
    stepCount: outline.stepCount,
  };
  const errors = createBarSet(input.severe.errors);
  const warnings = createBarSet(input.severe.warnings);
  const matches = view.matches && createBarSet(view.matches);
  const { rowHeight } = view.metrics;
  const underlayHeight = rowHeight >= 8 ? rowHeight - 1 : rowHeight;
  const inset = rowHeight >= 8 ? 2 : 0;

  /** What the search says of bars; `null`: they are left out. */
  function searchTraits(matching: number): number | null {
    if (matches === null) return 0;
    if (matching > 0) return TRAITS.match;
    return view.matchesOnly ? null : TRAITS.dimmed;
  }

  function denseTraits(from: number, to: number): number {
    if (errors.countIn(from, to) > 0) return TRAITS.error;
    return warnings.countIn(from, to) > 0 ? TRAITS.warning : 0;
  }

  function paintBar(bar: number, { left, right, y, traits }: ToldPlace): void {
    const flags = shortAt(bars.flags, bar);
    const x = Math.max(left, -1);
    const end = Math.max(Math.min(right, width + 1), x + 1);
    // A wide bar leaves a gap to the next.
    const shownEnd = end - x >= 4 && end === right ? end - 1 : end;
    const height = rowHeight - 2 * inset;
    const crossing = crossesHandoff(flags) && handoffX !== null ? Math.max(handoffX, x) : Infinity;
    const bodyEnd = Math.min(crossing, shownEnd);
    rects.add(styleOf(flags), { x, y: y + inset, width: bodyEnd - x, height }, traits, bar);
    if (crossing < shownEnd)
      rects.add('crossing', { x: crossing, y: y + inset, width: shownEnd - crossing, height }, traits, bar);
  }

  function paintUnderlay(left: number, right: number, y: number): void {
    const x = Math.max(left, -1);
    rects.add('underlay', { x, y, width: Math.max(Math.min(right, width + 1) - x, 1), height: underlayHeight });
  }

  return {
    paint(row, y) {
      walkRow({ ...underlaySpans, from: at(rowUnderlays, row), to: at(rowUnderlays, row + 1) }, projection, {
        single: (_underlay, left, right) => paintUnderlay(left, right, y),
        several: (_from, _to, left) => paintUnderlay(left, left + CELL_PIXELS, y),
      });
      const runs = createDenseRuns((x, end, traits) =>
        rects.add('dense', { x, y: y + inset, width: Math.min(end, width) - x, height: rowHeight - 2 * inset }, traits),
      );
      walkRow({ ...barSpans, from: at(rowBars, row), to: at(rowBars, row + 1) }, projection, {
        single(bar, left, right) {
          const sought = searchTraits(matches?.countIn(bar, bar + 1) ?? 0);
          if (sought === null) return;
          const place = { left, right, y, traits: ownTraits(shortAt(bars.flags, bar)) | sought };
          runs.flush();
          paintBar(bar, place);
          told(bar, place);
        },
        several(from, to, left) {
          const matching = matches?.countIn(from, to) ?? 0;
          // The only one that is sought is drawn over those that it lies among.
          const lonely = matches !== null && matching === 1 ? matches.first : null;
          const sought = searchTraits(lonely === null ? matching : 0);
          if (sought !== null) runs.add(left, denseTraits(from, to) | sought);
          if (lonely === null) return;
          runs.flush();
          const traits = ownTraits(shortAt(bars.flags, lonely)) | TRAITS.match;
          paintBar(lonely, { left, right: left + CELL_PIXELS, y, traits });
        },
      });
      runs.flush();
    },
    paintSelected(bar, y) {
      const left = projection.toX(valueAt(barSpans.starts, bar));
      const right = projection.toX(endOf(barSpans, bar, projection));
      if (right < 0 || left > width) return;
      const sought = searchTraits(matches?.countIn(bar, bar + 1) ?? 0) ?? TRAITS.dimmed;
      paintBar(bar, { left, right, y, traits: ownTraits(shortAt(bars.flags, bar)) | sought | TRAITS.selected });
    },
  };
}

/** Cells next to each other that look the same become one rectangle. */
function createDenseRuns(paint: (x: number, end: number, traits: number) => void): {
  add(left: number, traits: number): void;
  flush(): void;
} {
  let x = 0;
  let end = 0;
  let runTraits = 0;

  function flush(): void {
    if (end > x) paint(x, end, runTraits);
    end = x;
  }

  return {
    add(left, traits) {
      if (left !== end || traits !== runTraits || end === x) {
        flush();
        x = left;
        runTraits = traits;
      }
      end = left + CELL_PIXELS;
    },
    flush,
  };
}
