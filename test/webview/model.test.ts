import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Timeline } from '../../src/core/index.ts';
import type { FromTimeline } from '../../src/protocol/timeline-messages.ts';
import { WHOLE_VIEW } from '../../src/protocol/timeline-state.ts';
import { createActions, nextPlace, type Actions } from '../../src/webview/timeline/actions.ts';
import { createStore, fromView, viewOf, type Store } from '../../src/webview/timeline/model.ts';
import { neighbourOf } from '../../src/webview/timeline/neighbours.ts';
import { createTypedSearch } from '../../src/webview/timeline/typed-search.ts';
import { describeBar, rangeWords, summarize } from '../../src/webview/timeline/words.ts';
import { openMessage, readTimeline } from './support.ts';

let timeline: Timeline;

beforeAll(async () => {
  timeline = await readTimeline('buggy-no-teardown');
});

interface Page {
  readonly store: Store;
  readonly actions: Actions;
  readonly posted: FromTimeline[];
  readonly said: string[];
}

function page(): Page {
  const posted: FromTimeline[] = [];
  const said: string[] = [];
  const host = { post: (message: FromTimeline) => void posted.push(message), onMessage: () => undefined };
  const store = createStore((callback) => queueMicrotask(callback));
  const actions = createActions(
    store,
    { ...host, keep: () => undefined, kept: () => null },
    (text) => void said.push(text),
  );
  store.update({ head: openMessage(timeline), timeline, ...fromView(WHOLE_VIEW, timeline) });
  return { store, actions, posted, said };
}

describe('the page', () => {
  test('is told of several changes once a frame', async () => {
    const { store } = page();
    const told: number[] = [];
    store.onFrame(({ scrollTop }) => told.push(scrollTop));
    for (let scrollTop = 1; scrollTop <= 5; scrollTop++) store.update({ scrollTop });
    await Promise.resolve();
    expect(told).toEqual([5]);
  });

  test('keeps a view and shows it again', () => {
    const { store, actions } = page();
    expect(viewOf(store.get())).toEqual(WHOLE_VIEW);
    actions.chooseAxis('line');
    actions.zoomBy(0.5);
    actions.select(3);
    const view = viewOf(store.get());
    expect(view).toMatchObject({ axis: 'line', selected: timeline.bars.ids[3] });
    const again = page();
    again.actions.show(view);
    expect(viewOf(again.store.get())).toEqual(view);
  });

  test('shows what makes sense of a view that does not', () => {
    const view = { ...WHOLE_VIEW, axis: 'time', range: { from: -5, to: 1e12 }, selected: 4_000_000 } as const;
    expect(fromView(view, timeline)).toMatchObject({ axis: 'order', selected: null });
  });

  test('never leaves the trace, however it is moved', () => {
    const { store, actions } = page();
    const { range: whole } = store.get();
    for (const move of [
      () => actions.panBy(5),
      () => actions.zoomBy(100),
      () => actions.zoomBy(1e-9),
      () => actions.panBy(-50),
    ]) {
      move();
      const { from, to } = store.get().range;
      expect(from).toBeGreaterThanOrEqual(whole.from);
      expect(to).toBeLessThanOrEqual(whole.to);
      expect(to).toBeGreaterThan(from);
    }
  });

  test('keeps the part of the trace when the axis changes', () => {
    const { store, actions } = page();
    actions.showExit();
    actions.chooseAxis('line');
    const { range } = store.get();
    expect(range.from).toBeLessThanOrEqual(timeline.outline.handoff!.line);
    expect(range.to).toBeGreaterThanOrEqual(timeline.outline.handoff!.line);
    expect(range.to - range.from).toBeLessThan(1000);
  });

  test('asks once for what it selects, and says it', () => {
    const { actions, posted, said } = page();
    actions.select(0);
    actions.select(0);
    expect(posted).toEqual([{ kind: 'tell-mapping', load: 1, mapping: timeline.bars.ids[0] }]);
    expect(said.at(-1)).toMatch(/^CommonBuffer, 64 KiB, XhciDxe.*line 4083, still mapped at hand-off\.$/);
    actions.reveal(0);
    expect(posted.at(-1)).toEqual({ kind: 'reveal-line', line: 4083 });
  });

  test('moves the cursor within the boot', () => {
    const { store, actions, posted } = page();
    actions.stepBy(1);
    expect(store.get().cursor).toBe(0);
    actions.moveCursor(1e9);
    expect(store.get().cursor).toBe(timeline.outline.stepCount - 1);
    actions.togglePlay();
    expect(store.get()).toMatchObject({ isPlaying: true, cursor: 0 });
    expect(posted.map(({ kind }) => kind)).toEqual(['move-cursor', 'move-cursor', 'move-cursor']);
  });

  test('goes round through what a search found', () => {
    const bars = Uint32Array.from([2, 5, 9]);
    expect([null, 2, 5, 9, 7].map((bar) => nextPlace(bars, bar, 1))).toEqual([0, 1, 2, 0, 2]);
    expect([null, 2, 5, 9, 7].map((bar) => nextPlace(bars, bar, -1))).toEqual([2, 2, 0, 1, 1]);
  });
});

