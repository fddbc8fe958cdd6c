import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';

/** Whole records that are told in one line; each makes a buffer of its own, which the report gives with its line. */
function record(index: number): string {
  return `IoMmuAllocateBuffer Address 0x${(0x1000 * (index + 1)).toString(16).toUpperCase()} Pages 0x1`;
}

const ENDINGS = ['\r\n', '\n', '\r', '\r\r\n', '\n\n', '\n\r', '\r\n\r\n'] as const;

describe('a line', () => {
  test.each([
    ['CR LF', '\r\n', [1, 2, 3]],
    ['LF', '\n', [1, 2, 3]],
    ['a lone CR', '\r', [1, 2, 3]],
    ['CR CR LF, which is two breaks', '\r\r\n', [1, 3, 5]],
    ['LF CR, which is two breaks', '\n\r', [1, 3, 5]],
    ['two LF', '\n\n', [1, 3, 5]],
  ])('ends with %s', (_, ending, lines) => {
    const report = analyse([0, 1, 2].map((index) => record(index) + ending).join(''));
    expect(recordLines(report)).toEqual(lines);
    expect(report.source.lines).toBe(naiveLines([0, 1, 2].map((index) => record(index) + ending).join('')).length);
    expect(report.input.truncated).toBe(false);
  });

  test.each([
    ['NUL', '\0'],
    ['vertical tab', '\v'],
    ['form feed', '\f'],
    ['NEL', '\u0085'],
    ['the line separator of Unicode', '\u2028'],
    ['ESC', '\u001b'],
  ])('does not end with %s', (_, unit) => {
    const report = analyse(`text${unit}text${unit}\r\n${record(0)}\r\n`);
    expect(recordLines(report)).toEqual([2]);
    expect(report.source.lines).toBe(2);
  });

  test.each([
    ['', 0, false],
    ['\n', 1, false],
    ['text', 1, true],
    ['text\r', 1, false],
    ['text\r\n', 1, false],
    ['text\r\ntext', 2, true],
    ['\r\n\r\n', 2, false],
    ['\0', 1, true],
  ])('is counted as an editor does: %j', (text, lines, truncated) => {
    const report = analyse(text);
    expect(report.source).toMatchObject({ lines, bytes: text.length });
    expect(report.input.truncated).toBe(truncated);
  });

  test('may end the input with CR alone, and its record counts', () => {
    expect(recordLines(analyse(`${record(0)}\r`))).toEqual([1]);
  });

  test('that the input cuts gives no record, for its last number may be longer', () => {
    expect(recordLines(analyse(`${record(0)}\r\n${record(1)}`))).toEqual([1]);
  });
});

describe('chunks', () => {
  const text = `one\r${record(0)}\r\r\ntwo\0${record(1)}\n\r`;
  const whole = analyse(text);

  test('may end at any place, between CR and LF too', () => {
    expect(recordLines(whole)).toEqual([2, 4]);
    for (let first = 0; first <= text.length; first++)
      expect(analyse([text.slice(0, first), text.slice(first)])).toEqual(whole);
  });

  test('may be three, with ends at any two places around line breaks', () => {
    const short = `\r\n${record(0)}\r\r\n${record(1)}\r\n`;
    const expected = analyse(short);
    const places = Array.from(short).flatMap((unit, index) => (/[\r\n]/.test(unit) ? [index, index + 1] : []));
    for (const first of places)
      for (const second of places.filter((place) => place >= first))
        expect(analyse([short.slice(0, first), short.slice(first, second), short.slice(second)])).toEqual(expected);
  });

  test('may be single units or nothing', () => {
    expect(analyse(['', ...text.split('').flatMap((unit) => [unit, '']), ''])).toEqual(whole);
  });
});

describe('line numbers', () => {
  test('are those of a naive splitter, whatever the text and the chunks', () => {
    const filler = fc.oneof(
      fc.constantFrom('', 'x', 'Mapping table', '\0', '\u001b[0m', ' ', 'IoMmuMap: O', 'IoMmu', 'ÿ'),
      fc.string({ unit: 'binary-ascii', maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
    );
    const piece = fc.tuple(filler, fc.boolean(), fc.constantFrom(...ENDINGS));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(400), { maxLength: 8 }), (pieces, cuts) => {
        const text = pieces
          .map(([before, hasRecord, ending], index) => before + (hasRecord ? record(index) : '') + ending)
          .join('');
        const report = analyse(chunksOf(text, cuts));
        const lines = naiveLines(text);
        expect(report.source.lines).toBe(lines.length);
        expect(recordLines(report)).toEqual(
          lines.flatMap((line, index) =>
            /Address 0x[1-9A-F][\dA-F]*000 Pages 0x1[ \0]*$/.test(line) ? [index + 1] : [],
          ),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('a very long line', () => {
  const LONG = 200_000;

  test('gives the record that ends it, wherever the parts it is looked at in end', () => {
    for (let offset = -8; offset < 60; offset += 2)
      for (const edge of [65_536 - 4_096, 65_536]) {
        const text = `${'x'.repeat(edge - offset)}${record(0)}\r\n${record(1)}\r\n`;
        expect(recordLines(analyse(split(text, 16_384)))).toEqual([1, 2]);
      }
  });

  test('gives each record once, where a CR ends the records inside it', () => {
    const text = `${'x'.repeat(LONG)}\r${record(0)}\r${'y'.repeat(LONG)}${record(1)}\r\n${record(2)}\n`;
    for (const chunkSize of [997, 4096, 65_537, LONG * 3])
      expect(recordLines(analyse(split(text, chunkSize)))).toEqual([2, 3, 4]);
  });

  test('counts as one damaged line, however many damaged records it holds', () => {
    const text = `${'IoMmuMap: Operation=Wri '.repeat(20_000)}\r\n${record(0)}\r\n`;
    const report = analyse(split(text, 10_000));
    expect(report.traces).toHaveLength(1);
    expect(recordLines(report)).toEqual([2]);
    expect(report.traces[0]!.findings.map(({ line, rule }) => `${line} ${rule}`)).toContain('1 trace-incomplete');
    expect(report.traces[0]!.findings.find(({ line }) => line === 1)!.message).toMatch(/^1 line /);
  });
});

function recordLines(report: Report): number[] {
  return report.traces
    .flatMap(({ buffers }) => buffers.map(({ allocatedLine }) => allocatedLine))
    .sort((a, b) => a - b);
}

/** The lines of a text without their breaks. */
function naiveLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function chunksOf(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
}

function split(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
