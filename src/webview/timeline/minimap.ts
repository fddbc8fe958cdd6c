import { extentOf, type AxisRange } from '../../core/timeline/axis.ts';
import { formatBytes } from '../../core/model/describe.ts';
import type { Actions } from './actions.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import { element, setAttributes, setText } from './dom.ts';
import { ZOOM_FACTOR } from './keys.ts';
import { paintMinimap } from './minimap-picture.ts';
import type { Model, Store } from './model.ts';
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
  let painted: readonly unknown[] = [];

  function extent(model: Model): AxisRange | null {
    return model.head === null ? null : extentOf(model.head.outline, model.axis);
  }

  function show(model: Model): void {
    const whole = extent(model);
    const { clientWidth: width, clientHeight: height } = strip;
    handle.hidden = whole === null;
    if (theme === null || whole === null || model.head === null || width === 0) return;
    const toX = (value: number): number => ((value - whole.from) / (whole.to - whole.from)) * width;
    const { head, axis, cursor, editorLine } = model;
    const seen = [head, axis, cursor, editorLine, width, height, devicePixelRatio, theme];
    // Most of the time only the window moves.
    if (seen.some((part, index) => part !== painted[index])) {
      painted = seen;
      const { peakLive, peakLiveBytes } = head.outline.figures;
      setText(count, `live mappings, at most ${formatCount(peakLive)}`);
      setText(bytes, `live bytes, at most ${formatBytes(peakLiveBytes)}`);
      surface.begin(width, height, devicePixelRatio, theme.background);
      paintMinimap(surface, model, theme, toX, { width, height });
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
  store.onFrame(show);
  return {
    element: strip,
    setTheme(wanted) {
      theme = wanted;
      surface.setFonts(wanted.fonts);
      store.update({});
    },
  };
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
