import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIALECTS } from '../../../src/core/dialects/registry.ts';
import { createAnchorFinder } from '../../../src/core/text/anchor-finder.ts';

describe('the anchor finder', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\n'), minLength: 2, maxLength: 12 });
  const anchor = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 2, maxLength: 12 });

  test('finds what a naive search finds, in any text and from any place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anchor, { minLength: 1, maxLength: 6 }),
        fc.array(word),
        fc.nat(40),
        (anchors, words, from) => {
          const text = words.join('');
          const finder = createAnchorFinder(anchors);
          // Twice, and from behind: what was found before must not matter.
          for (const start of [from, 0, from]) expect(hits(finder, text, start)).toEqual(naive(anchors, text, start));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('finds every anchor of every dialect, at the start, in the middle and at the end', () => {
    const anchors = [...new Set(DIALECTS.flatMap((dialect) => dialect.anchors))];
    const finder = createAnchorFinder(anchors);
    for (const each of anchors)
      for (const text of [each, `--- ${each}`, `--- ${each} ---`, `${each} ---`])
        expect(hits(finder, text, 0)).toEqual(naive(anchors, text, 0));
  });
});

/** All places where an anchor stands, each with the longest one. */
function naive(anchors: readonly string[], text: string, from: number): string[] {
  const found: string[] = [];
  for (let at = from; at < text.length; at++) {
    const [longest] = anchors.filter((each) => text.startsWith(each, at)).sort((a, b) => b.length - a.length);
    if (longest !== undefined) found.push(`${at} ${longest}`);
  }
  return found;
}

function hits(finder: ReturnType<typeof createAnchorFinder>, text: string, from: number): string[] {
  const found: string[] = [];
  for (let at = from; finder.search(text, at); at = finder.start + 1)
    found.push(`${finder.start} ${text.slice(finder.start, finder.end)}`);
  return found;
}
