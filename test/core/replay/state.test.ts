import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journal, ReportTrace } from '../../../src/core/index.ts';
import { createCompanionReader } from '../../../src/core/index.ts';
import type { Boot } from '../../../src/core/replay/boot.ts';
import { createBoot } from '../../../src/core/replay/boot.ts';
import { openCallsAt } from '../../../src/core/replay/open-calls.ts';
import { callbackAt, phaseAt } from '../../../src/core/replay/phase.ts';
import { freesOf, unmapsOf } from '../../../src/core/replay/scope.ts';
import { createState, type State } from '../../../src/core/replay/state.ts';
import { toReportDevice, toReportTranslation } from '../../../src/core/report/to-report.ts';
import { STEP_KINDS } from '../../../src/core/model/step.ts';
import { syntheticSteps } from '../../bench/synthetic-steps.mjs';
import { analyseSteps, bootsOf, mangledLogs, recount } from '../support/journals.ts';
import { LOG_NAMES, logPath, readLog } from '../support/logs.ts';

function bootOf({ trace, journal }: { readonly trace: ReportTrace; readonly journal: Journal }): Boot {
  return createBoot(0, 0, trace, journal);
}

/** Everything that a state tells, as plain values. */
function told(boot: Boot, state: State, step: number): unknown {
  return {
    live: [...state.mappings.toIds()],
    liveBytes: state.liveBytes,
    buffers: [...state.buffers.toIds()],
    maps: state.count('mapped'),
    unmaps: unmapsOf(state),
    allocations: state.count('allocated'),
    frees: freesOf(state),
    failures: state.failures,
    faults: state.count('fault'),
    open: openCallsAt(boot.journal, state, step),
    phase: phaseAt(state, boot.trace),
    callback: callbackAt(state, boot.trace),
    translation: boot.machine.translationAt(step),
    isTranslating: boot.machine.isTranslatingAt(step),
    devices: boot.machine.devicesAt(step),
  };
}

/** What the report tells of the end of a boot. */
function expectReport({ trace, journal, cursor, machine }: Boot): void {
  if (journal.stepCount === 0) return;
  const last = journal.stepCount - 1;
  const state = cursor.moveTo(last);
  const { summary, mappings, buffers, failedMaps } = trace;
  expect(state.count('mapped')).toBe(summary.maps);
  expect(unmapsOf(state)).toBe(summary.unmaps);
  expect(state.count('allocated')).toBe(summary.allocations);
  expect(freesOf(state)).toBe(summary.frees);
  expect(state.failures).toBe(failedMaps.length);
  if (trace.handoff) {
    expect(state.mappings.size).toBe(summary.liveAtHandoff);
    const live = mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(({ id }) => id);
    expect([...state.mappings.toIds()]).toEqual(live);
  }
  const freed = new Set(buffers.filter(({ freedLine }) => freedLine !== null).map(({ id }) => id));
  expect([...state.buffers.toIds()].some((id) => freed.has(id))).toBe(false);
  expect(state.buffers.size).toBe(buffers.length - freed.size - state.count('buffer-lost'));
  expect(machine.devicesAt(last).map(toReportDevice)).toEqual(trace.devices);
  const translation = machine.translationAt(last);
  expect(translation && toReportTranslation(translation)).toEqual(trace.translation);
}

/** The same in all of: going forward, going back, jumping, and counting plainly. */
function expectOneState(boot: Boot): void {
  const { journal, trace } = boot;
  const forward = boot.newCursor();
  const seen: string[] = [];
  let peakLive = 0;
  let peakLiveBytes = 0;
  recount(journal, (step, { live, liveBytes, buffers }) => {
    const state = forward.moveTo(step);
    const [found, counted] = [
      [state.mappings.size, Number(state.liveBytes), state.buffers.size].join(),
      [live.size, liveBytes, buffers.size].join(),
    ];
    // A long log has too many steps for an expectation each.
    if (found !== counted) expect.fail(`step ${step}: ${found} instead of ${counted}`);
    peakLive = Math.max(peakLive, state.mappings.size);
    peakLiveBytes = Math.max(peakLiveBytes, Number(state.liveBytes));
    if (isSampled(step, journal)) seen[step] = JSON.stringify(told(boot, state, step));
  });
  expect([peakLive, peakLiveBytes]).toEqual([trace.summary.peakLive, trace.summary.peakLiveBytes]);

  const backward = boot.newCursor();
  backward.moveTo(journal.stepCount - 1);
  for (let step = journal.stepCount - 1; step >= 0; step--) {
    const state = backward.moveTo(step);
    if (isSampled(step, journal)) expect(JSON.stringify(told(boot, state, step))).toBe(seen[step]);
  }
  const jumping = boot.newCursor();
  for (let jump = 0; jump < 50; jump++) {
    const step = Math.floor((journal.stepCount * ((jump * 37) % 50)) / 50);
    const state = jumping.moveTo(step);
    expect(state.mappings.size).toBe(forward.moveTo(step).mappings.size);
    if (seen[step] !== undefined) expect(JSON.stringify(told(boot, state, step))).toBe(seen[step]);
  }
}