describe('from a bar', () => {
  test('arrows reach every bar of its row, and rows above and below', () => {
    const first = neighbourOf(timeline, 'order', null, 'down');
    expect(first).toBe(0);
    const below = neighbourOf(timeline, 'order', 0, 'down');
    expect(below).toBeGreaterThan(0);
    expect(neighbourOf(timeline, 'order', below, 'up')).toBe(0);
    expect(neighbourOf(timeline, 'order', 0, 'up')).toBeNull();
    const last = timeline.outline.barCount - 1;
    expect(neighbourOf(timeline, 'order', last, 'down')).toBeNull();
    expect(neighbourOf(timeline, 'order', last, 'right')).toBeNull();
  });
});

describe('words', () => {
  test('sum the trace up as the report does', async () => {
    expect(summarize(timeline.outline)).toBe(
      '10 of 1,894 mappings cross hand-off (1.2 MiB): XhciDxe 2, EhciDxe 2, UhciDxe 2, NvmExpressDxe 1, AtaAtapiPassThruDxe 3',
    );
    expect(summarize((await readTimeline('sevlike-xhci')).outline)).toBe('None of 752 mappings crosses hand-off.');
    expect(summarize((await readTimeline('sevlike-killed')).outline)).toMatch(/The log ends before hand-off\.$/);
  });

  test('tell of a bar what became of it', () => {
    expect(describeBar(timeline, 0)).toMatchObject({ crosses: true, unmappedLine: null, finding: 'Error' });
    const removed = timeline.bars.endSteps.findIndex((step) => step < timeline.outline.stepCount);
    expect(describeBar(timeline, removed)).toMatchObject({ crosses: false, end: 'unmapped by its driver' });
  });

  test('count time from the first step on', async () => {
    const { outline } = await readTimeline('sevlike-ahci-traced');
    const first = outline.first.seconds!;
    expect(rangeWords(outline, 'time', { from: first, to: first + 2 })).toBe('Seconds 0.00 to 2.00');
    expect(rangeWords(outline, 'line', { from: 1, to: 2000 })).toBe('Lines 1 to 2,000');
  });
});

describe('the search field', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function searched(posted: readonly FromTimeline[]): readonly string[] {
    return posted.flatMap((message) => (message.kind === 'search' ? [message.query] : []));
  }

  test('searches once for what is typed, when the typing pauses', () => {
    const { store, actions, posted } = page();
    const typed = createTypedSearch(store, actions);
    for (const query of ['X', 'Xh', 'Xhci']) typed.type(query);
    expect(searched(posted)).toEqual([]);
    vi.runAllTimers();
    expect(searched(posted)).toEqual(['Xhci']);
    typed.type('Xhc');
    vi.runAllTimers();
    expect(searched(posted)).toEqual(['Xhci', 'Xhc']);
  });

  test('leaves alone a filter that was chosen while typing', () => {
    const { store, actions, posted } = page();
    createTypedSearch(store, actions).type('Xhci');
    actions.search('is:leaked');
    vi.runAllTimers();
    expect(store.get().query).toBe('is:leaked');
    expect(searched(posted)).toEqual(['is:leaked']);
  });

  test('searches at once on Enter, and goes through the matches on the next', () => {
    const { store, actions, posted } = page();
    const typed = createTypedSearch(store, actions);
    typed.type('Xhci');
    typed.enter('Xhci', 1);
    expect(searched(posted)).toEqual(['Xhci']);
    store.update({ matches: { bars: new Uint32Array([2, 5]), understood: true, message: '' } });
    typed.enter('Xhci', -1);
    expect(store.get().selected).toBe(5);
    vi.runAllTimers();
    expect(searched(posted), 'and what was typed waits no longer').toEqual(['Xhci']);
  });
});
