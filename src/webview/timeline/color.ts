/** A colour as numbers: red, green and blue from 0 to 255, alpha from 0 to 1. */
export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

/** Reads the two forms in which a canvas gives a colour back; `null`: it is neither. */
export function parseColor(text: string): Color | null {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})([\da-f]{2})?$/i.exec(text.trim());
  if (hex !== null) {
    const [red = 0, green = 0, blue = 0, alpha = 255] = hex.slice(1).map((part) => Number.parseInt(part || 'ff', 16));
    return { red, green, blue, alpha: alpha / 255 };
  }
  const parts = /^rgba?\(([^()]*)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (parts === undefined || parts.length < 3 || parts.some(Number.isNaN)) return null;
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return { red, green, blue, alpha };
}

export function formatColor({ red, green, blue, alpha }: Color): string {
  const channels = [red, green, blue].map((channel) => Math.round(channel));
  return alpha >= 1 ? `rgb(${channels.join(', ')})` : `rgba(${channels.join(', ')}, ${Number(alpha.toFixed(3))})`;
}

/** The same colour, seen through to some degree. `alpha`: 0 to 1, multiplies the colour's own. */
export function faded(text: string, alpha: number): string {
  const color = parseColor(text);
  return color === null ? text : formatColor({ ...color, alpha: color.alpha * alpha });
}

/** A colour between two. `share`: 0 is the first, 1 the second. Alpha is left out. */
export function mixed(first: string, second: string, share: number): string {
  const one = parseColor(first);
  const other = parseColor(second);
  if (one === null || other === null) return first;
  const between = (from: number, to: number): number => from + (to - from) * share;
  return formatColor({
    red: between(one.red, other.red),
    green: between(one.green, other.green),
    blue: between(one.blue, other.blue),
    alpha: 1,
  });
}

/** Whichever of two colours stands out more against a third. */
export function readableOn(background: string, first: string, second: string): string {
  const [ground, one, other] = [background, first, second].map(luminance);
  if (ground === undefined || one === undefined || other === undefined) return first;
  return contrast(ground, one) >= contrast(ground, other) ? first : second;
}

/** WCAG 2.2, “relative luminance”. */
function luminance(text: string): number {
  const { red, green, blue } = parseColor(text) ?? { red: 0, green: 0, blue: 0 };
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, “contrast ratio”. */
function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
