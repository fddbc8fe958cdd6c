import { placeOn } from '../../core/timeline/axis.ts';
import { placeAt } from '../../core/timeline/places.ts';
import type { TimelineOverview } from '../../core/timeline/timeline.ts';
import { faded, mixed } from './color.ts';
import type { Model } from './model.ts';
import type { PictureSize } from './paint-scene.ts';
import { solid, type Ground, type Surface } from './surface.ts';
import type { Theme } from './theme.ts';

/** Room for the words on top. */
const LABEL_HEIGHT = 16;

/** Paints what was live when, with the exit window, hand-off and both cursors. `toX`: where a value of the axis stands. */
export function paintMinimap(
  surface: Surface,
  model: Model,
  theme: Theme,
  toX: (value: number) => number,
  { width, height }: PictureSize,
): void {
  const { head, axis } = model;
  const overview = head?.outline.overviews.find((each) => each.axis === axis);
  surface.ground((ground) => {
    // The overview spans the steps; behind the last one there is only what crosses hand-off.
    const end = Math.min(toX(endOfSteps(model)), width);
    if (overview !== undefined) paintOverview(ground, overview, theme, end, height);
  });
  paintMarks(surface, model, theme, toX, height);
}

function endOfSteps({ head, axis }: Model): number {
  if (head === null) return 1;
  const { outline } = head;
  return axis === 'order' ? outline.stepCount : axis === 'line' ? outline.last.line + 1 : placeOn(outline.last, axis);
}

function paintMarks(
  surface: Surface,
  { head, axis, cursor, editorLine }: Model,
  theme: Theme,
  toX: (value: number) => number,
  height: number,
): void {
  if (head === null) return;
  const { exit, handoff, samples, last } = head.outline;
  if (exit !== null) {
    const from = toX(placeOn(exit.begin, axis));
    const to = toX(placeOn(handoff ?? last, axis));
    const fill = faded(theme.isHighContrast ? theme.foreground : theme.purple, 0.3);
    surface.fill(from, 0, Math.max(to - from, 1), height, fill);
  }
  const lineAt = (value: number, color: string, dash: readonly number[]): void => {
    const x = Math.floor(toX(value)) + 0.5;
    surface.line(x, 0, x, height, { color, width: 1, dash });
  };
  if (handoff !== null) lineAt(placeOn(handoff, axis), theme.error, []);
  if (editorLine !== null) lineAt(placeOn(placeAt(samples, 'line', editorLine), axis), theme.muted, [3, 3]);
  if (cursor !== null) lineAt(placeOn(placeAt(samples, 'order', cursor), axis), theme.focus, []);
}

/** Live mappings as an area; live bytes as a line over it. Each is as high as its own most. */
function paintOverview(ground: Ground, overview: TimelineOverview, theme: Theme, width: number, height: number): void {
  const { live, liveBytes } = overview;
  const [mostLive, mostBytes] = [largest(live), largest(liveBytes)];
  const room = height - LABEL_HEIGHT - 2;
  const columns = Math.max(Math.floor(width), 1);
  const area = solid(mixed(theme.background, theme.isHighContrast ? theme.foreground : theme.blue, 0.55));
  const line = solid(theme.isHighContrast ? theme.focus : theme.orange);
  let beforeY: number | null = null;
  for (let x = 0; x < columns; x++) {
    const from = Math.floor((x * live.length) / columns);
    const to = Math.max(Math.ceil(((x + 1) * live.length) / columns), from + 1);
    const barHeight = mostLive === 0 ? 0 : (largest(live.subarray(from, to)) / mostLive) * room;
    if (barHeight > 0) ground.rect(x, height - barHeight, 1, barHeight, area);
    const y = height - 1 - (mostBytes === 0 ? 0 : (largest(liveBytes.subarray(from, to)) / mostBytes) * (room - 1));
    const fromY: number = beforeY ?? y;
    ground.rect(x, Math.min(y, fromY), 1, Math.max(Math.abs(y - fromY), 1.5), line);
    beforeY = y;
  }
}

function largest(values: Uint32Array | Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
