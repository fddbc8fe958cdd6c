import type { ReplayMoment } from '../../core/replay/views.ts';
import { axesOf, clampRange, extentOf, type AxisRange } from '../../core/timeline/axis.ts';
import type { Timeline, TimelineAxis, TimelineMatches } from '../../core/timeline/timeline.ts';
import type { Story } from '../../protocol/story.ts';
import type { OpenTimeline } from '../../protocol/timeline-messages.ts';
import type { TimelineView } from '../../protocol/timeline-state.ts';

/** All that the page shows. Every part of the page is drawn from it alone. */
export interface Model {
  /** What is waited for or went wrong, instead of a timeline. */
  readonly notice: { readonly text: string; readonly isError: boolean } | null;
  readonly head: OpenTimeline | null;
  /** `null`: its pieces are still arriving. */
  readonly timeline: Timeline | null;
  /** Share of the pieces that are there, from 0 to 1. */
  readonly progress: number;
  readonly axis: TimelineAxis;
  readonly range: AxisRange;
  readonly scrollTop: number;
  readonly collapsed: ReadonlySet<number>;
  readonly query: string;
  /** `null`: nothing is searched, or the answer is not there yet. */
  readonly matches: TimelineMatches | null;
  readonly hideOthers: boolean;
  /** A bar by its place, or `null`. */
  readonly selected: number | null;
  /** What is told of the selected mapping; `null`: not told yet. */
  readonly stories: readonly Story[] | null;
  /** A step of this boot, or `null`: nobody replays it. */
  readonly cursor: number | null;
  readonly moment: ReplayMoment | null;
  readonly isPlaying: boolean;
  /** Steps a second. */
  readonly speed: number;
  /** 1-based, or `null`. */
  readonly editorLine: number | null;
  readonly isTableShown: boolean;
}

const EMPTY_MODEL: Model = {
  notice: { text: 'Opening the timeline…', isError: false },
  head: null,
  timeline: null,
  progress: 0,
  axis: 'order',
  range: { from: 0, to: 1 },
  scrollTop: 0,
  collapsed: new Set(),
  query: '',
  matches: null,
  hideOthers: false,
  selected: null,
  stories: null,
  cursor: null,
  moment: null,
  isPlaying: false,
  speed: 20,
  editorLine: null,
  isTableShown: false,
};

/** Holds the model and tells who shows it, once a frame, that it changed. */
export interface Store {
  get(): Model;
  update(change: Partial<Model>): void;
  /** The listener gets the model that it was told last, too. */
  onFrame(listener: (model: Model, before: Model) => void): void;
}

/** @param nextFrame calls back when the browser paints next */
export function createStore(nextFrame: (callback: () => void) => void): Store {
  const listeners: ((model: Model, before: Model) => void)[] = [];
  let model = EMPTY_MODEL;
  let told = EMPTY_MODEL;
  let isWaiting = false;

  function tell(): void {
    isWaiting = false;
    const before = told;
    told = model;
    for (const listener of listeners) listener(told, before);
  }

  return {
    get: () => model,
    update(change) {
      model = { ...model, ...change };
      if (isWaiting) return;
      isWaiting = true;
      nextFrame(tell);
    },
    onFrame: (listener) => void listeners.push(listener),
  };
}

/** A range of the axis that is shown, kept within the trace. */
export function withRange(model: Model, range: AxisRange): Partial<Model> {
  if (model.head === null) return {};
  return { range: clampRange(range, extentOf(model.head.outline, model.axis), model.axis) };
}

/** The view as it is kept and linked. */
export function viewOf({
  axis,
  range,
  query,
  hideOthers,
  selected,
  timeline,
  head,
  isTableShown,
}: Model): TimelineView {
  const whole = head === null ? null : extentOf(head.outline, axis);
  const isWhole = whole === null || (range.from <= whole.from && range.to >= whole.to);
  return {
    axis,
    range: isWhole ? null : range,
    query,
    hideOthers,
    selected: selected === null ? null : (timeline?.bars.ids[selected] ?? null),
    table: isTableShown,
  };
}

/** What of a view a timeline can show: an axis that it has, a range within it, a bar that exists. */
export function fromView(view: TimelineView, timeline: Timeline): Partial<Model> {
  const axis = axesOf(timeline.outline).includes(view.axis) ? view.axis : 'order';
  const extent = extentOf(timeline.outline, axis);
  const wanted = view.range === null || axis !== view.axis ? extent : view.range;
  return {
    axis,
    range: clampRange(wanted, extent, axis),
    query: view.query,
    hideOthers: view.hideOthers,
    selected: view.selected === null ? null : barOf(timeline, view.selected),
    isTableShown: view.table,
  };
}

/** The bar of a mapping, or `null`. */
export function barOf({ bars }: Timeline, mapping: number): number | null {
  const bar = bars.ids.indexOf(mapping);
  return bar < 0 ? null : bar;
}
