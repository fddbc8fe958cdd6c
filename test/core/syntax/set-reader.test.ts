import { describe, expect, test } from 'vitest';
import { createRecordGrammar } from '../../../src/core/syntax/record-grammar.ts';
import { createRecordMatcher } from '../../../src/core/syntax/record-matcher.ts';
import type { FieldValue } from '../../../src/core/syntax/record-template.ts';
import { defineRecord, parseTemplate } from '../../../src/core/syntax/record-template.ts';

const MAP = defineRecord({
  name: 'a call',
  since: 'ever',
  template: 'call #{number:dec} Map ‹host:address count:dec? op:operation? who:token?›',
  toEvent: () => null,
});
const OTHER = defineRecord({
  name: 'another',
  since: 'ever',
  template: 'call #{number:dec} {event:word} ‹›',
  except: ['Map'],
  toEvent: () => null,
});

/** What matcher and grammar make of a line; they must agree. */
function read(line: string): Readonly<Record<string, FieldValue | null>> | string {
  const matcher = [MAP, OTHER].map(createRecordMatcher).find((each) => each.match(line, 0) === line.length);
  const parsed = createRecordGrammar([MAP, OTHER]).parse(line);
  if (matcher) expect(parsed).toMatchObject({ ok: true, fields: matcher.fields });
  return parsed.ok ? parsed.fields : parsed.message;
}

describe('a set of keys and values', () => {
  test('is read in any order', () => {
    const fields = { number: 7, host: 0x1e00, count: 3, op: 'Write', who: 'XhciDxe+0x1' };
    expect(read('call #7 Map host=0x1e00 count=3 op=Write who=XhciDxe+0x1 ;')).toEqual(fields);
    expect(read('call #7 Map who=XhciDxe+0x1 op=Write count=3 host=0x1e00 ;')).toEqual(fields);
  });

  test('may lack what is optional', () => {
    expect(read('call #7 Map host=0xffffffffffffffff ;')).toEqual({
      number: 7,
      host: 0xffffffffffffffffn,
      count: null,
      op: null,
      who: null,
    });
  });

  test('may hold more than the reader knows', () => {
    expect(read('call #7 Map color=blue host=0x1 -> 0x2 color=red ;')).toMatchObject({ host: 1 });
  });

  test('may hold "=" in a value', () => {
    expect(read('call #7 Map host=0x1 who=a=b;c ;')).toMatchObject({ who: 'a=b;c' });
  });

  test.each([
    ['call #7 Map host=0x1', 'expected ";" behind the last value'],
    ['call #7 Map host=0x1 who=a;', 'expected ";" behind the last value'],
    ['call #7 Map count=3 ;', 'host= is missing'],
    ['call #7 Map ;', 'host= is missing'],
    ['call #7 Map host=0x1 host=0x2 ;', 'host= stands twice'],
    ['call #7 Map host=12 ;', 'the value of host= is no hexadecimal number of at most 64 bits'],
    ['call #7 Map host=0x11112222333344445 ;', 'the value of host= is no hexadecimal number of at most 64 bits'],
    ['call #7 Map host=0x1 count=-1 ;', 'the value of count= is no decimal number'],
    ['call #7 Map host=0x1 count=99999999999999999 ;', 'the value of count= is no decimal number'],
    ['call #7 Map host=0x1 op=Destroy ;', 'the value of op= is no operation'],
    ['call #7 Map host=0x1 who= ;', 'the value of who= is no text'],
    ['call #7 Map host=0x1 who=\u00e9 ;', 'unexpected character in a value'],
    ['call #7 Map host=0x1 ; who=me ;', 'unexpected text behind a whole record'],
  ])('is refused with a reason: %s', (line, reason) => {
    expect(read(line)).toBe(reason);
  });

  test('belongs to the record that names the event, whatever is wrong with it', () => {
    expect(read('call #7 Unmap host=12 ;')).toEqual({ number: 7, event: 'Unmap' });
    expect(createRecordMatcher(OTHER).match('call #7 Map host=12 ;', 0)).toBe(-1);
    expect(createRecordMatcher(OTHER).match('call #7 Mapped host=12 ;', 0)).toBeGreaterThan(0);
  });

  test('costs no more than its length, however long the line', () => {
    const line = `${'call #7 Map '.repeat(40_000)};`;
    const matcher = createRecordMatcher(MAP);
    const begin = performance.now();
    for (let at = 0; at < line.length; at += 'call #7 Map '.length) matcher.match(line, at);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test.each(['a ‹b:address› c', 'a ‹b:colour›', 'a ‹b›', 'a «b»‹c:dec›'])('is no template: %s', (template) => {
    expect(() => parseTemplate(template)).toThrow('Template');
  });
});
