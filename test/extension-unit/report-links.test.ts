import { describe, expect, test, vi } from 'vitest';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const { findLineNumbers } = await import('../../src/extension/features/report-links.ts');

describe('line numbers in a report', () => {
  test.each([
    ['Hand-off at line 9735: evidence', ['9735']],
    ['12 more of double-unmap: lines 4, 8, 15, …', ['4', '8', '15']],
    ['Boot 1 of 2, lines 1–9811: 752 Maps', ['1', '9811']],
    ['which is at line\n      19008', ['19008']],
    ['    4083  CommonBuffer  0x1e6bc000  64 KiB  XhciDxe', ['4083']],
    ['752 Maps, 752 Unmaps, at most 31 live (2 MiB)', []],
    ['handle 0x1e3edb98 on the line', []],
  ])('%j holds %j', (text, expected) => {
    const found = findLineNumbers(text);
    expect(found.map((number) => number.text)).toEqual(expected);
    for (const { offset, text: digits } of found) expect(text.slice(offset, offset + digits.length)).toBe(digits);
  });
});
