import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addBytes,
  bytesToPages,
  formatAddress,
  pagesToBytes,
  parseHex,
  rangesOverlap,
  subtractBytes,
  toAddress,
} from '../../../src/core/model/address.ts';

const LARGEST = 0xffff_ffff_ffff_ffffn;
const anyAddress = fc.oneof(
  fc.bigInt({ min: 0n, max: LARGEST }),
  fc.bigInt({ min: 0n, max: 0x2_0000n }),
  fc.constantFrom(0n, 1n, 0xffff_ffffn, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, LARGEST - 1n, LARGEST),
);

describe('an address', () => {
  test('has one representation: a number as long as a double is exact, else a bigint', () => {
    expect(toAddress(2n ** 53n - 1n)).toBe(2 ** 53 - 1);
    expect(toAddress(2n ** 53n)).toBe(2n ** 53n);
    fc.assert(
      fc.property(anyAddress, (value) => {
        expect(BigInt(toAddress(value))).toBe(value);
        expect(parseHex(value.toString(16))).toBe(toAddress(value));
      }),
    );
  });

  test.each([
    ['0', 0],
    ['1E6BC000', 0x1e6bc000],
    ['1e6bc000', 0x1e6bc000],
    ['000000001E6BC000', 0x1e6bc000],
    ['0000000000000000000000000000001', 1],
    ['1FFFFFFFFFFFFF', 2 ** 53 - 1],
    ['20000000000000', 2n ** 53n],
    ['FFFFFFFFFFFFFFFF', LARGEST],
    ['0000FFFFFFFFFFFFFFFF', LARGEST],
  ])('is read from the digits %s', (digits, value) => {
    expect(parseHex(digits)).toBe(value);
  });

  test.each(['', '0x1', 'G', '-1', ' 1', '1 ', '10000000000000000', '1_0', '1.5'])('is not read from %j', (digits) => {
    expect(parseHex(digits)).toBeNull();
  });

  test('is written as lower-case hexadecimal', () => {
    expect(formatAddress(0x1e6bc000)).toBe('0x1e6bc000');
    expect(formatAddress(LARGEST)).toBe('0xffffffffffffffff');
    expect(formatAddress(0)).toBe('0x0');
  });

  test('is added to and subtracted from exactly, past 2^64 too', () => {
    expect(addBytes(LARGEST, 1)).toBe(2n ** 64n);
    expect(subtractBytes(2n ** 64n, 2n ** 64n)).toBe(0);
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        const sum = addBytes(toAddress(a), toAddress(b));
        expect(sum).toBe(toAddress(a + b));
        expect(subtractBytes(sum, toAddress(b))).toBe(toAddress(a));
      }),
    );
  });
});

describe('pages', () => {
  test.each([
    [0, 0],
    [1, 1],
    [4096, 1],
    [4097, 2],
    [0x100070, 0x101],
    [LARGEST, 2n ** 52n],
  ])('hold %s bytes in %s pages', (bytes, pages) => {
    expect(bytesToPages(bytes)).toBe(typeof pages === 'bigint' ? toAddress(pages) : pages);
  });

  test('are counted as firmware does', () => {
    fc.assert(
      fc.property(anyAddress, (bytes) => {
        expect(BigInt(bytesToPages(toAddress(bytes)))).toBe((bytes + 4095n) / 4096n);
        expect(pagesToBytes(toAddress(bytes))).toBe(toAddress(bytes * 4096n));
      }),
    );
  });
});

describe('ranges', () => {
  test.each([
    ['touch where one ends and the other begins', [0x1000, 0x1000], [0x2000, 0x1000], false],
    ['overlap by one byte', [0x1000, 0x1001], [0x2000, 0x1000], true],
    ['lie in each other', [0x1000, 0x5000], [0x2000, 1], true],
    ['are empty', [0x1000, 0], [0x1000, 0x1000], false],
    ['end at the last address', [LARGEST, 1], [LARGEST, 1], true],
    ['reach past the last address', [LARGEST, 0x1000], [0, 0x1000], false],
  ] as const)('that %s', (_, [startA, sizeA], [startB, sizeB], overlap) => {
    expect(rangesOverlap(startA, sizeA, startB, sizeB)).toBe(overlap);
    expect(rangesOverlap(startB, sizeB, startA, sizeA)).toBe(overlap);
  });
});
