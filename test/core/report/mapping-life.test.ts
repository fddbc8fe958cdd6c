import { describe, expect, test } from 'vitest';
import { createLineIndex } from '../../../src/core/report/line-index.ts';
import { describeSubject, type LineFacts } from '../../../src/core/report/mapping-life.ts';
import type { ReportFinding, ReportTrace } from '../../../src/core/model/report.ts';
import { buffer, mapping, trace } from '../support/report-parts.ts';

function factsAt(line: number, of: ReportTrace): readonly LineFacts[] {
  return createLineIndex([of]).subjectsAt(line).map(describeSubject);
}

function finding(values: Partial<ReportFinding>): ReportFinding {
  const empty = { certain: true, line: 1, message: '', mapping: null, buffer: null, related: [] };
  return { rule: 'double-unmap', severity: 'error', ...empty, ...values };
}

describe('the facts of a line', () => {
  test('of a mapping are its life, its memory and its findings', () => {
    const first = mapping(1, { buffer: 7, mappedLine: 14 });
    const memory = buffer(7, { allocatedLine: 11 });
    const own = finding({ mapping: 1 });
    const boot = trace({
      buffers: [buffer(6), memory],
      mappings: [first, mapping(2, { mappedLine: 20 })],
      findings: [own, finding({ mapping: 2 })],
      handoff: { line: 46, time: null, evidence: '' },
    });
    expect(factsAt(14, boot)).toEqual([
      { kind: 'mapping', role: 'mapped', mapping: first, buffer: memory, handoffLine: 46, findings: [own] },
    ]);
  });

  test('of a buffer are the mappings in it, however many, in a bounded list', () => {
    const mappings = Array.from({ length: 40 }, (_, index) =>
      mapping(index + 1, { buffer: 1, mappedLine: 20 + index }),
    );
    const [facts] = factsAt(11, trace({ buffers: [buffer(1, { allocatedLine: 11 })], mappings }));
    expect(facts).toMatchObject({ kind: 'buffer', role: 'allocated', mappingCount: 40 });
    expect(facts?.kind === 'buffer' && facts.mappings.length).toBeLessThan(40);
  });

  test('of ExitBootServices tell what was live when it began, not what its callbacks left', () => {
    const boot = trace({
      exitBootServices: {
        firstLine: 40,
        markerLine: 42,
        markerTime: null,
        attempts: 2,
        callbacks: [{ name: 'IoMmuExitBoot', context: null, line: 42, endLine: null, group: null }],
        cleanup: { line: 43, unmapped: 1 },
        translationOffLine: null,
      },
      handoff: { line: 50, time: null, evidence: '' },
      mappings: [
        mapping(1, { mappedLine: 10, unmappedLine: 11 }),
        mapping(2, { mappedLine: 20, unmappedLine: 41, bytes: 4096 }),
        mapping(3, { mappedLine: 30, bytes: null }),
        mapping(4, { mappedLine: 41 }),
      ],
    });
    const [marker, callback] = factsAt(42, boot);
    expect(marker).toMatchObject({
      kind: 'exit',
      role: 'exit-marker',
      liveCount: 2,
      liveBytes: 4096,
      callbackIndex: null,
    });
    expect(marker?.kind === 'exit' && marker.live.map(({ id }) => id)).toEqual([2, 3]);
    expect(callback).toMatchObject({ kind: 'exit', role: 'exit-callback', callbackIndex: 0 });
  });

  test('of hand-off work without a trace of ExitBootServices', () => {
    const boot = trace({
      handoff: { line: 50, time: null, evidence: 'Linux' },
      mappings: [mapping(1, { mappedLine: 20 })],
    });
    expect(factsAt(50, boot)).toMatchObject([{ kind: 'exit', role: 'handoff', exit: null, liveCount: 1 }]);
  });
});
