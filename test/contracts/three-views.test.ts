import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journal, ReportTrace } from '../../src/core/index.ts';
import { createTimeline } from '../../src/core/index.ts';
import { createBoot } from '../../src/core/replay/boot.ts';
import { crossesHandoff } from '../../src/core/timeline/bar-flags.ts';
import { liveAt } from '../../src/core/timeline/live-at.ts';
import { analyseSteps, bootsOf, mangledLogs } from '../core/support/journals.ts';
import { LOG_NAMES, readLog } from '../core/support/logs.ts';

/**
 * Report, timeline and replay are three views of one boot: what is live at any step, what crosses hand-off, and whose it is must
 * be the same in all of them. The timeline counts its bars, the replay walks through the steps, the report was written while the
 * log was read.
 */
function expectOneTruth({ trace, journal }: { readonly trace: ReportTrace; readonly journal: Journal }): void {
  const timeline = createTimeline(trace, journal);
  const { outline, bars } = timeline;
  const figuresAt = liveAt(timeline);
  const { cursor } = createBoot(0, 0, trace, journal);

  // Live mappings and bytes, at every step.
  let peakLive = 0;
  let peakLiveBytes = 0;
  for (let step = 0; step < journal.stepCount; step++) {
    const { mappings, liveBytes } = cursor.moveTo(step);
    const drawn = figuresAt(step);
    if (drawn.live !== mappings.size || drawn.liveBytes !== Number(liveBytes))
      expect({ step, ...drawn }).toEqual({ step, live: mappings.size, liveBytes: Number(liveBytes) });
    peakLive = Math.max(peakLive, drawn.live);
    peakLiveBytes = Math.max(peakLiveBytes, drawn.liveBytes);
  }
  const { summary } = trace;
  expect([outline.figures.peakLive, peakLive]).toEqual([summary.peakLive, summary.peakLive]);
  expect([outline.figures.peakLiveBytes, peakLiveBytes]).toEqual([summary.peakLiveBytes, summary.peakLiveBytes]);
  expect(outline.figures.mappings).toBe(summary.maps);
  expect(outline.figures.liveAtHandoff).toBe(summary.liveAtHandoff);

  // What crosses hand-off, one by one.
  const leaked = trace.mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(({ id }) => id);
  const crossing = [...bars.ids].filter((_, bar) => crossesHandoff(bars.flags[bar] ?? 0)).sort((a, b) => a - b);
  expect(crossing).toEqual(leaked);
  if (trace.handoff) expect([...cursor.moveTo(journal.stepCount - 1).mappings.toIds()]).toEqual(leaked);

  // Every mapping is one bar, in the lane of its owner.
  expect([...bars.ids].sort((a, b) => a - b)).toEqual(trace.mappings.map(({ id }) => id));
  const ownerOf = new Map(trace.mappings.map(({ id, owner }) => [id, owner]));
  for (const lane of outline.lanes) {
    const first = timeline.rowBars[lane.firstRow] ?? 0;
    const end = timeline.rowBars[lane.firstRow + lane.rowCount] ?? 0;
    const ids = [...bars.ids.subarray(first, end)];
    expect(ids.length).toBe(lane.mappingCount);
    expect(ids.filter((id) => leaked.includes(id)).length).toBe(lane.crossingCount);
    for (const id of ids) expect(ownerOf.get(id)?.name ?? null).toBe(lane.owner);
  }
  expect(outline.lanes.reduce((sum, lane) => sum + lane.mappingCount, 0)).toBe(trace.mappings.length);
}

describe('report, timeline and replay', () => {
  test.each(LOG_NAMES)('%s: are one truth', (name) => {
    for (const boot of bootsOf(analyseSteps(readLog(name)))) expectOneTruth(boot);
  });

  test('are one truth whatever a log has lost', () => {
    fc.assert(
      fc.property(mangledLogs(['buggy-xhci-free-in-ebs', 'sevlike-mixed-writers', 'vtd-buggy-free-in-ebs']), (text) => {
        for (const boot of bootsOf(analyseSteps(text))) expectOneTruth(boot);
      }),
      { numRuns: 60, seed: 20170907 },
    );
  });
});
