import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hatched, solid } from '../../src/webview/timeline/surface.ts';
import { createSvgSurface, escapeXml } from '../../src/webview/timeline/svg-surface.ts';

const FONTS = { text: '"Open Sans", sans-serif', mono: 'monospace' };
const LOOK = { color: '#fff', size: 11, isBold: false, isMono: false, align: 'left' } as const;

/** Elements and their ends, in order: what an XML reader sees of the structure. */
function tagsOf(svg: string): string[] {
  return [...svg.matchAll(/<\/?([A-Za-z]+)/g)].map(([, name]) => name!);
}

describe('an exported SVG', () => {
  test('has the same elements whatever stands in the texts', () => {
    const draw = (text: string): string => {
      const surface = createSvgSurface(100, 50, '#000', FONTS, text);
      surface.text(text, 1, 2, LOOK);
      return surface.toString();
    };
    const wanted = tagsOf(draw('plain'));
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</text><script>alert(1)</script>',
        '"/><image href="x"/>',
        ']]>',
        '<!--',
        '&amp;',
        '\u0000\uFFFE',
      ),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(tagsOf(draw(text))).toEqual(wanted);
      }),
    );
  });

  test('escapes text so that XML can hold it', () => {
    expect(escapeXml(`a<b>&"'\u0000\u0008\uD800c`)).toBe('a&#60;b&#62;&#38;&#34;&#39;c');
    expect(escapeXml('ü 😀\n\t')).toBe('ü 😀\n\t');
  });

  test('defines each pattern once', () => {
    const surface = createSvgSurface(100, 50, '#000', FONTS, 'title');
    surface.ground((ground) => {
      for (let x = 0; x < 100; x += 20) ground.rect(x, 0, 20, 10, hatched('#111', 'left', '#222'));
      ground.rect(0, 20, 20, 10, hatched(null, 'cross', '#f00', '#f00'));
      ground.rect(0, 30, 2, 10, hatched('#111', 'dots', '#333'));
      ground.rect(0, 40, 20, 10, solid('#444'));
    });
    const svg = surface.toString();
    expect(svg.match(/<pattern /g)).toHaveLength(2);
    expect(svg.match(/fill="url\(#hatch-0\)"/g)).toHaveLength(5);
    // Too narrow for dots: filled with their colour.
    expect(svg).toContain('width="2" height="10" fill="#333"');
  });

  test('cuts what is clipped', () => {
    const surface = createSvgSurface(100, 50, '#000', FONTS, 'title');
    surface.clipped(0, 10, 100, 40, () => surface.fill(0, 0, 5, 5, '#fff'));
    expect(surface.toString()).toMatch(/<g clip-path="url\(#clip-1\)">\n<rect [^>]*fill="#fff"\/>\n<\/g>/);
  });
});
