import { describe, expect, test } from 'vitest';
import { createLineIndex, type LineSubject } from '../../../src/core/report/line-index.ts';
import { buffer, mapping, trace } from '../support/report-parts.ts';

const ONE_OF_EACH = trace({
  exitBootServices: {
    firstLine: 40,
    markerLine: 42,
    markerTime: null,
    attempts: 1,
    callbacks: [
      { name: 'VirtioBlkExitBoot', context: '0x1d278018', line: 42, endLine: null, group: null },
      { name: 'IoMmuExitBoot', context: null, line: 43, endLine: null, group: null },
    ],
    cleanup: { line: 44, unmapped: 1 },
    translationOffLine: null,
  },
  handoff: { line: 46, time: null, evidence: 'the OS speaks' },
  buffers: [buffer(1, { calledLine: 10, allocatedLine: 11, freedLine: 41 })],
  mappings: [
    mapping(1, { buffer: 1, calledLine: 12, mappedLine: 14, otherLines: [13, 15], unmappedLine: 45 }),
    mapping(2, { calledLine: 20, mappedLine: 21, unmappedLine: 22 }),
  ],
  failedMaps: [{ operation: 'Read', host: '0x1000', bytes: 8, calledLine: 30, status: null }],
});

/** `mapping 1 called`, for comparing. */
function describeSubject(subject: LineSubject): string {
  switch (subject.kind) {
    case 'mapping':
      return `mapping ${subject.mapping.id} ${subject.role}`;
    case 'buffer':
      return `buffer ${subject.buffer.id} ${subject.role}`;
    case 'failed-map':
      return `failed-map ${subject.failedMap.host}`;
    case 'exit-callback':
      return `exit-callback ${subject.callbackIndex}`;
    case 'exit-marker':
    case 'cleanup':
    case 'handoff':
      return subject.kind;
  }
}

describe('the line index', () => {
  test.each([
    [9, []],
    [10, ['buffer 1 called']],
    [11, ['buffer 1 allocated']],
    [12, ['mapping 1 called']],
    [13, ['mapping 1 other']],
    [14, ['mapping 1 mapped']],
    [15, ['mapping 1 other']],
    [20, ['mapping 2 called']],
    [22, ['mapping 2 unmapped']],
    [30, ['failed-map 0x1000']],
    [41, ['buffer 1 freed']],
    [42, ['exit-marker', 'exit-callback 0']],
    [43, ['exit-callback 1']],
    [44, ['cleanup']],
    [45, ['mapping 1 unmapped']],
    [46, ['handoff']],
    [47, []],
    [0, []],
  ])('line %i belongs to %j', (line, expected) => {
    expect(createLineIndex([ONE_OF_EACH]).subjectsAt(line).map(describeSubject)).toEqual(expected);
  });

  test('finds its way among several boots', () => {
    const second = trace({ firstLine: 101, mappings: [mapping(1, { mappedLine: 114 })] });
    const [subject] = createLineIndex([ONE_OF_EACH, second]).subjectsAt(114);
    expect(subject?.trace).toBe(second);
  });

  test('gives all mappings that one line belongs to', () => {
    const both = trace({ mappings: [mapping(1, { mappedLine: 5 }), mapping(2, { mappedLine: 5 })] });
    expect(createLineIndex([both]).subjectsAt(5).map(describeSubject)).toEqual([
      'mapping 1 mapped',
      'mapping 2 mapped',
    ]);
  });

  test('of nothing is empty', () => {
    expect(createLineIndex([]).subjectsAt(1)).toEqual([]);
    expect(createLineIndex([trace()]).subjectsAt(1)).toEqual([]);
  });

  test('agrees with looking at every mapping, on a long boot', () => {
    const lines = 600;
    const mappings = Array.from({ length: 400 }, (_, index) =>
      mapping(index + 1, { mappedLine: 1 + ((index * 7919) % lines), unmappedLine: 1 + ((index * 104_729) % lines) }),
    );
    const index = createLineIndex([trace({ mappings })]);
    const all = Array.from({ length: lines + 2 }, (_, line) => line);
    const expected = all.map((line) =>
      mappings.flatMap(({ id, mappedLine, unmappedLine }) => [
        ...(mappedLine === line ? [`mapping ${id} mapped`] : []),
        ...(unmappedLine === line ? [`mapping ${id} unmapped`] : []),
      ]),
    );
    expect(all.map((line) => index.subjectsAt(line).map(describeSubject))).toEqual(expected);
  });
});
