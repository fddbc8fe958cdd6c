import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journal, ReportTrace } from '../../../src/core/index.ts';
import { firstStepFrom, kindAt } from '../../../src/core/journal/journal.ts';
import { BOOT_START, map, unmap } from '../support/firmware.ts';
import { analyseSteps, bootsOf, mangledLogs, recount } from '../support/journals.ts';
import { LOG_NAMES, readLog } from '../support/logs.ts';

/** Lines of all steps of a kind, by subject. */
function linesOf(journal: Journal, ...kinds: readonly string[]): Map<number, number> {
  const found = new Map<number, number>();
  for (let step = 0; step < journal.stepCount; step++) {
    if (kinds.includes(kindAt(journal, step))) found.set(journal.subjects[step] ?? 0, journal.lines[step] ?? 0);
  }
  return found;
}

/** Everything that journal and report both tell. */
function expectSameStory(trace: ReportTrace, journal: Journal): void {
  const { summary, exitBootServices: exit, handoff } = trace;
  let peakLive = 0;
  let peakLiveBytes = 0;
  let atHandoff: number[] | null = null;
  let atEnd: number[] = [];
  let buffersAtEnd: number[] = [];
  recount(journal, (step, { live, liveBytes, buffers }) => {
    peakLive = Math.max(peakLive, live.size);
    peakLiveBytes = Math.max(peakLiveBytes, liveBytes);
    if (kindAt(journal, step) === 'handoff') atHandoff = [...live];
    if (step === journal.stepCount - 1) [atEnd, buffersAtEnd] = [[...live], [...buffers]];
  });
  expect(peakLive).toBe(summary.peakLive);
  expect(peakLiveBytes).toBe(summary.peakLiveBytes);
  const leaked = trace.mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(({ id }) => id);
  expect(atHandoff).toEqual(handoff ? leaked : null);
  if (handoff) expect(atEnd).toEqual(leaked);
  const kept = trace.buffers.filter(({ freedLine }) => freedLine === null).map(({ id }) => id);
  // A buffer whose memory was given out again is not there any more, and was never seen freed.
  const lost = linesOf(journal, 'buffer-lost');
  expect(buffersAtEnd.sort((a, b) => a - b)).toEqual(kept.filter((id) => !lost.has(id)));

  const mapped = linesOf(journal, 'mapped');
  const unmapped = linesOf(journal, 'unmapped');
  const called = linesOf(journal, 'map-called');
  for (const mapping of trace.mappings) {
    expect(mapped.get(mapping.id)).toBe(mapping.mappedLine);
    expect(unmapped.get(mapping.id) ?? null).toBe(mapping.unmappedLine);
    if (mapping.calledLine !== mapping.mappedLine) expect(called.get(mapping.id) ?? null).toBe(mapping.calledLine);
  }
  trace.failedMaps.forEach((failed, index) => expect(called.get(-(index + 1))).toBe(failed.calledLine));
  const callbacks = linesOf(journal, 'exit-callback');
  exit?.callbacks.forEach((callback, index) => expect(callbacks.get(index + 1)).toBe(callback.line));
  expect(linesOf(journal, 'exit-proved').get(1) ?? null).toBe(exit?.markerLine ?? null);
  expect(linesOf(journal, 'cleanup').get(0) ?? null).toBe(exit?.cleanup?.line ?? null);
}

function expectWellFormed(journal: Journal): void {
  for (let step = 1; step < journal.stepCount; step++) {
    expect(journal.lines[step]).toBeGreaterThanOrEqual(journal.lines[step - 1] ?? 0);
    if (journal.seconds) expect(journal.seconds[step]).toBeGreaterThanOrEqual(journal.seconds[step - 1] ?? 0);
  }
}

describe('the journal of a real log', () => {
  test.each(LOG_NAMES)('%s: tells what the report tells', (name) => {
    for (const { trace, journal } of bootsOf(analyseSteps(readLog(name)))) {
      expectWellFormed(journal);
      expectSameStory(trace, journal);
    }
  });
});

describe('the journal of any log', () => {
  test('tells what the report tells, whatever is lost', () => {
    fc.assert(
      fc.property(
        mangledLogs(['buggy-xhci-free-in-ebs', 'sevlike-mixed-writers', 'vtd-buggy-double-unmap']),
        (text) => {
          for (const { trace, journal } of bootsOf(analyseSteps(text))) {
            expectWellFormed(journal);
            expectSameStory(trace, journal);
          }
        },
      ),
      { numRuns: 60, seed: 20170907 },
    );
  });
});

describe('steps', () => {
  const call = { handle: 0x1000, operation: 'CommonBuffer', host: 0x2000, device: 0x2000, bytes: 0x1000 };

  test('are none unless they are asked for', () => {
    expect(analyseSteps([BOOT_START, ...map(call)].join('\n'), { journal: false }).journals).toEqual([]);
  });

  test('carry the time of their line, or that of the step before', () => {
    const lines = [BOOT_START, ...map(call), unmap(call)].map((line, index) => `[${10 + index}.500000] ${line}`);
    const { journals } = analyseSteps(`${lines.join('\n')}\n`);
    expect([...(journals[0]?.seconds ?? [])]).toEqual([10.5, 11.5, 12.5, 13.5]);
  });

  test('are found by line', () => {
    const { journals } = analyseSteps(`${[BOOT_START, 'nothing', ...map(call)].join('\n')}\n`);
    const [journal] = journals;
    if (!journal) throw new Error('no journal');
    expect([0, 1, 2, 3, 4, 5].map((line) => firstStepFrom(journal, line))).toEqual([0, 0, 1, 1, 2, 3]);
  });
});
