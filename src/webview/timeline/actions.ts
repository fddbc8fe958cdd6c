import { barColumns, barRange, exitRange, extentOf, zoomRange, type AxisRange } from '../../core/timeline/axis.ts';
import { placeAt } from '../../core/timeline/places.ts';
import type { TimelineAxis } from '../../core/timeline/timeline.ts';
import type { TimelineView } from '../../protocol/timeline-state.ts';
import type { Host } from './host.ts';
import type { KeyAction } from './keys.ts';
import { fromView, viewOf, withRange, type Store } from './model.ts';
import { neighbourOf } from './neighbours.ts';
import { formatCount, rangeWords, describeBar } from './words.ts';

/** All that a user can do, whatever it is done with: mouse, key, button or table. */
export interface Actions {
  zoomBy(factor: number, around?: number): void;
  panBy(share: number): void;
  showRange(range: AxisRange): void;
  showAll(): void;
  showExit(): void;
  showSelection(): void;
  chooseAxis(axis: TimelineAxis): void;
  chooseBoot(boot: number): void;
  select(bar: number | null): void;
  /** Selects, and moves the view to where the bar is. */
  goTo(bar: number): void;
  /** Shows the bar's first line in the editor. */
  reveal(bar: number): void;
  revealLine(line: number): void;
  search(query: string): void;
  hideOthers(hide: boolean): void;
  nextMatch(direction: 1 | -1): void;
  toggleLane(lane: number): void;
  toggleTable(): void;
  moveCursor(step: number): void;
  stepBy(by: number): void;
  togglePlay(): void;
  show(view: TimelineView): void;
  copyLink(): void;
  debug(): void;
  /** Gives `false` where the key is none of the model's. */
  run(action: KeyAction): boolean;
  /** Says something to whoever cannot see the picture. */
  say(text: string): void;
}

export function createActions(store: Store, host: Host, say: (text: string) => void): Actions {
  const actions: Actions = {
    say,
    zoomBy(factor, around) {
      const { range } = store.get();
      actions.showRange(zoomRange(range, factor, around ?? (range.from + range.to) / 2));
    },
    panBy(share) {
      const { range } = store.get();
      const shift = (range.to - range.from) * share;
      actions.showRange({ from: range.from + shift, to: range.to + shift });
    },
    showRange(range) {
      store.update(withRange(store.get(), range));
      const { head, axis, range: shown } = store.get();
      if (head !== null) say(`${rangeWords(head.outline, axis, shown)}.`);
    },
    showAll() {
      const { head, axis } = store.get();
      if (head !== null) actions.showRange(extentOf(head.outline, axis));
    },
    showExit() {
      const { head, axis } = store.get();
      const range = head === null ? null : exitRange(head.outline, axis);
      if (range === null) say('ExitBootServices is not in this log.');
      else actions.showRange(range);
    },
    showSelection() {
      const { timeline, selected, axis } = store.get();
      if (timeline !== null && selected !== null) actions.showRange(barRange(timeline, selected, axis));
    },
    chooseAxis(axis) {
      const { head, axis: before, range } = store.get();
      if (head === null || axis === before) return;
      const { samples } = head.outline;
      const whole = extentOf(head.outline, before);
      const isWhole = range.from <= whole.from && range.to >= whole.to;
      const ends = [placeAt(samples, before, range.from), placeAt(samples, before, range.to)] as const;
      const [from, to] = ends.map((place) => placeValue(place, axis));
      store.update({ axis });
      actions.showRange(isWhole ? extentOf(head.outline, axis) : { from: from ?? 0, to: to ?? 1 });
    },
    chooseBoot(boot) {
      host.post({ kind: 'choose-boot', boot });
    },
    select(bar) {
      const { timeline, head, selected } = store.get();
      if (timeline === null || head === null || bar === selected) return;
      store.update({ selected: bar, stories: null });
      const mapping = bar === null ? undefined : timeline.bars.ids[bar];
      if (bar === null || mapping === undefined) return;
      host.post({ kind: 'tell-mapping', load: head.load, mapping });
      const { operation, owner, bytes, mappedLine, end } = describeBar(timeline, bar);
      say(`${operation}, ${bytes}, ${owner}, line ${mappedLine}, ${end}.`);
    },
    goTo(bar) {
      const { timeline, axis, range } = store.get();
      if (timeline === null) return;
      actions.select(bar);
      const { starts, ends } = barColumns(timeline, axis);
      const [start, end] = [starts[bar] ?? 0, ends[bar] ?? 0];
      const isSeen = end > range.from && start < range.to;
      const span = range.to - range.from;
      if (!isSeen) store.update(withRange(store.get(), { from: start - span / 3, to: start + (span * 2) / 3 }));
    },
    reveal(bar) {
      const line = store.get().timeline?.bars.startLines[bar];
      if (line !== undefined) actions.revealLine(line);
    },
    revealLine: (line) => host.post({ kind: 'reveal-line', line }),
    search(query) {
      const { head, query: before, matches } = store.get();
      if (head === null || (query === before && matches !== null)) return;
      store.update({ query, matches: null });
      if (query.trim() !== '') host.post({ kind: 'search', load: head.load, query });
    },
    hideOthers: (hide) => store.update({ hideOthers: hide }),
    nextMatch(direction) {
      const { matches, selected } = store.get();
      if (matches === null || matches.bars.length === 0) return;
      const place = nextPlace(matches.bars, selected, direction);
      const bar = matches.bars[place];
      if (bar === undefined) return;
      actions.goTo(bar);
      say(`Match ${formatCount(place + 1)} of ${formatCount(matches.bars.length)}.`);
    },
    toggleLane(lane) {
      const collapsed = new Set(store.get().collapsed);
      if (!collapsed.delete(lane)) collapsed.add(lane);
      store.update({ collapsed });
    },
    toggleTable: () => store.update({ isTableShown: !store.get().isTableShown }),
    moveCursor(step) {
      const { head } = store.get();
      if (head === null || head.outline.stepCount === 0) return;
      const cursor = Math.min(Math.max(Math.round(step), 0), head.outline.stepCount - 1);
      if (cursor === store.get().cursor) return;
      store.update({ cursor });
      host.post({ kind: 'move-cursor', step: head.firstStep + cursor });
    },
    stepBy: (by) => actions.moveCursor((store.get().cursor ?? (by > 0 ? -1 : 0)) + by),
    togglePlay() {
      const { isPlaying, cursor, head } = store.get();
      const isAtEnd = head !== null && cursor !== null && cursor >= head.outline.stepCount - 1;
      if (!isPlaying && (cursor === null || isAtEnd)) actions.moveCursor(0);
      store.update({ isPlaying: !isPlaying });
    },
    show(view) {
      const { timeline } = store.get();
      if (timeline === null) return;
      const wanted = fromView(view, timeline);
      store.update({ ...wanted, query: '', selected: null });
      actions.select(wanted.selected ?? null);
      actions.search(view.query);
    },
    copyLink: () => host.post({ kind: 'copy-link', view: viewOf(store.get()) }),
    debug: () => host.post({ kind: 'debug' }),
    run: (action) => runKey(action, store, actions),
  };
  return actions;
}

