import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dialect, DialectSample } from '../../src/core/dialects/dialect.ts';
import { DIALECTS } from '../../src/core/dialects/registry.ts';
import type { DmaEvent, EventKind } from '../../src/core/model/events.ts';
import type { RecordGrammar } from '../../src/core/syntax/record-grammar.ts';
import { createRecordGrammar } from '../../src/core/syntax/record-grammar.ts';
import type { RecordDefinition } from '../../src/core/syntax/record-template.ts';
import { leadingLiteral, parseTemplate } from '../../src/core/syntax/record-template.ts';
import { fieldsOf } from '../core/support/field-values.ts';
import { LINE_PREFIXES } from '../core/support/line-prefixes.ts';
import { LOG_NAMES, readLog, toLines } from '../core/support/logs.ts';
import type { ReadRecord } from '../core/support/read-records.ts';
import { createTextReader } from '../core/support/read-records.ts';

const root = join(import.meta.dirname, '../..');
const readText = createTextReader(DIALECTS);
const grammars = new Map(DIALECTS.map((dialect) => [dialect.id, createRecordGrammar(dialect.records)]));
const samples = DIALECTS.flatMap((dialect) => dialect.samples.map((sample) => ({ dialect, ...sample })));
const sampleRows = samples.map((sample) => [sample.line, sample] as const);

/** Whoever adds a kind of event adds it here, and a sample of it to some dialect. */
const EVENT_KINDS: Readonly<Record<EventKind, true>> = {
  'map-called': true,
  'map-returned': true,
  'map-completed': true,
  'unmap-called': true,
  'unmap-range-called': true,
  'allocate-called': true,
  'allocate-returned': true,
  'allocate-completed': true,
  'free-called': true,
  'attribute-set': true,
  'pool-line': true,
  'exit-callback': true,
  'cleanup-started': true,
  'image-attributes': true,
  'handoff-proof': true,
  'boot-started': true,
  'boot-activity': true,
  'owner-hint': true,
  'platform-hint': true,
  'tracer-record': true,
  'verbose-line': true,
  'unread-producer': true,
  'firmware-halted': true,
  'call-failed': true,
  'translation-set': true,
  'device-command': true,
  'controller-state': true,
  'dma-access': true,
};

describe('the registry', () => {
  test('knows every dialect once', () => {
    expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
  });

  test('knows every file of src/core/dialects, by the id of its dialect', () => {
    const files = readdirSync(join(root, 'src/core/dialects')).filter(
      (name) => !/^(?:dialect|registry)\.ts$/.test(name),
    );
    expect(files.sort()).toEqual(DIALECTS.map(({ id }) => `${id}.ts`).sort());
  });

  test('has a sample of every kind of event', () => {
    const kinds = samples.flatMap(({ expect: expected }) => (isEvent(expected) ? [expected.kind] : []));
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(EVENT_KINDS).sort());
  });
});

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))('%s', (id, dialect) => {
  const { records, anchors } = dialect;
  const grammar = grammars.get(id)!;

  test('has a kebab-case id and a page', () => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(existsSync(join(root, 'docs/dialects', `${id}.md`))).toBe(true);
  });

  test('names who prints it', () => {
    expect(dialect.title).not.toBe('');
    expect(dialect.producer).not.toHaveLength(0);
  });

  test('has records whose names differ and which say since when they are printed', () => {
    expect(new Set(records.map(({ name }) => name)).size).toBe(records.length);
    for (const { since } of records) expect(since).not.toBe('');
  });

  test.each(records.map((record) => [record.name, record] as const))('has a sample of the record “%s”', (_, record) => {
    expect(dialect.samples.some(({ line }) => parseRecord(grammar, dialect, line)?.record === record)).toBe(true);
  });

  test.each(records.map((record) => [record.name, record] as const))(
    'samples every kind of event that the record “%s” can make',
    (_, record) => {
      const sampled = new Set(
        dialect.samples.map(({ expect: expected }) => (isEvent(expected) ? expected.kind : null)),
      );
      fc.assert(
        fc.property(fieldsOf(record), (fields) => {
          const event = record.toEvent(fields);
          if (event) expect(sampled).toContain(event.kind);
        }),
        { numRuns: 100 },
      );
    },
  );

  test.each(anchors)('finds a sample by the anchor “%s” alone', (anchor) => {
    const readByAnchor = createTextReader([{ ...dialect, anchors: [anchor] }]);
    const found = dialect.samples.filter(
      (sample) => sample.line.includes(anchor) && fits(sample, readByAnchor(`${sample.line}\r\n`)),
    );
    expect(found).not.toHaveLength(0);
  });

  test.each(records.map((record) => [record.name, record] as const))(
    'begins the record “%s” with an anchor',
    (_, record) => {
      const literal = leadingLiteral(record.template);
      if (literal === '')
        expect(parseTemplate(record.template).required[0]).toMatchObject({ kind: 'field', type: 'word' });
      else expect(anchors.some((anchor) => literal.startsWith(anchor) || anchor.startsWith(literal))).toBe(true);
    },
  );
});

