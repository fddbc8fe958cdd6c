import { DEFAULT_METRICS } from '../../core/timeline/scene.ts';
import type { Actions } from './actions.ts';
import { element } from './dom.ts';
import type { Store } from './model.ts';
import { createPinch } from './pinch.ts';
import type { Stage } from './stage.ts';

/** A pointer that moved less than this between down and up has clicked. */
const CLICK_PIXELS = 4;
/** One notch of a wheel is 100 to 120 pixels: it zooms by about a fifth. */
const ZOOM_PER_PIXEL = 0.0018;
/** A trackpad sends small steps: they zoom more a pixel. */
const ZOOM_PER_PINCH_PIXEL = 0.01;
const MOST_PINCH_PIXELS = 50;
const PIXELS_PER_LINE = 16;

/** What a drag does, by where and how it begins. */
type Drag =
  | { readonly kind: 'pan'; lastX: number; lastY: number; moved: number }
  | { readonly kind: 'box'; readonly fromX: number; toX: number }
  | { readonly kind: 'cursor' };

/** Turns what mouse, trackpad, fingers and wheel do on the picture into actions. */
export function listenToGestures(stage: Stage, store: Store, actions: Actions): void {
  const box = element('div', { class: 'zoom-box', hidden: true });
  stage.element.append(box);
  const pinch = createPinch();
  let drag: Drag | null = null;
  /** Whose drag it is: other pointers may move at the same time. */
  let pointer: number | null = null;

  function placeOf(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = stage.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  function showBox(current: Drag & { readonly kind: 'box' }): void {
    const from = Math.min(current.fromX, current.toX);
    box.style.left = `${from}px`;
    box.style.width = `${Math.abs(current.toX - current.fromX)}px`;
    box.hidden = false;
  }

  function scrub(x: number): void {
    const place = stage.placeAtX(x);
    if (place !== null) actions.moveCursor(place.step);
  }

  function click(event: MouseEvent): void {
    const { x, y } = placeOf(event);
    const outline = store.get().timeline?.outline;
    const hit = stage.hit(x, y);
    if (outline === undefined) return;
    if (hit.kind === 'bar') actions.select(hit.bar);
    else if (hit.kind === 'lane-header' || hit.kind === 'density') actions.toggleLane(hit.lane);
    else if (hit.kind === 'handoff' && outline.handoff !== null) actions.revealLine(outline.handoff.line);
    else if (hit.kind === 'mark') {
      const mark = outline.marks[hit.mark];
      if (mark !== undefined) actions.revealLine(mark.place.line);
    } else actions.select(null);
  }

  stage.element.addEventListener('pointerdown', (event) => {
    const { x, y } = placeOf(event);
    // The scroll bar has a life of its own.
    if (event.button !== 0 || x >= stage.size().width) return;
    stage.canvas.focus({ preventScroll: true });
    stage.element.setPointerCapture(event.pointerId);
    const isPinch = event.pointerType === 'touch' && pinch.press(event.pointerId, { x, y }, store.get().range);
    endDrag();
    if (isPinch) return;
    pointer = event.pointerId;
    if (y < DEFAULT_METRICS.rulerHeight) {
      drag = { kind: 'cursor' };
      scrub(x);
    } else if (event.shiftKey) drag = { kind: 'box', fromX: x, toX: x };
    else drag = { kind: 'pan', lastX: x, lastY: y, moved: 0 };
  });

  stage.element.addEventListener('pointermove', (event) => {
    const { x, y } = placeOf(event);
    const pinched = pinch.move(event.pointerId, { x, y }, stage.size().width);
    if (pinched !== null) {
      actions.showRange(pinched.range);
      if (pinched.scrollPixels !== 0) stage.scrollBy(-pinched.scrollPixels);
    }
    if (event.pointerId !== pointer) return;
    if (drag?.kind === 'cursor') scrub(x);
    if (drag?.kind === 'box') {
      drag.toX = x;
      showBox(drag);
    }
    if (drag?.kind !== 'pan') return;
    const [byX, byY] = [x - drag.lastX, y - drag.lastY];
    drag.moved += Math.abs(byX) + Math.abs(byY);
    if (drag.moved < CLICK_PIXELS) return;
    stage.element.classList.add('panning');
    drag.lastX = x;
    drag.lastY = y;
    if (byX !== 0) actions.panBy(-byX / Math.max(stage.size().width, 1));
    if (byY !== 0) stage.scrollBy(-byY);
  });

  stage.element.addEventListener('pointerup', (event) => {
    lift(event);
    if (event.pointerId !== pointer) return;
    if (drag?.kind === 'box' && Math.abs(drag.toX - drag.fromX) >= CLICK_PIXELS) {
      const ends = [drag.fromX, drag.toX].sort((a, b) => a - b).map((x) => stage.valueAtX(x));
      actions.showRange({ from: ends[0] ?? 0, to: ends[1] ?? 0 });
    }
    if (drag?.kind === 'pan' && drag.moved < CLICK_PIXELS) click(event);
    endDrag();
  });
  stage.element.addEventListener('pointercancel', (event) => {
    lift(event);
    if (event.pointerId === pointer) endDrag();
  });

  /** The finger that stays behind goes on moving the picture, and clicks nothing when it goes, too. */
  function lift({ pointerId }: PointerEvent): void {
    const left = pinch.lift(pointerId);
    if (left === null) return;
    drag = { kind: 'pan', lastX: left.at.x, lastY: left.at.y, moved: CLICK_PIXELS };
    pointer = left.finger;
  }

  function endDrag(): void {
    drag = null;
    pointer = null;
    box.hidden = true;
    stage.element.classList.remove('panning');
  }

  stage.element.addEventListener('dblclick', (event) => {
    const { x, y } = placeOf(event);
    const hit = stage.hit(x, y);
    if (hit.kind === 'bar') actions.reveal(hit.bar);
  });

  stage.element.addEventListener(
    'wheel',
    (event) => {
      const { x, y } = placeOf(event);
      if (store.get().timeline === null) return;
      const what = wheelMeaning(event, stage.overflows() && y >= stage.lanesTop());
      if (what === 'scroll') return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1;
      const deltaX = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
      if (what === 'pan') actions.panBy(deltaX / Math.max(stage.size().width, 1));
      else actions.zoomBy(wheelFactor(event.deltaY * unit, event.ctrlKey), stage.valueAtX(x));
    },
    { passive: false },
  );
}

/** A wheel scrolls rows where there are more than fit, as in other profilers, and zooms where there is nothing to scroll. */
export function wheelMeaning(
  event: Pick<WheelEvent, 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'deltaX' | 'deltaY'>,
  canScroll: boolean,
): 'zoom' | 'pan' | 'scroll' {
  if (event.ctrlKey || event.metaKey || event.altKey) return 'zoom';
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return 'pan';
  return canScroll ? 'scroll' : 'zoom';
}

/** How much of the axis is seen after a turn of the wheel, below 1: less. Browsers tell a pinch as a wheel with ctrl. */
export function wheelFactor(pixels: number, isPinch: boolean): number {
  const isSmall = Math.abs(pixels) < MOST_PINCH_PIXELS;
  return Math.exp(pixels * (isPinch && isSmall ? ZOOM_PER_PINCH_PIXEL : ZOOM_PER_PIXEL));
}
