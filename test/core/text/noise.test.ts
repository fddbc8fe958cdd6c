import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';
import { map, toText, transfer, unmap } from '../support/firmware.ts';

const CALLS = [...map(transfer(0)), unmap(transfer(0)), ...map(transfer(1))];
const CLEAN = toText(CALLS);
/** Mappings with the lines they were made and removed in. */
const STORY = ['1 2 3', '4 5 -'];

function story(text: string): string[] {
  return storyOf(analyse(text));
}

function storyOf({ traces }: Report): string[] {
  return traces.flatMap(({ mappings }) =>
    mappings.map(
      ({ calledLine, mappedLine, unmappedLine }) => `${calledLine ?? '-'} ${mappedLine} ${unmappedLine ?? '-'}`,
    ),
  );
}

/** The records with something before, behind, or between them. */
function each(wrap: (line: string) => string): string {
  return CALLS.map(wrap).join('');
}

describe('what terminals, consoles and serial lines leave in a log', () => {
  test('is nothing in the log they are compared with', () => {
    expect(story(CLEAN)).toEqual(STORY);
  });

  test.each([
    ['escape sequences before records', each((line) => `\u001b[2J\u001b[01;01H\u001b[0m${line}\r\n`)],
    ['escape sequences behind records', each((line) => `${line}\u001b[0m\u001b[37m\u001b[40m\r\n`)],
    ['blanks behind records', each((line) => `${line} \t \r\n`)],
    ['NULs before records', each((line) => `\0\0${line}\r\n`)],
    ['NULs behind records', each((line) => `${line}\0\r\n`)],
    ['bytes above ASCII before records', each((line) => `\u00e9\u00ff${line}\r\n`)],
    ['halves of surrogate pairs before records', each((line) => `\ud800${line}\r\n`)],
    ['backspaces and bells', each((line) => `\u0008\u0007${line}\u0007\r\n`)],
    ['lone CRs instead of CR LF', each((line) => `${line}\r`)],
    ['LFs instead of CR LF', each((line) => `${line}\n`)],
  ])('%s', (_, text) => {
    expect(story(text)).toEqual(STORY);
    expect(analyse(text).input).toMatchObject({ malformedLines: 0, splicedLines: 0 });
  });

  test('CR CR LF, which are two line breaks', () => {
    expect(story(each((line) => `${line}\r\r\n`))).toEqual(['1 3 5', '7 9 -']);
  });

  test('a line of progress that is written over again and again, which is many lines', () => {
    const progress = Array.from({ length: 50 }, (_, percent) => `Loading... ${percent}%\r`).join('');
    expect(story(`${progress}\r\n${CLEAN}`)).toEqual(['52 53 54', '55 56 -']);
    expect(story(`${progress}${CLEAN}`)).toEqual(['51 52 53', '54 55 -']);
  });

  test('an escape sequence inside a record, which the grammar reads over', () => {
    for (const at of [11, 12, 19, 25]) expect(story(`${CLEAN.slice(0, at)}\u001b[0m${CLEAN.slice(at)}`)).toEqual(STORY);
  });

  test('a NUL inside a value, which the grammar reads over', () => {
    expect(story(CLEAN.replace('Host=0x', 'Host=0x\0'))).toEqual(STORY);
  });

  test.each([
    ['a byte above ASCII', '\u00e9'],
    ['half a surrogate pair', '\udc00'],
  ])('%s inside a value, which damages the record', (_, unit) => {
    const report = analyse(CLEAN.replace('Host=0x', `Host=0x${unit}`));
    expect(report.input.malformedLines).toBe(1);
    expect(storyOf(report)).toEqual(['- 2 3', '4 5 -']);
  });
});
