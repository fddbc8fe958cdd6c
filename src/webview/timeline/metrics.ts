import { DEFAULT_METRICS, type SceneMetrics } from '../../core/timeline/scene.ts';
import type { TimelineOutline } from '../../core/timeline/timeline.ts';

const HIGHEST_ROW = 24;

/** Heights for a picture: where few rows leave room, they are higher, so that they are easier to read and to hit. */
export function metricsFor({ lanes, rowCount }: TimelineOutline, height: number): SceneMetrics {
  const { rulerHeight, marksHeight, laneHeaderHeight, stripHeight, rowHeight } = DEFAULT_METRICS;
  const around = lanes.reduce((sum, { strip }) => sum + laneHeaderHeight + (strip === null ? 0 : stripHeight), 0);
  const room = height - rulerHeight - marksHeight - around;
  const fitting = Math.floor(room / Math.max(rowCount, 1));
  return { ...DEFAULT_METRICS, rowHeight: Math.min(Math.max(fitting, rowHeight), HIGHEST_ROW) };
}
