import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, escapeMarkdown, table } from '../../../src/extension/text/markdown.ts';

/** What is left of escaped text when everything harmless is taken away. */
function unescapedRest(markdown: string): string {
  return markdown.replaceAll(/\\[!-/:-@[-`{-~]|&#?\w+;|[^\p{P}\p{S}\p{Cc}\p{Cf}]|[^\u0020-\u007E\p{Cc}\p{Cf}]/gu, '');
}

describe('escaped Markdown', () => {
  test.each([
    ['a link', '[click](command:evil)'],
    ['an image', '![x](https://example.org/pixel.png)'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['an automatic link', 'https://example.org www.example.org a@example.org'],
    ['an icon', '$(trash~spin)'],
    ['code', '`x` ```x```'],
    ['another row of a table', 'a | b\n| --- |'],
    ['a heading', '\n# x\n---\n'],
    ['reordered text', 'a\u202Eb\u2066c'],
  ])('holds no %s', (_what, hostile) => {
    const escaped = escapeMarkdown(hostile);
    expect(unescapedRest(escaped).replaceAll(/[,;?%]/g, '')).toBe('');
  });

  test('of any text has no mark-up left and stays on one line', () => {
    const asciiOrAny = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(asciiOrAny, { maxLength: 60 }), (codes) => {
        const text = String.fromCharCode(...codes);
        const rest = unescapedRest(escapeMarkdown(text));
        expect(rest.replaceAll(/[,;?%]/g, '')).toBe('');
      }),
    );
  });

  test('leaves words and spaces as they are', () => {
    expect(escapeMarkdown('the OS speaks, at last')).toBe('the OS speaks, at last');
  });
});

describe('code', () => {
  test.each([
    ['0x1e6bc000', '`0x1e6bc000`'],
    ['00:02.0', '`00:02.0`'],
    ['Virtio`Blk', 'Virtio\\`Blk'],
    ['', ''],
  ])('of %j is %j', (text, expected) => expect(code(text)).toBe(expected));
});

test('a table has a row for each row', () => {
  expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});
