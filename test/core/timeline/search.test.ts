import { describe, expect, test } from 'vitest';
import type { ReportMapping } from '../../../src/core/index.ts';
import { readQuery } from '../../../src/core/timeline/query.ts';
import { searchTimeline } from '../../../src/core/timeline/search.ts';
import * as firmware from '../support/firmware.ts';
import { ring, toText } from '../support/firmware.ts';
import { bootOf, bootOfLog } from './support/boots.ts';

const boot = bootOfLog('buggy-no-teardown');

function idsOf(query: string, { trace, timeline } = boot): number[] {
  const { bars, understood, message } = searchTimeline(trace, timeline, query);
  expect({ message, understood }).toEqual({ message, understood: true });
  expect(bars).toEqual(bars.slice().sort());
  return [...bars].map((bar) => timeline.bars.ids[bar]!).sort((a, b) => a - b);
}

function idsWhere(fits: (mapping: ReportMapping) => boolean, { trace } = boot): number[] {
  return trace.mappings.filter(fits).map(({ id }) => id);
}

describe('a search', () => {
  test.each<[string, (mapping: ReportMapping) => boolean]>([
    ['owner:XhciDxe', ({ owner }) => owner?.name === 'XhciDxe'],
    ['owner:xhcidxe', ({ owner }) => owner?.name === 'XhciDxe'],
    ['owner:"XhciDxe"', ({ owner }) => owner?.name === 'XhciDxe'],
    ['op:write', ({ operation }) => operation === 'Write' || operation === 'Write64'],
    ['op:common-buffer', ({ operation }) => operation === 'CommonBuffer' || operation === 'CommonBuffer64'],
    ['op:CommonBuffer64', ({ operation }) => operation === 'CommonBuffer64'],
    ['is:leaked', ({ liveAtHandoff }) => liveAtHandoff],
    ['verdict:driver', ({ unmappedBy }) => unmappedBy === 'boot' || unmappedBy === 'exit-callback'],
    ['is:swept', ({ unmappedBy }) => unmappedBy === 'iommu-cleanup'],
    ['xhci', ({ owner }) => owner?.name === 'XhciDxe'],
    ['is:leaked op:read', ({ liveAtHandoff, operation }) => liveAtHandoff && (operation ?? '').startsWith('Read')],
  ])('for %s finds what the report tells', (query, fits) => {
    expect(idsOf(query)).toEqual(idsWhere(fits));
  });

  test('for a rule finds the mappings of its findings', () => {
    const { rule, mapping } = boot.trace.findings.find((finding) => finding.mapping !== null)!;
    expect(idsOf(`rule:${rule}`)).toContain(mapping);
    expect(idsOf(rule)).toContain(mapping);
    expect(idsOf('is:error')).toEqual(
      [
        ...new Set(
          boot.trace.findings.flatMap(({ mapping: id, severity }) => (severity === 'error' && id !== null ? [id] : [])),
        ),
      ].sort((a, b) => a - b),
    );
  });

  test('for a line finds the mapping that it belongs to', () => {
    const mapping = boot.trace.mappings[100]!;
    for (const line of [mapping.calledLine, mapping.mappedLine, mapping.unmappedLine])
      expect(idsOf(`line:${line}`)).toContain(mapping.id);
  });

  test('for an address finds what covers it, and handles', () => {
    const mapping = boot.trace.mappings.find(({ liveAtHandoff }) => liveAtHandoff)!;
    const inside = `0x${(Number(mapping.host) + (mapping.bytes ?? 1) - 1).toString(16)}`;
    expect(idsOf(inside)).toContain(mapping.id);
    expect(idsOf(`at:${inside.slice(2).toUpperCase()}`)).toContain(mapping.id);
    expect(idsOf(mapping.handle!)).toContain(mapping.id);
    expect(idsOf(`0x${(Number(mapping.host) + (mapping.bytes ?? 1)).toString(16)}`)).not.toContain(mapping.id);
    const { message } = searchTimeline(boot.trace, boot.timeline, '0xdead0000000');
    expect(message).toBe('No mapping covering 0xdead0000000');
  });

  test('is exact beyond 2^53', () => {
    const text = toText(
      firmware.BOOT_START,
      'IoMmuMap: Operation=CommonBuffer Host=0xFFFFFFFFFFFFF001 Bytes=0x10',
      'IoMmuMap: Mapping=0x1E3E0018 Device(PlainText)=0xFFFFFFFFFFFFF001 Crypted=0xFFFFFFFFFFFFF001 Pages=0x1, ReservedMemBitmap=0x0',
    );
    const large = bootOf(text);
    expect(large.trace.mappings).toHaveLength(1);
    expect(idsOf('0xfffffffffffff010', large)).toEqual([1]);
    expect(idsOf('0xfffffffffffff011', large)).toEqual([]);
    expect(idsOf('0xfffffffffffff000', large)).toEqual([]);
  });

  test('tells how many it found and what it looked for', () => {
    const { trace, timeline } = bootOf(toText(firmware.BOOT_START, firmware.map(ring(0)), firmware.map(ring(1))));
    const messageOf = (query: string): string => searchTimeline(trace, timeline, query).message;
    expect(messageOf('op:commonbuffer')).toBe('2 mappings with operation CommonBuffer or CommonBuffer64');
    expect(messageOf('0x1e600010')).toBe('1 mapping covering 0x1e600010');
    expect(messageOf('0x1e600010 op:read')).toBe('No mapping covering 0x1e600010, with operation Read or Read64');
    expect(messageOf('')).toBe('');
  });

  test.each([
    ['colour:red', /“colour:” is not understood/],
    ['op:fly', /“fly” is no operation/],
    ['is:happy', /“is:happy” is not understood/],
    ['is:constructor', /is not understood/],
    ['at:nowhere', /“nowhere” is no address/],
    ['0xzz', /is no address/],
    ['0x11112222333344445', /is no address/],
    ['line:0', /is no line number/],
    ['line:1e3', /is no line number/],
    ['rule:', /“rule:” lacks a value/],
    ['owner:""', /lacks a value/],
    [Array.from({ length: 40 }, () => 'a').join(' '), /more than 32 words/],
  ])('for %s says what is wrong', (query, message) => {
    const matches = searchTimeline(boot.trace, boot.timeline, query);
    expect(matches).toMatchObject({ understood: false, bars: new Uint32Array(0) });
    expect(matches.message).toMatch(message);
  });
});

describe('a query', () => {
  test.each([
    ['a  b', ['a', 'b']],
    ['owner:"a b" c', ['owner=a b', 'c']],
    ['"a b', ['a b']],
    ['00:02.0', ['00:02.0']],
    ['device:00:02.0', ['device=00:02.0']],
    ['RULE:x', ['rule=x']],
    ['a"b', ['a', 'b']],
    ['"', ['']],
    ['   ', []],
  ])('%s is cut into words', (query, words) => {
    expect(readQuery(query).map(({ key, value }) => (key === null ? value : `${key}=${value}`))).toEqual(words);
  });

  test('of any length takes no time', () => {
    for (const part of ['"', ':', 'a:', '"" ', ' '])
      expect(readQuery(part.repeat(1_000_000)).length).toBeLessThanOrEqual(1000);
  });
});
