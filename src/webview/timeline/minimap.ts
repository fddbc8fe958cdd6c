import { extentOf, placeOn, type AxisRange } from '../../core/timeline/axis.ts';
import { formatBytes } from '../../core/model/describe.ts';
import { placeAt } from '../../core/timeline/places.ts';
import type { TimelineOverview } from '../../core/timeline/timeline.ts';
import type { Actions } from './actions.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import { faded } from './color.ts';
import { element, setAttributes, setText } from './dom.ts';
import { ZOOM_FACTOR } from './keys.ts';
import type { Model, Store } from './model.ts';
import type { Surface } from './surface.ts';
import type { Theme } from './theme.ts';
import { formatCount, rangeWords } from './words.ts';

/** The whole trace as a strip: how much was live when, and a window on what the picture shows. */
export interface Minimap {
  readonly element: HTMLElement;
  setTheme(theme: Theme): void;
}

const EDGE_PIXELS = 8;
/** A window is never narrower: it has to be grasped. */
const NARROWEST_WINDOW = 10;
const PAN_SHARE = 0.25;
/** Room for the words on top. */
const LABEL_HEIGHT = 16;

export function createMinimap(store: Store, actions: Actions): Minimap {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const handle = element(
    'div',
    {
      class: 'window',
      tabindex: 0,
      role: 'slider',
      'aria-label': 'Visible part of the trace',
      'aria-orientation': 'horizontal',
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    },
    element('span', { class: 'edge from' }),
    element('span', { class: 'edge to' }),
  );
  const count = element('span', { class: 'live-count' });
  const bytes = element('span', { class: 'live-bytes' });
  const strip = element(
    'div',
    { class: 'minimap' },
    canvas,
    handle,
    element('p', { class: 'minimap-label' }, count, bytes),
  );
  const surface = createCanvasSurface(canvas);
  let theme: Theme | null = null;

  function extent(model: Model): AxisRange | null {
    return model.head === null ? null : extentOf(model.head.outline, model.axis);
  }

  function paint(model: Model): void {
    const whole = extent(model);
    const { clientWidth: width, clientHeight: height } = strip;
    if (theme === null || width === 0) return;
    surface.begin(width, height, devicePixelRatio, theme.background);
    handle.hidden = whole === null;
    if (whole === null || model.head === null) return;
    const toX = (value: number): number => ((value - whole.from) / (whole.to - whole.from)) * width;
    const { overviews, figures } = model.head.outline;
    const overview = overviews.find(({ axis }) => axis === model.axis);
    paintMarks(surface, model, theme, toX, height);
    // The overview spans the steps; behind the last one there is only what crosses hand-off.
    if (overview !== undefined) {
      setText(count, `live mappings, at most ${formatCount(figures.peakLive)}`);
      setText(bytes, `live bytes, at most ${formatBytes(figures.peakLiveBytes)}`);
      paintOverview(surface, overview, theme, toX(endOfSteps(model)), height);
    }
    placeWindow(model, toX, width);
  }

  function placeWindow({ head, range, axis }: Model, toX: (value: number) => number, width: number): void {
    const left = toX(range.from);
    const wide = Math.max(toX(range.to) - left, NARROWEST_WINDOW);
    handle.style.left = `${Math.min(left, width - wide)}px`;
    handle.style.width = `${wide}px`;
    const middle = Math.round(((left + wide / 2) / Math.max(width, 1)) * 100);
    const words = head === null ? '' : rangeWords(head.outline, axis, range);
    setAttributes(handle, { 'aria-valuenow': middle, 'aria-valuetext': words });
  }

  listenToDrags(strip, handle, store, actions, extent);
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -PAN_SHARE, ArrowRight: PAN_SHARE }[event.key];
    if (step !== undefined) actions.panBy(step);
    else if (event.key === '+' || event.key === 'ArrowUp') actions.zoomBy(1 / ZOOM_FACTOR);
    else if (event.key === '-' || event.key === 'ArrowDown') actions.zoomBy(ZOOM_FACTOR);
    else if (event.key === 'Home') actions.run({ kind: 'begin' });
    else if (event.key === 'End') actions.run({ kind: 'end' });
    else return;
    event.preventDefault();
  });
  new ResizeObserver(() => store.update({})).observe(strip);
  store.onFrame(paint);
  return {
    element: strip,
    setTheme(wanted) {
      theme = wanted;
      surface.setFonts(wanted.fonts);
      store.update({});
    },
  };
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
    surface.rect(from, 0, Math.max(to - from, 1), height, { fill, hatch: null, hatchColor: '', outline: null });
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
function paintOverview(
  surface: Surface,
  overview: TimelineOverview,
  theme: Theme,
  width: number,
  height: number,
): void {
  const { live, liveBytes } = overview;
  const [mostLive, mostBytes] = [largest(live), largest(liveBytes)];
  const room = height - LABEL_HEIGHT - 2;
  const columns = Math.max(Math.floor(width), 1);
  const area = faded(theme.isHighContrast ? theme.foreground : theme.blue, 0.55);
  const line = theme.isHighContrast ? theme.focus : theme.orange;
  let beforeY: number | null = null;
  for (let x = 0; x < columns; x++) {
    const from = Math.floor((x * live.length) / columns);
    const to = Math.max(Math.ceil(((x + 1) * live.length) / columns), from + 1);
    const barHeight = mostLive === 0 ? 0 : (largest(live.subarray(from, to)) / mostLive) * room;
    surface.rect(x, height - barHeight, 1, barHeight, { fill: area, hatch: null, hatchColor: '', outline: null });
    const y = height - 1 - (mostBytes === 0 ? 0 : (largest(liveBytes.subarray(from, to)) / mostBytes) * (room - 1));
    const fromY: number = beforeY ?? y;
    const rise = { fill: line, hatch: null, hatchColor: '', outline: null };
    surface.rect(x, Math.min(y, fromY), 1, Math.max(Math.abs(y - fromY), 1.5), rise);
    beforeY = y;
  }
}

