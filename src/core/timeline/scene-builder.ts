import { createDensities } from './density.ts';
import { findSevere } from './bar-traits.ts';
import { rowOfBar } from './bars.ts';
import { barLabel, laneTexts } from './labels.ts';
import type { LaneBox } from './lane-boxes.ts';
import { lanesTop, placeLanes, rowTop, visibleRows } from './lane-boxes.ts';
import { drawMarks } from './mark-lines.ts';
import type { Projection } from './projection.ts';
import { createProjection } from './projection.ts';
import type { RectList } from './rect-list.ts';
import { createRectList } from './rect-list.ts';
import type { RowPainter } from './row-painter.ts';
import { createRowPainter } from './row-painter.ts';
import type { Scene, SceneText, SceneView } from './scene.ts';
import { TRAITS } from './scene.ts';
import { paintStrip } from './strip-painter.ts';
import type { Timeline } from './timeline.ts';

/** Makes the scenes of one timeline. */
export interface SceneBuilder {
  /** The scene of a view. It holds until the next is made, since they share their columns. */
  build(view: SceneView): Scene;
}

/** More labels than this nobody reads, and they cost more to paint than all bars. */
const MOST_BAR_LABELS = 600;

export function createSceneBuilder(timeline: Timeline): SceneBuilder {
  const { outline } = timeline;
  const rects = createRectList();
  const severe = findSevere(timeline.bars);
  const densityOf = createDensities(timeline);

  function paintCollapsed({ index, rowsTop, lane }: LaneBox, projection: Projection, view: SceneView): void {
    const y = rowsTop + 1;
    const height = view.metrics.rowHeight - 2;
    if (lane.mappingCount === 0) return;
    densityOf(index, view.axis).paint(projection, (left, right, level) =>
      rects.add('density', { x: left, y, width: right - left, height }, 0, -1, level),
    );
    const { handoffX } = projection;
    if (lane.crossingCount === 0 || handoffX === null) return;
    const x = Math.max(handoffX, -1);
    const end = Math.min(projection.toX(projection.extentTo), view.width + 1);
    rects.add('crossing', { x, y, width: end - x, height }, TRAITS.crosses);
  }

  return {
    build(view) {
      const { width, height } = view;
      const projection = createProjection(outline, view);
      const top = lanesTop(view);
      const { boxes, height: lanesHeight } = placeLanes(outline, view);
      const texts: SceneText[] = [];
      let labels = 0;
      rects.clear();
      rects.clip(0, height);
      shadeWindows(timeline, projection, view, rects);
      rects.clip(top, height);
      const painter = createRowPainter({
        timeline,
        view,
        projection,
        severe,
        rects,
        told(bar, place) {
          if (labels >= MOST_BAR_LABELS) return;
          const label = barLabel(timeline.bars, bar, place, view);
          if (label === null) return;
          labels++;
          texts.push(label);
        },
      });
      for (const box of boxes) {
        const { from, to } = visibleRows(box, view);
        rects.clip(Math.max(box.headerBottom, top), height);
        for (let row = from; row < to; row++) painter.paint(row, rowTop(box, row, view));
        if (box.collapsed) paintCollapsed(box, projection, view);
        const strip = box.lane.strip === null ? undefined : outline.strips[box.lane.strip];
        if (strip) paintStrip(strip, { y: box.stripTop, height: view.metrics.stripHeight - 1 }, projection, rects);
        paintSelected(timeline, box, view, painter);
        rects.clip(top, height);
        rects.add('lane-header', {
          x: 0,
          y: box.headerTop,
          width,
          height: box.headerBottom - box.headerTop,
        });
        texts.push(...laneTexts(box, strip?.title ?? null, view));
      }
      const { lines, texts: markTexts } = drawMarks(outline, projection, view);
      return { rects, lines, texts: [...texts, ...markTexts], lanesHeight, top };
    },
  };
}

function paintSelected({ rowBars }: Timeline, box: LaneBox, view: SceneView, painter: RowPainter): void {
  if (view.selectedBar === null) return;
  const row = rowOfBar(rowBars, view.selectedBar);
  const { from, to } = visibleRows(box, view);
  if (row >= from && row < to) painter.paintSelected(view.selectedBar, rowTop(box, row, view));
}

function shadeWindows({ outline }: Timeline, projection: Projection, view: SceneView, rects: RectList): void {
  const { width, height } = view;
  const endX = projection.toX(projection.extentTo);
  const shade = (style: 'exit-inferred' | 'exit-certain' | 'after-handoff', from: number, to: number): void => {
    const x = Math.max(from, 0);
    rects.add(style, { x, y: 0, width: Math.min(to, width) - x, height });
  };
  const { exit } = outline;
  const handoffX = projection.handoffX ?? endX;
  if (exit) {
    const markerX = projection.placeX(exit.marker);
    shade('exit-inferred', projection.placeX(exit.begin), markerX);
    shade('exit-certain', markerX, handoffX);
  }
  shade('after-handoff', handoffX, endX);
}
