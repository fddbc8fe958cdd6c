import { describe, expect, test } from 'vitest';
import type { ReportTrace } from '../../../src/core/index.ts';
import { analyseBoot } from '../support/analyse.ts';
import { BOOT_START, mapCalled, mapReturned, ring, toText, transfer, unmap } from '../support/firmware.ts';

const first = ring(0);
const second = transfer(1);
const third = transfer(2, 'Read');

/** `called>mapped` of each mapping, and the lines of calls that failed. */
function pairs(...lines: readonly string[]): { maps: string[]; failed: number[] } {
  const trace = analyseBoot(toText(BOOT_START, ...lines));
  return {
    maps: trace.mappings.map(({ calledLine, mappedLine }) => `${calledLine ?? '?'}>${mappedLine}`),
    failed: failedLines(trace),
  };
}

function failedLines(trace: ReportTrace): number[] {
  return trace.failedMaps.map(({ calledLine }) => calledLine);
}

describe('a call and its result', () => {
  test('stand behind each other', () => {
    expect(pairs(mapCalled(first), mapReturned(first), mapCalled(second), mapReturned(second))).toEqual({
      maps: ['2>3', '4>5'],
      failed: [],
    });
  });

  test('may have a whole other call between them, that preempted the first', () => {
    expect(pairs(mapCalled(first), mapCalled(second), mapReturned(second), mapReturned(first))).toEqual({
      maps: ['3>4', '2>5'],
      failed: [],
    });
  });

  test('may have two levels of calls between them', () => {
    expect(
      pairs(
        mapCalled(first),
        mapCalled(second),
        mapCalled(third),
        mapReturned(third),
        unmap(third),
        mapReturned(second),
        mapReturned(first),
      ),
    ).toEqual({ maps: ['4>5', '3>7', '2>8'], failed: [] });
  });

  test('may have a call between them that failed', () => {
    expect(pairs(mapCalled(first), mapCalled(second), mapReturned(first))).toEqual({ maps: ['2>4'], failed: [3] });
  });

  test('belong together if address and pages agree: of equal calls, the latest', () => {
    expect(pairs(mapCalled(first), mapCalled(first), mapReturned(first))).toEqual({ maps: ['3>4'], failed: [2] });
    expect(pairs(mapCalled(first), mapCalled(first), mapReturned(first), mapReturned(first))).toEqual({
      maps: ['3>4', '2>5'],
      failed: [],
    });
  });

  test('may differ in pages: Map() can succeed with fewer bytes', () => {
    const asked = { ...first, bytes: 0x5000 };
    expect(pairs(mapCalled(asked), mapReturned({ ...asked, bytes: 0x1000 }))).toEqual({ maps: ['2>3'], failed: [] });
  });

  test('with the same pages go before those with fewer', () => {
    const longer = { ...first, bytes: 0x5000 };
    expect(pairs(mapCalled(first), mapCalled(longer), mapReturned(first)).maps).toEqual(['2>4']);
  });
});

describe('a call without a result', () => {
  test('failed, if other calls come behind it', () => {
    expect(pairs(mapCalled(first), mapCalled(second), mapReturned(second)).failed).toEqual([2]);
  });

  test('did not fail if the log just ends in it', () => {
    expect(pairs(mapCalled(second), mapReturned(second), mapCalled(first)).failed).toEqual([]);
  });

  test('failed, a thousand times in a row', () => {
    const lines = Array.from({ length: 1000 }, () => mapCalled(first));
    expect(pairs(...lines, mapCalled(second), mapReturned(second)).failed).toHaveLength(1000);
  });

  test('tells its operation, address and size', () => {
    const trace = analyseBoot(toText(BOOT_START, mapCalled(third), mapCalled(second), mapReturned(second)));
    expect(trace.failedMaps).toEqual([
      { operation: 'Read', host: '0x1fb20e18', bytes: 8, calledLine: 2, status: null },
    ]);
  });
});

describe('a result without a call', () => {
  test('makes a mapping of which the operation and the size are unknown', () => {
    const trace = analyseBoot(toText(BOOT_START, mapReturned(first)));
    expect(trace.mappings).toMatchObject([
      { operation: null, bytes: null, calledLine: null, mappedLine: 2, host: '0x1e600000' },
    ]);
  });

  test('does not take the call of another address', () => {
    expect(pairs(mapCalled(second), mapReturned(first), mapReturned(second))).toEqual({
      maps: ['?>3', '2>4'],
      failed: [],
    });
  });
});

describe('a handle', () => {
  test('that recurs makes mappings of the next generation', () => {
    const again = { ...second, handle: first.handle };
    const { mappings } = analyseBoot(
      toText(
        BOOT_START,
        mapCalled(first),
        mapReturned(first),
        unmap(first),
        mapCalled(again),
        mapReturned(again),
        unmap(again),
        mapReturned(first),
      ),
    );
    expect(mappings.map(({ handle, generation, unmappedLine }) => [handle, generation, unmappedLine])).toEqual([
      ['0x1e3e0018', 1, 4],
      ['0x1e3e0018', 2, 7],
      ['0x1e3e0018', 3, null],
    ]);
  });

  test('of zero is never unmapped', () => {
    const { summary, findings } = analyseBoot(
      toText(BOOT_START, mapReturned(first), 'IoMmuUnmapWorker: Mapping=0x0 MemoryMapLocked=0'),
    );
    expect(summary).toMatchObject({ maps: 1, unmaps: 0 });
    expect(findings.filter(({ severity }) => severity !== 'information')).toEqual([]);
  });

  test('of 64 ones is as good as any', () => {
    const { mappings } = analyseBoot(
      toText(
        BOOT_START,
        'IoMmuMap: Operation=Read64 Host=0xFFFFFFFFFFFFF000 Bytes=0xFFF',
        'IoMmuMap: Mapping=0xFFFFFFFFFFFFFFFF Device(PlainText)=0xFFFFFFFFFFFFF000 Crypted=0xFFFFFFFFFFFFF000 Pages=0x1',
        'IoMmuUnmapWorker: Mapping=0xFFFFFFFFFFFFFFFF MemoryMapLocked=0',
      ),
    );
    expect(mappings).toMatchObject([
      { handle: '0xffffffffffffffff', device: '0xfffffffffffff000', bytes: 0xfff, calledLine: 2, unmappedLine: 4 },
    ]);
  });
});