function largest(values: Uint32Array | Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The window moves, its edges change its width, and a press beside it brings it there. */
function listenToDrags(
  strip: HTMLElement,
  handle: HTMLElement,
  store: Store,
  actions: Actions,
  extentOfModel: (model: Model) => AxisRange | null,
): void {
  let drag: { readonly part: 'from' | 'to' | 'all'; readonly beginX: number; readonly range: AxisRange } | null = null;

  function valueOf(pixels: number): number {
    const whole = extentOfModel(store.get());
    return whole === null ? 0 : (pixels / Math.max(strip.clientWidth, 1)) * (whole.to - whole.from);
  }

  strip.addEventListener('pointerdown', (event) => {
    const whole = extentOfModel(store.get());
    if (event.button !== 0 || whole === null) return;
    const box = handle.getBoundingClientRect();
    const left = strip.getBoundingClientRect().left;
    const { range } = store.get();
    if (event.clientX < box.left - EDGE_PIXELS / 2 || event.clientX > box.right + EDGE_PIXELS / 2) {
      const half = (range.to - range.from) / 2;
      const middle = whole.from + valueOf(event.clientX - left);
      actions.showRange({ from: middle - half, to: middle + half });
    }
    const part =
      box.width <= 2 * EDGE_PIXELS
        ? 'all'
        : Math.abs(event.clientX - box.left) < EDGE_PIXELS
          ? 'from'
          : Math.abs(event.clientX - box.right) < EDGE_PIXELS
            ? 'to'
            : 'all';
    drag = { part, beginX: event.clientX, range: store.get().range };
    strip.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  });
  strip.addEventListener('pointermove', (event) => {
    if (drag === null) return;
    const by = valueOf(event.clientX - drag.beginX);
    const { from, to } = drag.range;
    const moved = { from: drag.part === 'to' ? from : from + by, to: drag.part === 'from' ? to : to + by };
    if (moved.from < moved.to) actions.showRange(moved);
  });
  const end = (): void => void (drag = null);
  strip.addEventListener('pointerup', end);
  strip.addEventListener('pointercancel', end);
  strip.addEventListener('dblclick', () => actions.showAll());
}
