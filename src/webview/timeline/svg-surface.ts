import type { Fonts } from './canvas-surface.ts';
import { HATCH_TILE, paintFor, type Hatch, type Paint, type Surface, type TextLook } from './surface.ts';

/** Writes an SVG. Text that stems from the log is escaped. */
export interface SvgSurface extends Surface {
  /** The whole document. */
  toString(): string;
}

export function createSvgSurface(
  width: number,
  height: number,
  background: string,
  fonts: Fonts,
  title: string,
): SvgSurface {
  const body: string[] = [];
  const definitions: string[] = [];
  const patterns = new Map<string, string>();
  let clips = 0;

  function patternOf(hatch: Hatch, color: string): string {
    const key = `${hatch} ${color}`;
    let id = patterns.get(key);
    if (id === undefined) {
      id = `hatch-${patterns.size}`;
      patterns.set(key, id);
      definitions.push(svgPattern(id, hatch, color));
    }
    return id;
  }

  function rect(x: number, y: number, w: number, h: number, style: string): void {
    body.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" ${style}/>`);
  }

  function paintRect(x: number, y: number, w: number, h: number, paint: Paint): void {
    const { fill, hatch, hatchColor, outline } = paintFor(paint, w);
    if (fill !== null) rect(x, y, w, h, `fill="${escapeXml(fill)}"`);
    if (hatch !== null) rect(x, y, w, h, `fill="url(#${patternOf(hatch, hatchColor)})"`);
    if (outline !== null) {
      const inset = Math.min(0.5, w / 2, h / 2);
      rect(x + inset, y + inset, w - 2 * inset, h - 2 * inset, `fill="none" stroke="${escapeXml(outline)}"`);
    }
  }

  return {
    ground: (draw) => draw({ rect: paintRect }),
    fill: (x, y, w, h, color) => rect(x, y, w, h, `fill="${escapeXml(color)}"`),
    line(fromX, fromY, toX, toY, { color, width: lineWidth, dash }) {
      const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(n).join(' ')}"`;
      body.push(
        `<line x1="${n(fromX)}" y1="${n(fromY)}" x2="${n(toX)}" y2="${n(toY)}" stroke="${escapeXml(color)}" stroke-width="${n(lineWidth)}"${dashes}/>`,
      );
    },
    text: (text, x, y, look) => body.push(svgText(text, x, y, look, fonts)),
    polygon(points, fill) {
      const list = points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ');
      body.push(`<polygon points="${list}" fill="${escapeXml(fill)}"/>`);
    },
    clipped(x, y, w, h, draw) {
      const id = `clip-${++clips}`;
      definitions.push(
        `<clipPath id="${id}"><rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"/></clipPath>`,
      );
      body.push(`<g clip-path="url(#${id})">`);
      draw();
      body.push('</g>');
    },
    toString: () =>
      [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img">`,
        `<title>${escapeXml(title)}</title>`,
        `<defs>${definitions.join('')}</defs>`,
        `<rect width="${n(width)}" height="${n(height)}" fill="${escapeXml(background)}"/>`,
        ...body,
        '</svg>',
        '',
      ].join('\n'),
  };
}

/** Text as the content or an attribute of an element. What XML cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return (
    text
      // XML 1.0, production 2: these and lone surrogates are no characters
      .replace(/[\0-\u0008\v\f\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}

function svgText(text: string, x: number, y: number, look: TextLook, fonts: Fonts): string {
  const anchor = { left: 'start', center: 'middle', right: 'end' }[look.align];
  const family = escapeXml(look.isMono ? fonts.mono : fonts.text);
  const weight = look.isBold ? ' font-weight="600"' : '';
  return `<text x="${n(x)}" y="${n(y)}" fill="${escapeXml(look.color)}" font-family="${family}" font-size="${n(look.size)}"${weight} text-anchor="${anchor}" dominant-baseline="central">${escapeXml(text)}</text>`;
}

function svgPattern(id: string, hatch: Hatch, color: string): string {
  const t = HATCH_TILE;
  const paths: Readonly<Record<Hatch, string>> = {
    left: `M0 0L${t} ${t}M${-t} 0L0 ${t}M${t} 0L${2 * t} ${t}`,
    right: `M0 ${t}L${t} 0M${-t} ${t}L0 0M${t} ${t}L${2 * t} 0`,
    cross: `M0 0L${t} ${t}M0 ${t}L${t} 0`,
    dots: `M0 0h${t / 4}v${t / 4}h${-t / 4}zM${t / 2} ${t / 2}h${t / 4}v${t / 4}h${-t / 4}z`,
  };
  const ink = hatch === 'dots' ? `fill="${escapeXml(color)}"` : `stroke="${escapeXml(color)}" stroke-width="${t / 5}"`;
  return `<pattern id="${id}" width="${t}" height="${t}" patternUnits="userSpaceOnUse"><path d="${paths[hatch]}" ${ink}/></pattern>`;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
