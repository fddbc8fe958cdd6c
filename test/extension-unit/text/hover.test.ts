import { describe, expect, test } from 'vitest';
import type { BufferLife, ExitStory, LineFacts, MappingLife } from '../../../src/core/index.ts';
import { hoverMarkdown } from '../../../src/extension/text/hover.ts';
import { buffer, mapping } from '../../core/support/report-parts.ts';

const PLACE = { line: 1, lineLink: (line: number) => `#${line}` };

function mappingLife(values: Partial<MappingLife> = {}): LineFacts {
  const empty = { buffer: null, handoffLine: 9735, findings: [], role: 'mapped' } as const;
  return { kind: 'mapping', mapping: mapping(1, { mappedLine: 815 }), ...empty, ...values };
}

function bufferLife(values: Partial<BufferLife> = {}): LineFacts {
  const empty = { mappings: [], mappingCount: 0, handoffLine: null, findings: [], role: 'allocated' } as const;
  return { kind: 'buffer', buffer: buffer(1, { allocatedLine: 812 }), ...empty, ...values };
}

function exitStory(values: Partial<ExitStory> = {}): ExitStory {
  return {
    kind: 'exit',
    role: 'exit-marker',
    exit: {
      firstLine: 9729,
      markerLine: 9731,
      markerTime: null,
      attempts: 1,
      callbacks: [{ name: 'VirtioBlkExitBoot', context: '0x1d278018', line: 9731, endLine: null, group: null }],
      cleanup: { line: 9733, unmapped: 1 },
      translationOffLine: null,
    },
    callbackIndex: null,
    handoff: { line: 9735, time: null, evidence: 'DxeCore lifted | the protection' },
    live: [mapping(1, { mappedLine: 815, unmappedLine: 9734, unmappedBy: 'iommu-cleanup' })],
    liveCount: 1,
    liveBytes: 65_536,
    liveAtHandoff: 0,
    ...values,
  };
}

describe('the hover of a mapping', () => {
  test('tells its whole life', () => {
    const facts = mappingLife({
      mapping: mapping(1, {
        generation: 3,
        owner: { name: 'XhciDxe', device: '00:02.0', evidence: '', evidenceLine: 800, certain: false },
        mappedLine: 815,
        unmappedLine: 9730,
        unmappedBy: 'exit-callback',
      }),
      buffer: buffer(1, { allocatedLine: 812, freedLine: 9731, freedIn: 'exit-callback' }),
    });
    expect(hoverMarkdown([facts], PLACE)).toBe(
      [
        '**Mapping `0x1e3edb98` (use 3 of this handle)** · CommonBuffer, 64 KiB (0x10000) · `XhciDxe` at `00:02.0` (inferred by [line 800](#800))',
        '',
        '| Event | Line | Details |',
        '| --- | --- | --- |',
        '| Allocated | [812](#812) | 16 pages (64 KiB) at `0x1e6bc000`, EfiBootServicesData |',
        '| Mapped | [815](#815) | host `0x1e6bc000`, device `0x1e6bc000` |',
        '| Unmapped | [9730](#9730) | by its driver, during ExitBootServices |',
        '| Freed | [9731](#9731) | **during ExitBootServices** |',
        '| At hand-off | [9735](#9735) | not mapped |',
      ].join('\n'),
    );
  });

  test.each([
    ['**still mapped**', mappingLife({ mapping: mapping(1, { liveAtHandoff: true }) })],
    ['| Unmapped |  | never |', mappingLife({ mapping: mapping(1, { liveAtHandoff: true }) })],
    ['| Unmapped |  | the log does not show it |', mappingLife()],
    ['the log ends before hand-off', mappingLife({ handoffLine: null })],
    ['unknown operation, unknown size', mappingLife({ mapping: mapping(1, { operation: null, bytes: null }) })],
    ['**Mapping** ·', mappingLife({ mapping: mapping(1, { handle: null }) })],
  ])('says %j', (text, facts) => expect(hoverMarkdown([facts], PLACE)).toContain(text));

  test('tells its findings, but not those of the line itself, which VS Code shows', () => {
    const finding = { certain: true, mapping: 1, buffer: null, related: [], severity: 'error' } as const;
    const findings = [
      { ...finding, rule: 'double-unmap', line: 1, message: 'here' },
      { ...finding, rule: 'double-unmap', line: 99, message: 'there <b>' },
    ];
    const text = hoverMarkdown([mappingLife({ findings })], PLACE);
    expect(text).toContain('Error at [line 99](#99): there &lt;b&gt; (double\\-unmap)');
    expect(text).not.toContain('here <b>');
    expect(text).not.toContain('[line 1](#1)');
  });
});