describe('a sample', () => {
  test.each(sampleRows)('is read as its dialect says: %s', (line, sample) => {
    const records = readText(`${line}\r\n`);
    expectSample(sample, records);
    expect(records.flatMap((record) => (record.kind === 'event' ? [record.dialect] : []))).toEqual(
      isEvent(sample.expect) ? [sample.dialect.id] : [],
    );
  });

  test.each(sampleRows)('is read the same whatever ends its line: %s', (line, sample) => {
    for (const ending of ['\n', '\r', '\r\n', '\r\r\n', ' \r\n', '\0\r\n', '\u001b[0m\r\n'])
      expectSample(sample, readText(line + ending));
  });

  test.each(sampleRows)('is read behind console text that has no line break: %s', (line, sample) => {
    const glued = startsWithWord(sample.dialect, line) ? 'Mapping table: ' : 'Mapping table';
    for (const before of [
      glued,
      `\u001b[2J\u001b[01;01H${glued}`,
      `[    0.123456] ${glued}`,
      `2026-08-01T12:00:00.123Z ${glued}`,
    ])
      expectSample(sample, readText(`${before}${line}\r\n`));
  });

  test.each(sampleRows)('is read behind the prefixes of programs that pass a log on: %s', (line, sample) => {
    for (const prefix of LINE_PREFIXES) expectSample(sample, readText(`${prefix}${line}\r\n`));
  });

  test.each(sampleRows)('is read between the same line twice more: %s', (line, sample) => {
    const once = readText(`${line}\r\n`).map(withoutPlace);
    expect(readText(`${line}\r\n`.repeat(3)).map(withoutPlace)).toEqual([...once, ...once, ...once]);
    expectSample(sample, readText(`${line}\r\n`));
  });

  test.each(sampleRows.filter(([, { expect: expected }]) => isEvent(expected)))(
    'is never read from a line that the input cuts: %s',
    (line) => {
      const readCut = createTextReader(DIALECTS.map((dialect) => withAnchorsOf(dialect, line)));
      for (let end = 0; end < line.length; end++)
        expect(
          readCut(line.slice(0, end)).filter(({ kind }) => kind === 'event'),
          `cut at ${end}`,
        ).toEqual([]);
    },
  );

  test.each(sampleRows)('cut at any place and ended by a line break gives an answer: %s', (line) => {
    for (let end = 0; end <= line.length; end++) {
      readText(`${line.slice(0, end)}\r\n`);
      readText(`${line.slice(end)}\r\n`);
      readText(`${line.slice(0, end)}\r\n${line.slice(end)}\r\n`);
    }
  });
});

describe('the fast path and the grammar', () => {
  test('agree on all samples', () => {
    for (const { line } of samples) expectAgreement(line);
  });

  test.each(LOG_NAMES)('agree on every line of %s that an anchor stands in', (name) => {
    const anchored = new RegExp(DIALECTS.flatMap(({ anchors }) => anchors.map(escapeForPattern)).join('|'));
    const lines = new Set(toLines(readLog(name)).flatMap((line) => (anchored.test(line) ? [toShape(line)] : [])));
    expect(lines.size).toBeGreaterThan(20);
    for (const line of lines) expectAgreement(line);
  });

  test('agree on samples that were damaged', () => {
    fc.assert(
      fc.property(damagedLine(), (line) => {
        expectAgreement(line);
      }),
      { numRuns: 4000 },
    );
  });

  test('agree on samples that were damaged in a field', () => {
    fc.assert(
      fc.property(lineWithOtherFields(), (line) => {
        expectAgreement(line);
      }),
      { numRuns: 2000 },
    );
  });
});

/**
 * Whatever event the reader gives, the grammar of that dialect gives the same, from where the record starts to the end of its
 * line. (The reverse need not hold: the grammar is more tolerant, and the reader asks it only for what begins with text.)
 */
function expectAgreement(text: string): void {
  const line = text.replace(/[\r\n]+$/, '');
  for (const record of readText(`${line}\r\n`)) {
    // What was put together does not stand in the line.
    if (record.kind !== 'event' || record.spliced) continue;
    const grammar = grammars.get(record.dialect)!;
    const wordStart = line.slice(0, record.at).search(/\w*$/);
    const events = [record.at, wordStart].flatMap((start) => {
      const parsed = grammar.parse(withoutNoise(line.slice(start)));
      return parsed.ok ? [parsed.record.toEvent(parsed.fields)] : [];
    });
    expect(events, line).toContainEqual(record.event);
  }
}

