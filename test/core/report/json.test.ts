import { describe, expect, test } from 'vitest';
import { renderJsonReport } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';
import { reportOfLog } from '../support/logs.ts';

describe('the report as JSON', () => {
  test.each(['buggy-nvme-free-never-unmap', 'sevlike-reboots', 'stock-virtio'])(
    'of %s is the report that JSON.stringify would make',
    (name) => {
      const report = reportOfLog(name);
      expect(JSON.parse([...renderJsonReport(report)].join(''))).toEqual(JSON.parse(JSON.stringify(report)));
    },
  );

  test('has one mapping, buffer and finding to a line, so that line-based tools compare it', () => {
    const report = reportOfLog('buggy-no-teardown');
    const lines = new Set(
      [...renderJsonReport(report)]
        .join('')
        .split('\n')
        .map((line) => line.trim().replace(/,$/, '')),
    );
    const [trace] = report.traces;
    for (const items of [trace!.mappings, trace!.buffers, trace!.findings])
      for (const item of items) expect(lines).toContain(JSON.stringify(item));
  });

  test('comes in pieces that are small, whatever the size of the report', () => {
    for (const piece of renderJsonReport(reportOfLog('buggy-no-teardown'))) expect(piece.length).toBeLessThan(10_000);
  });

  test('ends with a line break', () => {
    expect([...renderJsonReport(analyse(''))].join('')).toMatch(/\}\n$/);
  });

  test('of no boots and of an unusual name is valid', () => {
    const report = { ...analyse('', { sourceName: '"\\\u0000\u001b[2J\ud800\u2028.log' }), traces: [] };
    const text = [...renderJsonReport(report)].join('');
    expect(JSON.parse(text)).toEqual(report);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});
