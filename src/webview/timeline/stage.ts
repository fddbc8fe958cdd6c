import { placeAt } from '../../core/timeline/places.ts';
import { rowOfBar } from '../../core/timeline/bars.ts';
import { hitTest, type TimelineHit } from '../../core/timeline/hit-test.ts';
import { scrollToRow } from '../../core/timeline/lane-boxes.ts';
import type { Scene, SceneView } from '../../core/timeline/scene.ts';
import { createSceneBuilder, type SceneBuilder } from '../../core/timeline/scene-builder.ts';
import type { Timeline, TimelinePlace } from '../../core/timeline/timeline.ts';
import { createCanvasSurface } from './canvas-surface.ts';
import { element, setAttributes, setText } from './dom.ts';
import type { Looks } from './looks.ts';
import { metricsFor } from './metrics.ts';
import type { Model, Store } from './model.ts';
import { paintScene, type PictureSize } from './paint-scene.ts';
import type { Surface } from './surface.ts';
import type { Theme } from './theme.ts';
import { summarize } from './words.ts';

/** The picture: a canvas, and over its lanes a box that scrolls as every other box does. */
export interface Stage {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** What is looked at, for whoever tells the same in another way. */
  view(timeline: Timeline): SceneView;
  /** What stands at a point of the picture. */
  hit(x: number, y: number): TimelineHit;
  /** Size of the picture in CSS pixels. */
  readonly size: () => PictureSize;
  /** The moment at a horizontal place of the picture; `null` while there is no timeline. */
  placeAtX(x: number): TimelinePlace | null;
  /** The value of the axis at a horizontal place. */
  valueAtX(x: number): number;
  scrollBy(pixels: number): void;
  /** Scrolls so far that the bar's row is seen. */
  bringIntoView(bar: number): void;
  /** Where the lanes begin, below ruler and marks. */
  lanesTop(): number;
  /** Whether there are more rows than fit. */
  overflows(): boolean;
  setTheme(theme: Theme, looks: Looks): void;
  /** Paints the present picture on something else. */
  paintOn(surface: Surface): void;
}

export function createStage(store: Store): Stage {
  const canvas = element('canvas', {
    class: 'picture',
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'timeline',
  });
  const spacer = element('div', { class: 'spacer' });
  const scroller = element('div', { class: 'scroller', tabindex: -1 }, spacer);
  const notice = element('p', { class: 'notice', role: 'status' });
  const stage = element('div', { class: 'stage' }, canvas, scroller, notice);
  const surface = createCanvasSurface(canvas);
  let maker: { readonly timeline: Timeline; readonly builder: SceneBuilder } | null = null;
  let scene: Scene | null = null;
  let looks: { readonly theme: Theme; readonly looks: Looks } | null = null;
  let isFirst = true;
  let scrollRange = '';

  // Asking the page for it while others change the page would lay it out anew each time.
  let stageSize: PictureSize = { width: 0, height: 0 };
  const size = (): PictureSize => stageSize;

  function buildScene(model: Model, timeline: Timeline): Scene {
    if (maker?.timeline !== timeline) maker = { timeline, builder: createSceneBuilder(timeline) };
    return maker.builder.build(viewOf(model, timeline));
  }

  function viewOf(model: Model, timeline: Timeline): SceneView {
    const { samples } = timeline.outline;
    const { axis, range, cursor, editorLine, matches, query } = model;
    return {
      axis,
      ...range,
      ...size(),
      scrollTop: model.scrollTop,
      metrics: metricsFor(timeline.outline, size().height),
      collapsed: model.collapsed,
      matches: query.trim() === '' ? null : (matches?.bars ?? null),
      matchesOnly: model.hideOthers,
      selectedBar: model.selected,
      cursor: cursor === null ? null : placeAt(samples, 'order', cursor),
      editor: isInBoot(model, editorLine) ? placeAt(samples, 'line', editorLine) : null,
    };
  }

  function paint(): void {
    const model = store.get();
    setText(notice, model.notice?.text ?? '');
    setAttributes(notice, {
      hidden: model.notice === null,
      class: model.notice?.isError === true ? 'notice error' : 'notice',
    });
    const { width, height } = size();
    if (looks === null || width === 0 || height === 0) return;
    const begin = performance.now();
    surface.begin(width, height, devicePixelRatio, looks.theme.background);
    if (model.timeline === null) {
      scene = null;
      return;
    }
    scene = buildScene(model, model.timeline);
    setScrollRange(scene, height);
    const picture = { scene, timeline: model.timeline, collapsed: model.collapsed, width, height };
    paintScene(surface, picture, looks.looks, looks.theme);
    measure(begin);
  }

  function setScrollRange({ lanesHeight, top }: Scene, height: number): void {
    const wanted = `${top} ${height} ${lanesHeight}`;
    if (wanted === scrollRange) return;
    scrollRange = wanted;
    scroller.style.top = `${top}px`;
    scroller.style.height = `${Math.max(height - top, 0)}px`;
    spacer.style.height = `${lanesHeight}px`;
  }

  /** How long each picture took, and how long the first one, for whoever observes. */
  function measure(begin: number): void {
    const end = performance.now();
    performance.measure('dma-timeline-redraw', { start: begin, end });
    if (isFirst) performance.measure('dma-timeline-first-paint', { start: 0, end });
    isFirst = false;
    performance.clearMeasures('dma-timeline-redraw');
  }

  scroller.addEventListener('scroll', () => store.update({ scrollTop: scroller.scrollTop }), { passive: true });
  const observer = new ResizeObserver(() => {
    stageSize = { width: scroller.clientWidth, height: stage.clientHeight };
    store.update({});
  });
  observer.observe(stage);
  // Its scroll bar comes and goes.
  observer.observe(scroller);
  store.onFrame((model, before) => {
    if (model.head !== before.head && model.head !== null) {
      setAttributes(canvas, { 'aria-label': `${model.head.name}. ${summarize(model.head.outline)}` });
    }
    paint();
  });

  function valueAtX(x: number): number {
    const { range } = store.get();
    return range.from + (x / Math.max(size().width, 1)) * (range.to - range.from);
  }

  return {
    element: stage,
    canvas,
    view: (timeline) => viewOf(store.get(), timeline),
    hit(x, y) {
      const model = store.get();
      if (model.timeline === null || scene === null) return { kind: 'nothing' };
      return hitTest(model.timeline, viewOf(model, model.timeline), x, y);
    },
    size,
    valueAtX,
    placeAtX(x) {
      const { head, axis } = store.get();
      return head === null ? null : placeAt(head.outline.samples, axis, valueAtX(x));
    },
    scrollBy: (pixels) => (scroller.scrollTop += pixels),
    bringIntoView(bar) {
      const model = store.get();
      if (model.timeline === null) return;
      const { outline, rowBars } = model.timeline;
      scroller.scrollTop = scrollToRow(outline, viewOf(model, model.timeline), rowOfBar(rowBars, bar));
    },
    lanesTop: () => scene?.top ?? 0,
    overflows: () => scroller.scrollHeight > scroller.clientHeight,
    setTheme(theme, wanted) {
      looks = { theme, looks: wanted };
      surface.setFonts(theme.fonts);
      store.update({});
    },
    paintOn(other) {
      const { timeline, collapsed } = store.get();
      if (scene === null || looks === null || timeline === null) return;
      paintScene(other, { scene, timeline, collapsed, ...size() }, looks.looks, looks.theme);
    },
  };
}

function isInBoot({ head }: Model, line: number | null): line is number {
  return head !== null && line !== null && line >= head.outline.first.line && line <= head.outline.last.line;
}