describe('the hover of a buffer', () => {
  test('tells what was mapped in it', () => {
    const mappings = [mapping(1, { mappedLine: 815, unmappedLine: 900, unmappedBy: 'boot' })];
    const text = hoverMarkdown([bufferLife({ mappings, mappingCount: 3 })], PLACE);
    expect(text).toContain('| Mapped | [815](#815) | CommonBuffer, 64 KiB (0x10000), Mapping `0x1e3edb98` |');
    expect(text).toContain('| Unmapped | [900](#900) | by its driver, during boot |');
    expect(text).toContain('…and 2 more mappings');
    expect(text).toContain('| Freed |  | never |');
  });
});

describe('the hover at ExitBootServices', () => {
  test('tells who ran, what was live and what became of it', () => {
    expect(hoverMarkdown([exitStory()], PLACE)).toBe(
      [
        '**First proof of ExitBootServices**',
        '',
        '1 mapping (64 KiB) was live when it began. Nothing is mapped at hand-off.',
        '',
        '| Line | Event | Details |',
        '| --- | --- | --- |',
        '| [9731](#9731) | `VirtioBlkExitBoot` | context `0x1d278018` |',
        '| [9733](#9733) | last-resort cleanup | removed 1 mapping |',
        '| [9735](#9735) | hand-off |  |',
        '',
        '| Line | Mapped when it began | What became of it |',
        '| --- | --- | --- |',
        '| [815](#815) | CommonBuffer, 64 KiB (0x10000) | removed by the cleanup, line [9734](#9734) |',
      ].join('\n'),
    );
  });

  test.each([
    ['callback 1 of 1', exitStory({ role: 'exit-callback', callbackIndex: 0 })],
    ['last-resort cleanup of the IOMMU driver', exitStory({ role: 'cleanup' })],
    ['DxeCore lifted &#124; the protection', exitStory({ role: 'handoff' })],
    ['Nothing was mapped', exitStory({ live: [], liveCount: 0 })],
    ['…and 4 more.', exitStory({ liveCount: 5 })],
    ['**2 mappings still there at hand-off.**', exitStory({ liveAtHandoff: 2 })],
    ['The log ends before hand-off.', exitStory({ handoff: null })],
    ['It was called 2 times.', exitStory({ exit: { ...exitStory().exit!, attempts: 2 } })],
  ])('says %j', (text, facts) => expect(hoverMarkdown([facts], PLACE)).toContain(text));

  test('tells the story once, although the marker is a callback too', () => {
    const text = hoverMarkdown([exitStory(), exitStory({ role: 'exit-callback', callbackIndex: 0 })], PLACE);
    expect(text.match(/\| Event \|/g)).toHaveLength(1);
  });
});

test('a line with many things on it counts the rest', () => {
  expect(
    hoverMarkdown(
      [1, 2, 3, 4, 5].map(() => mappingLife()),
      PLACE,
    ),
  ).toContain('…and 2 more on this line.');
});

test('a Map that did not succeed says what was asked for', () => {
  const facts: LineFacts = {
    kind: 'failed-map',
    failedMap: { operation: 'Read', host: '0x1000', bytes: 8, calledLine: 1, status: null },
  };
  expect(hoverMarkdown([facts], PLACE)).toBe('**Map that did not succeed** · Read, 8 bytes at `0x1000`');
});