function runKey(action: KeyAction, store: Store, actions: Actions): boolean {
  const { head, timeline, selected, axis, range } = store.get();
  switch (action.kind) {
    case 'pan':
      actions.panBy(action.share);
      return true;
    case 'zoom':
      actions.zoomBy(action.factor);
      return true;
    case 'select': {
      const bar = timeline === null ? null : neighbourOf(timeline, axis, selected, action.to);
      if (bar !== null) actions.goTo(bar);
      return true;
    }
    case 'match':
      actions.nextMatch(action.direction);
      return true;
    case 'step':
      actions.stepBy(action.by);
      return true;
    case 'all':
      actions.showAll();
      return true;
    case 'exit':
      actions.showExit();
      return true;
    case 'selection':
      actions.showSelection();
      return true;
    case 'begin':
    case 'end': {
      if (head === null) return true;
      const extent = extentOf(head.outline, axis);
      const span = range.to - range.from;
      const from = action.kind === 'begin' ? extent.from : extent.to - span;
      actions.showRange({ from, to: from + span });
      return true;
    }
    case 'reveal':
      if (selected !== null) actions.reveal(selected);
      return true;
    case 'clear':
      actions.select(null);
      return true;
    case 'play':
      actions.togglePlay();
      return true;
    case 'table':
      actions.toggleTable();
      return true;
    case 'scroll':
    case 'search':
    case 'help':
      return false;
  }
}

/** The match behind or before the selected bar, going round. Matches are ascending. */
export function nextPlace(bars: Uint32Array, selected: number | null, direction: 1 | -1): number {
  if (selected === null) return direction === 1 ? 0 : bars.length - 1;
  const place = bars.findIndex((bar) => bar >= selected);
  if (place < 0) return direction === 1 ? 0 : bars.length - 1;
  const isOn = bars[place] === selected;
  const next = direction === 1 ? place + (isOn ? 1 : 0) : place - 1;
  return (next + bars.length) % bars.length;
}

function placeValue(
  place: { readonly step: number; readonly line: number; readonly seconds: number | null },
  axis: TimelineAxis,
): number {
  return axis === 'order' ? place.step : axis === 'line' ? place.line : (place.seconds ?? 0);
}
