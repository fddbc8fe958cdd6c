import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createByteDecoder } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';
import { readLog } from '../support/logs.ts';

const LOG = readLog('sevlike-ahci');
const STORY = 'Bds: \u2554\u2550\u2557 caf\u00e9 \u{1f600}\r\nIoMmuExitBoot\r\n';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function decode(bytes: Uint8Array, ...cuts: readonly number[]): string {
  const decoder = createByteDecoder((piece) => Buffer.from(piece).toString('latin1'));
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return (
    places
      .slice(1)
      .map((end, index) => decoder.decode(bytes.subarray(places[index], end)))
      .join('') + decoder.end()
  );
}

describe('a log is read whatever it is written in', () => {
  test.each([
    ['ISO 8859-1', latin1(LOG)],
    ['UTF-8 with a byte order mark', utf8(`\ufeff${LOG}`)],
    ['UTF-16, little-endian, with a byte order mark', utf16le(`\ufeff${LOG}`)],
    ['UTF-16, big-endian, with a byte order mark', utf16be(`\ufeff${LOG}`)],
    ['UTF-16, little-endian, without a mark', utf16le(LOG)],
    ['UTF-16, big-endian, without a mark', utf16be(LOG)],
  ])('%s', (_, bytes) => {
    expect(decode(bytes)).toBe(LOG);
    expect(decode(bytes, 1, 2, 3, 4095, 4096, 4097, 65_537)).toBe(LOG);
  });

  test('and says the same', () => {
    const { traces, input } = analyse(LOG);
    const report = analyse([decode(utf16le(`\ufeff${LOG}`))]);
    expect(report.traces).toEqual(traces);
    expect(report.input).toEqual(input);
  });
});

describe('characters', () => {
  test.each([
    ['of UTF-8', utf8(`\ufeff${STORY}`)],
    ['of UTF-16, little-endian', utf16le(`\ufeff${STORY}`)],
    ['of UTF-16, big-endian', utf16be(`\ufeff${STORY}`)],
  ])('%s are whole, wherever a piece ends', (_, bytes) => {
    for (let first = 0; first <= bytes.length; first++)
      for (const second of [first, first + 1, first + 2])
        if (second <= bytes.length) expect(decode(bytes, first, second)).toBe(STORY);
  });

  test('above ASCII without a byte order mark stay bytes, so that nothing is lost', () => {
    expect(decode(utf8('caf\u00e9\r\n'))).toBe('caf\u00c3\u00a9\r\n');
    expect(decode(Buffer.from([0x80, 0xff, 0xfe, 0x41]))).toBe('\u0080\u00ff\u00feA');
  });

  test('that are none become U+FFFD in UTF-8', () => {
    const marked = (...bytes: readonly number[]): string => decode(Buffer.from([0xef, 0xbb, 0xbf, ...bytes]));
    expect(marked(0x41, 0xff, 0x42)).toBe('A\ufffdB');
    expect(marked(0xc3, 0x41)).toBe('\ufffdA');
    expect(marked(0xe2, 0x82)).toBe('\ufffd');
    expect(marked(0xc0, 0x80)).toBe('\ufffd\ufffd');
    expect(marked(0xed, 0xa0, 0x80)).toBe('\ufffd\ufffd\ufffd');
  });

  test('that are half a surrogate pair stay as they are in UTF-16, and half a unit at the end shows', () => {
    expect(decode(Buffer.concat([utf16le('\ufeffA\ud800B'), Buffer.from([0x41])]))).toBe('A\ud800B\ufffd');
  });

  test('are decoded as TextDecoder does, whatever the bytes', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0xa0, 0x9f)));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(40), { maxLength: 4 }), (units, cuts) => {
        const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...units]);
        const decoded = decode(marked, ...cuts.map((cut) => cut % (marked.length + 1)));
        expect(decoded).toBe(decoder.decode(marked.subarray(3)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is no UTF-16', () => {
  test.each([
    ['nothing', []],
    ['one byte', [0x41]],
    ['one character', [0x41, 0]],
    ['NULs', Array.from({ length: 5000 }, () => 0)],
    ['text with NULs in it', [...latin1('text\0\0text')]],
    ['text behind NULs', [0, 0, 0, 0, ...latin1('text')]],
    ['the first bytes of a mark', [0xef, 0xbb]],
    ['a byte of a mark', [0xff]],
  ])('%s', (_, bytes) => {
    expect(decode(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString('latin1'));
    expect(decode(Uint8Array.from(bytes), 1)).toBe(Buffer.from(bytes).toString('latin1'));
  });
});

test('the first bytes of an ordinary log are not kept waiting', () => {
  const decoder = createByteDecoder((piece) => Buffer.from(piece).toString('latin1'));
  expect(decoder.decode(latin1('Se'))).toBe('Se');
  expect(decoder.decode(latin1('c'))).toBe('c');
});
