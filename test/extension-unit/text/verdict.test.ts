import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../src/core/index.ts';
import { shortVerdict, verdictIcon } from '../../../src/extension/text/verdict.ts';
import { statusTooltip } from '../../../src/extension/text/status-tooltip.ts';
import { trace } from '../../core/support/report-parts.ts';

function verdict(values: Partial<Verdict>): Verdict {
  return { level: 'clean', headline: '', liveAtHandoff: 0, errors: 0, warnings: 0, ...values };
}

describe('the verdict in the status bar', () => {
  test.each([
    ['$(error) 10 mapped at hand-off', { level: 'error', liveAtHandoff: 10, errors: 10 }],
    ['$(warning) 2 mapped at hand-off', { level: 'warning', liveAtHandoff: 2, warnings: 2 }],
    ['$(info) 2 mapped at hand-off', { level: 'clean', liveAtHandoff: 2 }],
    ['$(error) 1 error', { level: 'error', errors: 1, warnings: 3 }],
    ['$(warning) 2 warnings', { level: 'warning', warnings: 2 }],
    ['$(check) nothing mapped at hand-off', { level: 'clean' }],
    ['$(info) no hand-off in this log', { level: 'incomplete' }],
    ['$(circle-slash) no DMA trace', { level: 'no-trace' }],
  ] as const)('is %s', (expected, values) => {
    expect(`${verdictIcon(verdict(values))} ${shortVerdict(verdict(values))}`).toBe(expected);
  });
});

describe('its tooltip', () => {
  const digest = {
    source: { name: 'a_b.log', bytes: 2048, lines: 100 },
    input: {
      truncated: false,
      splicedLines: 0,
      malformedLines: 0,
      prefix: null,
      companions: [],
      notes: ['Switch on `DEBUG_VERBOSE`.'],
    },
    verdict: verdict({ headline: 'all is well' }),
    findingCount: 0,
  };

  test('tells the numbers of a boot and escapes what it did not write', () => {
    const text = statusTooltip('a_b.log', {
      ...digest,
      traces: [trace({ handoff: { line: 50, time: null, evidence: '' }, summary: { ...trace().summary, calls: 4 } })],
    });
    expect(text).toContain('**a\\_b&#46;log**: 100 lines, 2 KiB');
    expect(text).toContain('All is well.');
    expect(text).toContain('Hand-off at line 50: 0 mappings still there');
    expect(text).toContain('Switch on \\`DEBUG\\_VERBOSE\\`&#46;');
  });

  test('stays short, however many boots there are', () => {
    const text = statusTooltip('a.log', {
      ...digest,
      traces: Array.from({ length: 50 }, () => trace({ summary: { ...trace().summary, calls: 4 } })),
    });
    expect(text).toContain('**Boot 5**');
    expect(text).not.toContain('**Boot 6**');
    expect(text).toContain('45 more boots.');
  });
});
