import { describe, expect, test } from 'vitest';
import { faded, formatColor, mixed, parseColor, readableOn } from '../../src/webview/timeline/color.ts';

describe('a colour', () => {
  test.each([
    ['#3794ff', { red: 0x37, green: 0x94, blue: 0xff, alpha: 1 }],
    ['rgba(255, 0, 128, 0.5)', { red: 255, green: 0, blue: 128, alpha: 0.5 }],
    ['rgb(1, 2, 3)', { red: 1, green: 2, blue: 3, alpha: 1 }],
  ])('is read from %s', (text, color) => expect(parseColor(text)).toEqual(color));

  test.each(['', 'red', 'rgb(1, 2)', 'rgb(a, b, c)', '#12', 'url(x)'])('is not read from %j', (text) =>
    expect(parseColor(text)).toBeNull(),
  );

  test('that is read and written is the same', () => {
    for (const text of ['rgb(1, 2, 3)', 'rgba(1, 2, 3, 0.25)']) expect(formatColor(parseColor(text)!)).toBe(text);
  });

  test('fades and mixes', () => {
    expect(faded('#ff0000', 0.5)).toBe('rgba(255, 0, 0, 0.5)');
    expect(faded('rgba(255, 0, 0, 0.5)', 0.5)).toBe('rgba(255, 0, 0, 0.25)');
    expect(mixed('#000000', '#ffffff', 0)).toBe('rgb(0, 0, 0)');
    expect(mixed('#000000', '#ffffff', 1)).toBe('rgb(255, 255, 255)');
    expect(mixed('#000000', '#ffffff', 0.5)).toBe('rgb(128, 128, 128)');
  });

  test('is chosen to be read on another', () => {
    expect(readableOn('#000080', '#ffffff', '#000000')).toBe('#ffffff');
    expect(readableOn('#ffff00', '#ffffff', '#000000')).toBe('#000000');
  });
});
