import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowOfBar } from '../../../src/core/timeline/bars.ts';
import { boxOfBar, hitTest } from '../../../src/core/timeline/hit-test.ts';
import { scrollToRow } from '../../../src/core/timeline/lane-boxes.ts';
import { DEFAULT_METRICS } from '../../../src/core/timeline/scene.ts';
import { visibleBars } from '../../../src/core/timeline/visible-bars.ts';
import { bootOfLog } from './support/boots.ts';
import { timelineOf, viewOf } from './support/synthetic.ts';

const { rulerHeight, marksHeight, laneHeaderHeight, rowHeight } = DEFAULT_METRICS;
const ROWS_TOP = rulerHeight + marksHeight + laneHeaderHeight;

describe('a point of the view', () => {
  const timeline = timelineOf(
    [
      [
        { from: 100, to: 300 },
        { from: 500, to: null },
      ],
      [{ from: 0, to: 50 }],
    ],
    1000,
  );
  const view = viewOf('order', 0, 1000);

  test.each([
    ['in a bar', 200, ROWS_TOP + 5, { kind: 'bar', bar: 0 }],
    ['just beside it', 302, ROWS_TOP + 5, { kind: 'bar', bar: 0 }],
    ['beyond', 350, ROWS_TOP + 5, { kind: 'nothing' }],
    ['in the row below', 20, ROWS_TOP + rowHeight + 5, { kind: 'bar', bar: 2 }],
    ['in the header', 200, rulerHeight + marksHeight + 5, { kind: 'lane-header', lane: 0 }],
    ['in the ruler', 200, 5, { kind: 'ruler' }],
    ['at hand-off among the marks', 999, rulerHeight + 5, { kind: 'handoff' }],
    ['below all lanes', 200, 500, { kind: 'nothing' }],
    ['at hand-off below all lanes', 999, 500, { kind: 'handoff' }],
  ])('%s', (_, x, y, hit) => {
    expect(hitTest(timeline, view, x, y)).toEqual(hit);
  });

  test('in a collapsed lane is none of its bars', () => {
    const collapsed = { ...view, collapsed: new Set([0]) };
    expect(hitTest(timeline, collapsed, 200, ROWS_TOP + 5)).toEqual({ kind: 'density', lane: 0 });
  });

  test('is no bar that the search leaves out', () => {
    const searched = { ...view, matches: Uint32Array.of(1), matchesOnly: true };
    expect(hitTest(timeline, searched, 200, ROWS_TOP + 5)).toEqual({ kind: 'nothing' });
  });

  test('in a buffer beside its mapping is the buffer', () => {
    const boot = bootOfLog('buggy-nvme-free-never-unmap');
    const { underlays, rowUnderlays } = boot.timeline;
    const row = rowUnderlays.findIndex((_, each) => rowUnderlays[each]! < rowUnderlays[each + 1]!);
    const start = underlays.startSteps[rowUnderlays[row]!]!;
    const near = viewOf('order', start - 1, start + 3);
    const lane = boot.timeline.outline.lanes.findIndex(
      (each) => each.firstRow <= row && row < each.firstRow + each.rowCount,
    );
    const scrollTop = scrollToRow(boot.timeline.outline, { ...near, scrollTop: 0 }, row);
    const y = [...Array(600).keys()].find(
      (each) => hitTest(boot.timeline, { ...near, scrollTop }, 260, each).kind === 'underlay',
    );
    expect(lane).toBeGreaterThanOrEqual(0);
    expect(y).toBeDefined();
  });
});

describe('every bar', () => {
  test('that is to be seen is hit in the middle of its box', () => {
    const { timeline } = bootOfLog('buggy-no-teardown');
    const { stepCount, barCount } = timeline.outline;
    fc.assert(
      fc.property(fc.nat(barCount - 1), (bar) => {
        const start = timeline.bars.startSteps[bar]!;
        const base = viewOf('order', Math.max(start - 20, 0), Math.min(start + 20, stepCount), { height: 200 });
        const view = { ...base, scrollTop: scrollToRow(timeline.outline, base, rowOfBar(timeline.rowBars, bar)) };
        const box = boxOfBar(timeline, view, bar);
        expect(box).not.toBeNull();
        expect(hitTest(timeline, view, box!.x + box!.width / 2, box!.y + box!.height / 2)).toEqual({
          kind: 'bar',
          bar,
        });
        expect(visibleBars(timeline, view, 1e6).bars).toContain(bar);
      }),
    );
  });

  test('that is not to be seen has no box', () => {
    const timeline = timelineOf([[{ from: 100, to: 300 }]], 1000);
    expect(boxOfBar(timeline, viewOf('order', 400, 500), 0)).toBeNull();
    expect(boxOfBar(timeline, viewOf('order', 0, 500, { collapsed: new Set([0]) }), 0)).toBeNull();
  });
});

describe('the list of what is to be seen', () => {
  const rows = [
    [
      { from: 10, to: 20 },
      { from: 40, to: 50 },
    ],
    [{ from: 5, to: 30 }],
    [
      { from: 0, to: 3 },
      { from: 15, to: null },
    ],
  ];

  test('goes lane by lane, in each by start', () => {
    const all = visibleBars(timelineOf(rows, 100, 'each'), viewOf('order', 4, 100), 10);
    expect(all).toEqual({ bars: Uint32Array.of(0, 1, 2, 4), total: 4 });
    expect(visibleBars(timelineOf(rows, 100), viewOf('order', 4, 100), 10).bars).toEqual(Uint32Array.of(2, 0, 4, 1));
  });

  test('is cut, but counts all', () => {
    const cut = visibleBars(timelineOf(rows, 100), viewOf('order', 4, 100), 2);
    expect(cut).toEqual({ bars: Uint32Array.of(2, 0), total: 4 });
  });

  test('holds what a search left, and nothing of collapsed lanes', () => {
    const view = viewOf('order', 0, 100, { matches: Uint32Array.of(1, 4), matchesOnly: true });
    expect(visibleBars(timelineOf(rows, 100), view, 10)).toEqual({ bars: Uint32Array.of(4, 1), total: 2 });
    const collapsed = viewOf('order', 0, 100, { collapsed: new Set([0]) });
    expect(visibleBars(timelineOf(rows, 100), collapsed, 10).total).toBe(0);
  });
});