/** All of a short boot; of a long one some, and its end, where most happens. */
function isSampled(step: number, { stepCount }: Journal): boolean {
  return stepCount < 300 || step % 61 === 0 || step > stepCount - 60;
}

describe('the state at any step of a real log', () => {
  test.each(LOG_NAMES)('%s: is the same from all sides, and in the end that of the report', (name) => {
    for (const each of bootsOf(analyseSteps(readLog(name)))) {
      const boot = bootOf(each);
      expectOneState(boot);
      expectReport(boot);
    }
  });
});

describe('the state at any step of a log with the trace of its machine', () => {
  test.each(['sevlike-xhci-traced', 'vtd-xhci-traced'])('%s: knows the devices as the report does', (name) => {
    const companion = createCompanionReader('trace.log');
    companion.push(gunzipSync(readFileSync(logPath(name).replace('.log.gz', '.trace.gz'))).toString('latin1'));
    for (const each of bootsOf(analyseSteps(readLog(name), { with: [companion.finish()] }))) {
      const boot = bootOf(each);
      expect(boot.trace.devices.length).toBeGreaterThan(0);
      expectOneState(boot);
      expectReport(boot);
    }
  });
});

describe('the state at any step of any log', () => {
  test('is the same from all sides, and in the end that of the report, whatever is lost', () => {
    fc.assert(
      fc.property(
        mangledLogs([
          'buggy-xhci-free-in-ebs',
          'buggy-failing-maps',
          'sevlike-mixed-writers',
          'vtd-buggy-double-unmap',
          'vtd-xhci-traced',
        ]),
        (text) => {
          for (const each of bootsOf(analyseSteps(text))) {
            const boot = bootOf(each);
            expectOneState(boot);
            expectReport(boot);
          }
        },
      ),
      { numRuns: 40, seed: 20170907 },
    );
  });
});

describe('checkpoints', () => {
  function syntheticBoot(steps: number, unmapShare: number): Boot {
    return bootOf(syntheticSteps({ kinds: STEP_KINDS, steps, unmapShare, seed: 3 }));
  }

  test.each([
    ['as many are unmapped as mapped', 0.6],
    ['hardly any is unmapped', 0.01],
    ['all mappings stay', 0],
  ])('of a long boot hold less memory than its steps, where %s', (_where, unmapShare) => {
    const { checkpoints, journal } = syntheticBoot(300_000, unmapShare);
    expect(checkpoints.count).toBeGreaterThan(3);
    expect(checkpoints.bytes).toBeLessThan(9 * journal.stepCount);
  });

  test.each([0.6, 0.3, 0])('lead to the same state as walking there, where %d of the mappings go', (unmapShare) => {
    const boot = syntheticBoot(100_000, unmapShare);
    const walking = createState(boot.journal, boot.index);
    const wanted = new Set([0, 1, 1022, 1023, 1024, 1025, 33_333, 50_000, 77_777, 99_999]);
    const cursor = boot.newCursor();
    for (let step = 0; step < boot.journal.stepCount; step++) {
      walking.redo();
      if (!wanted.has(step)) continue;
      expect(told(boot, cursor.moveTo(step), step)).toEqual(told(boot, walking, step));
      cursor.moveTo((step * 31) % 100_000);
    }
  });

  test('and live mappings are listed page by page, oldest first', () => {
    const { cursor, journal } = syntheticBoot(20_000, 0.3);
    const { mappings } = cursor.moveTo(journal.stepCount - 1);
    const ids = [...mappings.toIds()];
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(mappings.page(0, 3)).toEqual(ids.slice(0, 3));
    expect(mappings.page(1234, 100)).toEqual(ids.slice(1234, 1334));
    expect(mappings.page(ids.length - 2, 100)).toEqual(ids.slice(-2));
    expect(mappings.page(ids.length, 100)).toEqual([]);
    expect(mappings.page(0, 0)).toEqual([]);
  });
});
