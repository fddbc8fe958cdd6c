import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../../../src/core/dialects/registry.ts';
import type { RecordParse } from '../../../src/core/syntax/record-grammar.ts';
import { createRecordGrammar } from '../../../src/core/syntax/record-grammar.ts';
import { defineRecord, leadingLiteral, parseTemplate } from '../../../src/core/syntax/record-template.ts';

const grammar = createRecordGrammar(DIALECTS.find(({ id }) => id === 'edk2-cc-iommu')!.records);

describe('the grammar', () => {
  test.each([
    ['lower-case digits', 'IoMmuUnmap: Mapping=0x1e3ef998'],
    ['an upper-case X', 'IoMmuUnmap: Mapping=0X1E3EF998'],
    ['leading zeros', 'IoMmuUnmap: Mapping=0x000000001E3EF998'],
    ['more blanks', 'IoMmuUnmap:   Mapping=0x1E3EF998  '],
    ['tabs', 'IoMmuUnmap:\tMapping=0x1E3EF998\t'],
    ['a field that a later version appends', 'IoMmuUnmap: Mapping=0x1E3EF998, Owner=XhciDxe'],
    ['two of them', 'IoMmuUnmap: Mapping=0x1E3EF998, Owner=XhciDxe, Order=0x10'],
  ])('reads a record with %s', (_, text) => {
    expect(eventOf(grammar.parse(text))).toEqual({ kind: 'unmap-called', handle: 0x1e3ef998, memoryMapLocked: null });
  });

  test.each([
    ['IoMmuUnmap: Mapping=0xFFFFFFFFFFFFFFFF', 0xffff_ffff_ffff_ffffn],
    ['IoMmuUnmap: Mapping=0x20000000000001', 2n ** 53n + 1n],
    ['IoMmuUnmap: Mapping=0x0', 0],
  ])('keeps every bit of %s', (text, handle) => {
    expect(eventOf(grammar.parse(text))).toMatchObject({ handle });
  });

  test.each([
    ['', 'expected "IoMmuMap:"', 0],
    ['IoMmuMap:', 'expected "Operation=" or "Mapping=" but found the end of the line', 9],
    ['IoMmuMap: Operation=Rea Host=0x0 Bytes=0x0', 'expected an operation but found "Rea"', 20],
    ['IoMmuMap: Operation=Read Host=0x', 'expected a hexadecimal number', 30],
    ['IoMmuMap: Operation=Read Host=0x1E36CE98', 'expected "Bytes=" but found the end of the line', 40],
    [
      'IoMmuUnmap: Mapping=0x10000000000000000',
      'handle: "0x10000000000000000" is no hexadecimal number of at most 64 bits',
      20,
    ],
    ['IoMmuUnmap: Mapping=0x1 IoMmuUnmap: Mapping=0x2', 'unexpected "IoMmuUnmap:" behind a whole record', 24],
    ['IoMmuUnmap: Mapping=0x1, Owner', 'expected', 25],
    ['IoMmuUnmap: Mapping=\u00ff', 'expected a hexadecimal number', 20],
  ])('says what is wrong with %j, and where', (text, message, offset) => {
    const parsed = grammar.parse(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.message).toContain(message);
    expect(parsed.offset).toBe(offset);
  });

  test('shortens what it quotes', () => {
    const parsed = grammar.parse(`IoMmuMap: Operation=${'x'.repeat(1000)}`);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.message.length).toBeLessThan(120);
  });

  test('tells records apart that begin alike, the longest first', () => {
    const records = ['A {n:dec}', 'A {n:dec} B', 'A {w:word} C', 'A: {rest:text}'].map((template) =>
      defineRecord({ name: template, since: 'ever', template, toEvent: () => null }),
    );
    const small = createRecordGrammar(records);
    const names = ['A 1', 'A 1 B', 'A x C', 'A: one two', 'A', 'A 1 C', 'A x'].map((text) => {
      const parsed = small.parse(text);
      return parsed.ok ? parsed.record.name : null;
    });
    expect(names).toEqual(['A {n:dec}', 'A {n:dec} B', 'A {w:word} C', 'A: {rest:text}', null, null, null]);
  });
});

describe('a template', () => {
  test('is literal text and fields, with one optional tail', () => {
    expect(parseTemplate('Map={handle:address}«, Name={name:word}»')).toEqual({
      required: [
        { kind: 'literal', text: 'Map=' },
        { kind: 'field', name: 'handle', type: 'address' },
      ],
      optional: [
        { kind: 'literal', text: ', Name=' },
        { kind: 'field', name: 'name', type: 'word' },
      ],
    });
  });

  test('begins with a literal or does not', () => {
    expect(leadingLiteral('Map={handle:address}')).toBe('Map=');
    expect(leadingLiteral('{name:word}: {context:address}')).toBe('');
  });

  test.each(['', '«only»', 'two «tails» «here»', 'a «tail» in mid-text', 'Map={handle:number}'])(
    'is refused if it is %j',
    (template) => {
      expect(() => parseTemplate(template)).toThrow('Template');
    },
  );
});

function eventOf(parsed: RecordParse): unknown {
  return parsed.ok ? parsed.record.toEvent(parsed.fields) : parsed;
}
