import { describe, expect, test } from 'vitest';
import type { ReportSummary, ReportTrace, Verdict } from '../../../src/core/index.ts';
import { hasDma, verdictOf } from '../../../src/core/index.ts';
import { analyseBoot } from '../support/analyse.ts';
import { reportOfLog } from '../support/logs.ts';

const quiet = analyseBoot('');

function boot(handedOff: boolean, summary: Partial<ReportSummary>): ReportTrace {
  return {
    ...quiet,
    handoff: handedOff ? { line: 9, time: null, evidence: 'Linux printed its banner' } : null,
    summary: { ...quiet.summary, calls: 9, maps: 3, unmaps: 3, ...summary },
  };
}

const ended = (summary: Partial<ReportSummary> = {}): ReportTrace => boot(true, summary);
const cut = (summary: Partial<ReportSummary> = {}): ReportTrace => boot(false, summary);

describe('the verdict', () => {
  test.each<[Verdict['level'], string, ReportTrace[]]>([
    ['no-trace', 'no DMA call in this log', []],
    ['no-trace', 'no DMA call in this log', [quiet, quiet]],
    ['clean', 'nothing is mapped at hand-off', [ended()]],
    ['clean', 'nothing is mapped at hand-off', [ended({ information: 4 })]],
    ['clean', 'nothing is mapped at hand-off', [ended(), quiet]],
    ['clean', 'nothing is mapped at 2 hand-offs', [ended(), ended(), cut()]],
    ['incomplete', 'the log ends before hand-off', [cut()]],
    ['warning', 'nothing is mapped at hand-off; 1 warning', [ended({ warnings: 1 })]],
    ['warning', 'the log ends before hand-off; 2 warnings', [cut({ warnings: 2 })]],
    ['error', '1 mapping is live at hand-off; 1 error', [ended({ liveAtHandoff: 1, errors: 1 })]],
    [
      'error',
      '10 mappings are live at hand-off; 10 errors, 1 warning',
      [ended({ liveAtHandoff: 10, errors: 10, warnings: 1 })],
    ],
    [
      'error',
      '5 mappings are live at 2 hand-offs; 6 errors',
      [ended({ liveAtHandoff: 2, errors: 2 }), ended({ liveAtHandoff: 3, errors: 4 })],
    ],
    ['error', 'the log ends before hand-off; 1 error', [cut({ errors: 1 })]],
  ])('is %s: %s', (level, headline, traces) => {
    expect(verdictOf({ traces })).toMatchObject({ level, headline });
  });

  test('adds up what the boots have', () => {
    const traces = [ended({ liveAtHandoff: 2, errors: 2, warnings: 1 }), cut({ errors: 1, warnings: 3 })];
    expect(verdictOf({ traces })).toMatchObject({ liveAtHandoff: 2, errors: 3, warnings: 4 });
  });

  test.each([
    ['sevlike-ahci', 'clean', 'nothing is mapped at hand-off'],
    ['sevlike-xhci', 'warning', 'nothing is mapped at hand-off; 1 warning'],
    ['buggy-no-teardown', 'error', '10 mappings are live at hand-off; 10 errors'],
    ['stock-ahci', 'no-trace', 'no DMA call in this log'],
  ])('on %s is %s', (name, level, headline) => {
    expect(verdictOf(reportOfLog(name))).toMatchObject({ level, headline });
  });
});

describe('a boot has DMA', () => {
  test.each([
    ['a Map()', 'IoMmuMap: Operation=Read Host=0x1FB65033 Bytes=0x1'],
    ['an Unmap()', 'IoMmuUnmapWorker: Mapping=0x1E3BFE18 MemoryMapLocked=0'],
    ['an AllocateBuffer()', 'IoMmuAllocateBuffer: MemoryType=4 Pages=0x1 Attributes=0x0'],
    ['a FreeBuffer()', 'IoMmuFreeBuffer: Host=0x1E6BC000 Pages=0x10'],
  ])('if the log shows %s, whatever became of it', (_, line) => {
    expect(hasDma(analyseBoot(`${line}\r\n`))).toBe(true);
    expect(hasDma(quiet)).toBe(false);
  });
});
