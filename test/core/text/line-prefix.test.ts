import { describe, expect, test } from 'vitest';
import { readPrefix } from '../../../src/core/text/line-prefix.ts';
import type { Writer } from '../../../src/core/text/line-times.ts';
import { createLineTimes } from '../../../src/core/text/line-times.ts';

const record = 'IoMmuUnmapWorker: Mapping=0x1E3EF998 MemoryMapLocked=1';
const at = (text: string): number => Date.parse(text) / 1000;

const PREFIXES: readonly (readonly [string, string, number])[] = [
  ['qemu', '4226@1795343651.293914:', 1795343651.293914],
  ['iso-8601', '2026-11-22T15:59:02Z ', at('2026-11-22T15:59:02Z')],
  ['iso-8601', '2026-11-22T15:59:02.123456Z ', at('2026-11-22T15:59:02.123Z') + 0.000456],
  ['iso-8601', '2026-11-22T15:59:02+0100 ', at('2026-11-22T14:59:02Z')],
  ['iso-8601', '2026-11-22T15:59:02-01:30 ', at('2026-11-22T17:29:02Z')],
  ['iso-8601', '2026-11-22T15:59:02: ', at('2026-11-22T15:59:02Z')],
  ['libvirt', '2026-11-22 15:59:02.123+0000: ', at('2026-11-22T15:59:02.123Z')],
  ['date-and-time', '[2026-11-22 15:59:02] ', at('2026-11-22T15:59:02Z')],
  ['date-and-time', '2026-11-22 15:59:02,5 ', at('2026-11-22T15:59:02.5Z')],
  ['journald', 'Nov 22 15:59:02 host qemu[1234]: ', at('2000-11-22T15:59:02Z')],
  ['journald', 'Nov  2 15:59:02.123456 a.b-c qemu-kvm@1.service: ', at('2000-11-02T15:59:02.123Z') + 0.000456],
  ['ts', 'Nov 22 15:59:02 ', at('2000-11-22T15:59:02Z')],
  ['ts-seconds', '1795343651.293914 ', 1795343651.293914],
  ['advanced-logger', '00:00:12.345 : ', 12.345],
  ['advanced-logger', '00:00:12.345 : [DXE] [VERBOSE] ', 12.345],
  ['clock', '00:00:12 ', 12],
  ['clock', '[15:59:02.5] ', 57542.5],
  ['printk', '[    1.234567] ', 1.234567],
  ['printk', '<6>[ 1234.567890][    T1] ', 1234.56789],
  ['seconds', '[0.5] ', 0.5],
];

describe('a prefix', () => {
  test.each(PREFIXES)('of %s is known: %s', (id, prefix, seconds) => {
    const reading = readPrefix(`x${prefix}${record}`, 1, null);
    expect(reading?.prefix.id).toBe(id);
    expect(reading?.seconds).toBeCloseTo(seconds, 5);
  });

  test.each([
    'InstallProtocolInterface: ',
    'Nov 32 15:59:02 ',
    'Foo 22 15:59:02 ',
    '25:00:00 ',
    '15:61:00 ',
    '2026-13-01T00:00:00Z ',
    '[Security] ',
    '12345 ',
    '0x1E3EF998 ',
    '',
  ])('is none: %s', (text) => {
    expect(readPrefix(text + record, 0, null)).toBeNull();
  });

  test('costs no more than the length of a line of nothing but the beginnings of prefixes', () => {
    const started = performance.now();
    for (const piece of ['[', '1', '1@', ' ', 'Nov 22 ', '2026-', '[    ', '00:', 'a.'])
      readPrefix(piece.repeat(100_000), 0, null);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the times of lines', () => {
  test('go on behind midnight', () => {
    const times = createLineTimes();
    expect(
      ['23:59:58 ', '23:59:59 ', '00:00:01 ', '23:59:59 ', '00:00:00 '].map((prefix) => secondsOf(times, prefix)),
    ).toEqual([86398, 86399, 86401, 172799, 172800]);
  });

  test('name the prefix of most lines, if most have one', () => {
    const times = createLineTimes();
    expect(times.prefix).toBeNull();
    for (const prefix of ['[    1.000000] ', '[    2.000000] ', '00:00:01 ', '']) secondsOf(times, prefix);
    expect(times.prefix).toBeNull();
    secondsOf(times, '[    3.000000] ');
    expect(times.prefix?.id).toBe('printk');
  });

  test('are those of the machine’s last line where only its lines have any', () => {
    const times = createLineTimes();
    expect(secondsOf(times, '')).toBeNull();
    expect(secondsOf(times, '12@100.000000:', 'machine')).toBe(100);
    expect(secondsOf(times, '')).toBe(100);
  });

  test('are on one axis: an operating system’s own makes none', () => {
    const times = createLineTimes();
    expect(secondsOf(times, '[    0.000000] ', 'operating-system')).toBeNull();
    expect(secondsOf(times, '00:00:12 ')).toBe(12);
    expect(secondsOf(times, '[    3.000000] ', 'operating-system')).toBeNull();
    expect(secondsOf(times, '00:00:13 ', 'operating-system')).toBe(13);
  });

  test('are those that the tracer tells, where nothing stands before its lines', () => {
    const times = createLineTimes();
    expect(secondsOf(times, '')).toBeNull();
    expect(times.isTold).toBe(false);
    expect(secondsOf(times, '', 'firmware', 0.5)).toBe(0.5);
    expect(times.isTold).toBe(true);
    expect(secondsOf(times, '')).toBe(0.5);
    expect(secondsOf(times, '12@100.000000:', 'machine')).toBeNull();
    expect(secondsOf(times, '', 'firmware', 0.75)).toBe(0.75);
    expect(times.prefix?.id).toBe('dma-trace');
    times.restart();
    expect(secondsOf(times, '')).toBeNull();
  });

  test('are those of the prefix, where the tracer’s lines have one, too', () => {
    const times = createLineTimes();
    expect(secondsOf(times, '00:00:12 ', 'firmware', 0.5)).toBe(12);
    expect(secondsOf(times, '', 'firmware', 0.75)).toBeNull();
    expect(times.isTold).toBe(false);
  });

  test('are none for a record that begins its line', () => {
    expect(secondsOf(createLineTimes(), '')).toBeNull();
  });
});

function secondsOf(
  times: ReturnType<typeof createLineTimes>,
  prefix: string,
  writer: Writer = 'firmware',
  told: number | null = null,
): number | null {
  return times.secondsAt({ text: `${prefix}${record}`, lineStart: 0, anchorStart: prefix.length }, writer, told);
}
