import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/core/index.ts';
import { tracerChecks } from '../../scripts/corpus/tracer-checks.mjs';
import { LOG_NAMES, readLog, reportOfLog } from './support/logs.ts';

/** A tracer that was built with room for two mappings: its records do not tell which call belongs to which. */
const FULL_TABLE = 'tracer-v2-full-table';

/**
 * Real boots with the tracer. What the report says of them is held to what the tracer counted itself, and to the firmware's own
 * lines, both read anew by a script that knows nothing of the analyser.
 */
const TRACED = LOG_NAMES.filter((name) => name.startsWith('tracer-') && name !== FULL_TABLE);

/** The first trace of a log, for what no plain script can tell. */
function bootOf(name: string) {
  const [trace] = reportOfLog(name).traces;
  if (!trace) throw new Error(`${name} has no boot`);
  return trace;
}

test('there are such logs', () => {
  expect(TRACED).toHaveLength(6);
});

describe.each(TRACED)('%s', (name) => {
  test('is told as the tracer itself, and the firmware, tell it', () => {
    const checks = tracerChecks(readLog(name), reportOfLog(name));
    expect(checks.length).toBeGreaterThan(25);
    expect(checks.filter(({ expected, found }) => expected !== found)).toEqual([]);
  });

  test('is not told so any more when a record is taken out of it', () => {
    const text = readLog(name);
    const without = text.replace(/DMATRACE v\d #\d+ [^\n]* (?:Unmap via=PciIo|CbEnd) [^\n]*\n/, '');
    expect(without).not.toBe(text);
    const checks = tracerChecks(without, reportOfLog(name));
    expect(checks.filter(({ expected, found }) => expected !== found)).not.toEqual([]);
  });
});

describe('a planted bug is found, and its driver named', () => {
  test('memory that XhciDxe frees in its callback', () => {
    const { findings } = bootOf('tracer-buggy-free-in-ebs');
    const [freed, ...more] = findings.filter(({ severity }) => severity === 'error');
    expect(more).toEqual([]);
    expect(freed).toMatchObject({ rule: 'memory-freed-in-exit-callback', certain: true });
    expect(freed?.message).toContain('of XhciDxe was freed');
  });

  test('mappings that NvmExpressDxe unmaps twice', () => {
    const { findings } = bootOf('tracer-buggy-double-unmap');
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([
      { rule: 'double-unmap', certain: true },
      { rule: 'double-unmap', certain: true },
    ]);
    for (const { message } of errors) expect(message).toContain('of NvmExpressDxe is unmapped again');
  });
});

test('devices with a driver before the tracer came are named, and what they unmap is no finding', () => {
  const { findings, tracer } = bootOf('tracer-stock-shell');
  expect(tracer?.boundBefore.map(({ device, driver }) => `${device} ${driver}`)).toEqual([
    '00:01.0 QemuVideoDxe',
    '00:1f.0 SioBusDxe',
    '00:1f.2 SataController',
  ]);
  expect(findings.map(({ rule }) => rule)).not.toContain('unmap-unknown');
});

test('a boot without any Map() is one where nothing is mapped at hand-off', () => {
  expect(bootOf('tracer-v2-virtio-legacy').summary).toMatchObject({ calls: 0, liveAtHandoff: 0 });
  expect(verdictOf(reportOfLog('tracer-v2-virtio-legacy')).level).toBe('clean');
});

test('where the tracer’s table was full, as many mappings are live as there must be, and the report warns', () => {
  const { mappings, findings, tracer } = bootOf(FULL_TABLE);
  expect(tracer).toMatchObject({ lost: 120, disagreements: 0 });
  expect(mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(({ bytes }) => bytes)).toEqual([
    0x600, 0x400, 0x100070,
  ]);
  expect(findings.some(({ rule, severity }) => rule === 'trace-incomplete' && severity === 'warning')).toBe(true);
});

test('stock firmware without an IOMMU protocol lets devices reach all of memory', () => {
  expect(bootOf('tracer-stock-ahci').platform).toBe('permit');
  expect(bootOf('tracer-buggy-free-in-ebs').platform).toBe('deny');
});