/** What serial lines mix into records is taken out before the grammar sees them. */
function withoutNoise(text: string): string {
  return text.replaceAll(/\u001b\[[\d;?]{0,32}[@-~]|[\u0000-\u0008\u000b-\u001f]/g, '');
}

/** The line with all digits behind the second made equal: thousands of lines differ in addresses, or in the tracer's numbers, only. */
function toShape(line: string): string {
  const digits = line.includes('DMATRACE') ? /(?<=0x[\da-f]{2})[\da-f]+|(?<=[#=])\d+\b/g : /(?<=0x[\dA-F]{2})[\dA-F]+/g;
  return line.replaceAll(digits, (found) => '7'.repeat(found.length));
}

function expectSample(sample: DialectSample, records: readonly ReadRecord[]): void {
  expect(records.flatMap((record) => (record.kind === 'event' ? [record.event] : []))).toEqual(
    isEvent(sample.expect) ? [sample.expect] : [],
  );
  expect(records.some(({ kind }) => kind === 'malformed')).toBe(sample.expect === 'malformed');
}

function fits(sample: DialectSample, records: readonly ReadRecord[]): boolean {
  const events = records.flatMap((record) => (record.kind === 'event' ? [record.event] : []));
  if (isEvent(sample.expect))
    return events.length === 1 && JSON.stringify(events[0], toJson) === JSON.stringify(sample.expect, toJson);
  return events.length === 0 && records.some(({ kind }) => kind === (sample.expect === null ? 'nothing' : 'malformed'));
}

/** A scanner for few anchors is made in no time. */
function withAnchorsOf(dialect: Dialect, line: string): Dialect {
  return { ...dialect, anchors: dialect.anchors.filter((anchor) => line.includes(anchor)) };
}

function toJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function withoutPlace({ at: _, ...record }: ReadRecord): object {
  return record;
}

function isEvent(expected: DialectSample['expect']): expected is DmaEvent {
  return expected !== null && expected !== 'malformed';
}

/** What the dialect's own grammar makes of the record in a line. */
function parseRecord(
  grammar: RecordGrammar,
  dialect: Dialect,
  line: string,
): { readonly record: RecordDefinition } | null {
  for (const anchor of dialect.anchors) {
    const at = line.indexOf(anchor);
    if (at < 0) continue;
    for (const start of [at, line.slice(0, at).search(/\w*$/)]) {
      const parsed = grammar.parse(line.slice(start));
      if (parsed.ok) return parsed;
    }
  }
  return null;
}

function startsWithWord(dialect: Dialect, line: string): boolean {
  const parsed = parseRecord(grammars.get(dialect.id)!, dialect, line);
  return parsed !== null && leadingLiteral(parsed.record.template) === '';
}

/** A sample with characters, words or stretches changed, taken out, doubled or put in. */
function damagedLine(): fc.Arbitrary<string> {
  const noise = fc.oneof(
    fc.constantFrom(
      ' ',
      '  ',
      '\t',
      '0',
      'x',
      '0x',
      'F',
      'f',
      '=',
      ',',
      ', ',
      '\0',
      '\u001b[1m',
      '\u001b',
      'é',
      '-',
      '(',
      ')',
      ':',
      '.',
      '_',
      'g',
      ', Extra=0x1',
      '\u0085',
    ),
    fc
      .constantFrom(...samples.map(({ line }) => line))
      .chain((line) => fc.nat(line.length).map((start) => line.slice(start))),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
  );
  const change = fc.record({ at: fc.nat(160), length: fc.nat(3), put: noise, keep: fc.boolean() });
  return fc
    .tuple(fc.constantFrom(...samples.map(({ line }) => line)), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([line, changes]) =>
      changes
        .reduce((text, { at, length, put, keep }) => {
          const start = at % (text.length + 1);
          return text.slice(0, start) + put + text.slice(keep ? start : start + length);
        }, line)
        .replaceAll(/[\r\n]/g, ''),
    );
}

/** A sample with other numbers and blanks in the places where it has numbers and blanks. */
function lineWithOtherFields(): fc.Arbitrary<string> {
  const digits = fc.stringMatching(/^(?:0{0,20}[\dA-F]{1,16}|[\da-f]{1,18})?$/);
  return fc
    .tuple(
      fc.constantFrom(...samples.map(({ line }) => line)),
      fc.array(fc.tuple(digits, fc.constantFrom(' ', ' ', ' ', '  ', '', '\t')), { minLength: 12, maxLength: 12 }),
    )
    .map(([line, replacements]) => {
      let next = 0;
      return line
        .replaceAll(/(?<=0[Xx])[\dA-Fa-f]+/g, () => replacements[next++ % replacements.length]![0])
        .replaceAll(' ', () => replacements[next++ % replacements.length]![1]);
    });
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
