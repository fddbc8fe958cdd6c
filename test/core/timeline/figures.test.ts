import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimelineAxis } from '../../../src/core/index.ts';
import { extentOf, placeOn } from '../../../src/core/timeline/axis.ts';
import { createByteCounter } from '../../../src/core/timeline/byte-counter.ts';
import { liveAt } from '../../../src/core/timeline/live-at.ts';
import { OVERVIEW_PIECES } from '../../../src/core/timeline/overview.ts';
import { excerpt, LOG_NAMES, readLog, toLines } from '../support/logs.ts';
import type { Boot } from './support/boots.ts';
import { bootsOf } from './support/boots.ts';
import { anyLog, damaged } from './support/texts.ts';

/** The timeline and the report tell the same: figures of one are counted from the other. */

function expectFiguresOfReport({ timeline, trace }: Boot): void {
  const { figures, lanes } = timeline.outline;
  const { summary } = trace;
  const live = trace.mappings.filter(({ liveAtHandoff }) => liveAtHandoff);
  expect(figures).toMatchObject({
    mappings: summary.maps,
    peakLive: summary.peakLive,
    peakLiveBytes: summary.peakLiveBytes,
    liveAtHandoff: summary.liveAtHandoff,
  });
  expect(live).toHaveLength(figures.liveAtHandoff);
  expect(lanes.reduce((sum, lane) => sum + lane.mappingCount, 0)).toBe(trace.mappings.length);
  expect(lanes.reduce((sum, lane) => sum + lane.crossingCount, 0)).toBe(figures.liveAtHandoff);
  expect(lanes.reduce((sum, lane) => sum + lane.crossingBytes, 0)).toBe(figures.liveBytesAtHandoff);
}

/** What is live is counted bar by bar, without any of the timeline's cleverness. */
function expectPlainCount({ timeline, journal }: Boot): void {
  const { bars, outline } = timeline;
  const figuresAt = liveAt(timeline);
  let peak = 0;
  const stride = Math.max(Math.floor(journal.stepCount / 100), 1);
  for (let step = 0; step < journal.stepCount; step += stride) {
    let live = 0;
    let liveBytes = 0;
    bars.ids.forEach((_, bar) => {
      if (bars.startSteps[bar]! > step || bars.endSteps[bar]! <= step) return;
      live++;
      liveBytes += bars.bytes[bar]!;
    });
    expect(figuresAt(step)).toEqual({ live, liveBytes });
    peak = Math.max(peak, live);
  }
  expect(peak).toBeLessThanOrEqual(outline.figures.peakLive);
  if (outline.handoff !== null) expect(figuresAt(outline.handoff.step).live).toBe(outline.figures.liveAtHandoff);
}

function expectOverviews({ timeline, journal }: Boot): void {
  const { outline, bars } = timeline;
  for (const { axis, live, liveBytes } of outline.overviews) {
    expect(live).toHaveLength(OVERVIEW_PIECES);
    expect(Math.max(...live)).toBe(outline.figures.peakLive);
    expect(Math.max(...liveBytes)).toBe(outline.figures.peakLiveBytes);
    // In the piece where a bar begins, and in all up to where it ends, something is live.
    bars.ids.forEach((_, bar) => {
      const [from, to] = [bars.startSteps[bar]!, Math.min(bars.endSteps[bar]!, journal.stepCount - 1)];
      expect(live[pieceOf(outline, axis, placeIn(journal, from))]).toBeGreaterThan(0);
      expect(live[pieceOf(outline, axis, placeIn(journal, to))]).toBeGreaterThan(0);
    });
  }
}

function placeIn(
  { lines, seconds }: Boot['journal'],
  step: number,
): { step: number; line: number; seconds: number | null } {
  return { step, line: lines[step]!, seconds: seconds?.[step] ?? null };
}

function pieceOf(outline: Boot['timeline']['outline'], axis: TimelineAxis, place: ReturnType<typeof placeIn>): number {
  const { from, to } = extentOf(outline, axis);
  return Math.min(Math.floor(((placeOn(place, axis) - from) / (to - from)) * OVERVIEW_PIECES), OVERVIEW_PIECES - 1);
}

describe('the figures of the timeline', () => {
  test.each(LOG_NAMES)('of %s are those of the report, and of a plain count', (name) => {
    for (const boot of bootsOf(readLog(name))) {
      expectFiguresOfReport(boot);
      expectPlainCount(boot);
      expectOverviews(boot);
    }
  });

  test('of any log are those of the report, and of a plain count', () => {
    fc.assert(
      fc.property(anyLog(), (text) => {
        for (const boot of bootsOf(text)) {
          expectFiguresOfReport(boot);
          expectPlainCount(boot);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each(['buggy-no-teardown', 'sevlike-mixed-writers', 'vtd-buggy-free-in-ebs'])(
    'of %s with a damaged line are those of the report',
    (name) => {
      const lines = toLines(excerpt(readLog(name), 6));
      fc.assert(
        fc.property(damaged(lines), (text) => {
          for (const boot of bootsOf(text)) expectFiguresOfReport(boot);
        }),
        { numRuns: 40 },
      );
    },
  );
});

test('sizes that come and go leave nothing behind, however large', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 53 }).map((size) => size * 512)), (sizes) => {
      const counter = createByteCounter();
      counter.add(5);
      for (const size of sizes) counter.add(size);
      for (const size of sizes) counter.remove(size);
      expect(counter.bytes).toBe(5);
    }),
  );
});
