import { parseColor, type Color } from './color.ts';
import { HATCH_TILE, NARROWEST_HATCH, paintFor, solid, type Ground, type Hatch, type Paint } from './surface.ts';

/**
 * Rectangles as pixels. A canvas that works without a graphics processor takes microseconds for each rectangle with a pattern, and a
 * picture can have tens of thousands: written straight into memory they cost what their pixels do.
 */
export interface Raster extends Ground {
  /** Begins a picture. `scale`: device pixels a CSS pixel. */
  begin(width: number, height: number, scale: number, background: string): void;
  /** Row by row, as `ImageData` has them. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** In device pixels. */
  readonly width: number;
  readonly height: number;
}

/** A paint with all its pixels worked out: one tile that repeats. */
interface Ink {
  /** Each pixel: alpha, blue, green, red from the highest byte to the lowest. */
  readonly tile: Uint32Array;
  /** The same, row by row. */
  readonly tileRows: readonly Uint32Array[];
  readonly side: number;
  readonly isOpaque: boolean;
  /** The rows of the tile, repeated over the whole width, so that they can be copied; made when first needed. */
  readonly rows: (Uint32Array | undefined)[];
}

/** What a paint needs: for rectangles that can hold its hatch, for narrower ones, and for their edges. */
interface Inks {
  readonly wide: Ink;
  readonly narrow: Ink;
  readonly outline: Ink | null;
  readonly isEmpty: boolean;
}

/** What is narrower is written pixel by pixel: a call to `fill` or `set` costs as much as that. */
const NARROW = 16;

export function createRaster(): Raster {
  let pixels = new Uint8ClampedArray(0);
  let words = new Uint32Array(0);
  let width = 0;
  let height = 0;
  let scale = 1;
  // Paints are made once for each look, and used for thousands of rectangles.
  let known = new Map<Paint, Inks>();

  function inksOf(paint: Paint): Inks {
    let inks = known.get(paint);
    if (inks === undefined) {
      const { outline } = paint;
      inks = {
        wide: createInk(paint, scale),
        narrow: createInk(paintFor(paint, 0), scale),
        outline: outline === null ? null : createInk(solid(outline), scale),
        isEmpty: paint.fill === null && paint.hatch === null,
      };
      known.set(paint, inks);
    }
    return inks;
  }

  function area(left: number, top: number, right: number, bottom: number, ink: Ink): void {
    const { tile, tileRows, side, isOpaque } = ink;
    const isWide = right - left > NARROW;
    const plain = side === 1 ? (tile[0] ?? 0) : null;
    for (let y = top; y < bottom; y++) {
      const from = y * width + left;
      const to = y * width + right;
      if (plain === null) {
        if (isWide && isOpaque) words.set(rowOf(ink, y % side).subarray(left, right), from);
        else fillTiled(words, from, to, tileRows[y % side] ?? tile, left);
      } else if (!isOpaque) fillOver(words, from, to, plain);
      else if (isWide) words.fill(plain, from, to);
      else for (let at = from; at < to; at++) words[at] = plain;
    }
  }

  function rowOf({ tile, side, rows }: Ink, row: number): Uint32Array {
    let repeated = rows[row];
    if (repeated?.length !== width) {
      repeated = new Uint32Array(width);
      for (let x = 0; x < width; x++) repeated[x] = tile[row * side + (x % side)] ?? 0;
      rows[row] = repeated;
    }
    return repeated;
  }

  function box(left: number, top: number, right: number, bottom: number, ink: Ink): void {
    const fromX = Math.max(left, 0);
    const fromY = Math.max(top, 0);
    const toX = Math.min(right, width);
    const toY = Math.min(bottom, height);
    if (fromX < toX && fromY < toY) area(fromX, fromY, toX, toY, ink);
  }

  function outline(left: number, top: number, right: number, bottom: number, ink: Ink): void {
    const line = Math.max(Math.round(scale), 1);
    if (right - left <= 2 * line || bottom - top <= 2 * line) {
      box(left, top, right, bottom, ink);
      return;
    }
    box(left, top, right, top + line, ink);
    box(left, bottom - line, right, bottom, ink);
    box(left, top + line, left + line, bottom - line, ink);
    box(right - line, top + line, right, bottom - line, ink);
  }

  return {
    begin(wantedWidth, wantedHeight, wantedScale, background) {
      const deviceWidth = Math.round(wantedWidth * wantedScale);
      const deviceHeight = Math.round(wantedHeight * wantedScale);
      if (wantedScale !== scale || known.size > MOST_PAINTS) known = new Map();
      scale = wantedScale;
      if (deviceWidth !== width || deviceHeight !== height) {
        [width, height] = [deviceWidth, deviceHeight];
        pixels = new Uint8ClampedArray(4 * width * height);
        words = new Uint32Array(pixels.buffer);
      }
      words.fill(createInk(solid(background), 1).tile[0] ?? 0);
    },
    rect(x, y, wantedWidth, wantedHeight, paint) {
      const left = Math.round(x * scale);
      const top = Math.round(y * scale);
      // Whatever is there is seen.
      const right = Math.max(Math.round((x + wantedWidth) * scale), left + 1);
      const bottom = Math.max(Math.round((y + wantedHeight) * scale), top + 1);
      const inks = inksOf(paint);
      if (!inks.isEmpty) box(left, top, right, bottom, wantedWidth < NARROWEST_HATCH ? inks.narrow : inks.wide);
      if (inks.outline !== null) outline(left, top, right, bottom, inks.outline);
    },
    get pixels() {
      return pixels;
    },
    get width() {
      return width;
    },
    get height() {
      return height;
    },
  };
}

/** More than a theme's looks come to: whoever makes them anew each time must not pile them up. */
const MOST_PAINTS = 4096;

const NOTHING: Color = { red: 0, green: 0, blue: 0, alpha: 0 };

function createInk({ fill, hatch, hatchColor }: Paint, scale: number): Ink {
  const ground = (fill === null ? null : parseColor(fill)) ?? NOTHING;
  const line = (hatch === null ? null : parseColor(hatchColor)) ?? NOTHING;
  const side = hatch === null ? 1 : Math.max(Math.round(HATCH_TILE * scale), 2);
  const tile = new Uint32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const share = hatch === null ? 0 : coverage(hatch, x, y, side);
      tile[y * side + x] = pack(layered({ ...line, alpha: line.alpha * share }, ground));
    }
  }
  const tileRows = Array.from({ length: side }, (_, row) => tile.subarray(row * side, (row + 1) * side));
  return { tile, tileRows, side, isOpaque: ground.alpha >= 1, rows: [] };
}

/** How much of a pixel a line of the hatch covers, from 0 to 1. */
function coverage(hatch: Hatch, x: number, y: number, side: number): number {
  if (hatch === 'dots') {
    const half = Math.floor(side / 2);
    const dot = Math.max(Math.round(side / 4), 1);
    const isDot = (x < dot && y < dot) || (x >= half && x < half + dot && y >= half && y < half + dot);
    return isDot ? 1 : 0;
  }
  const along = (distance: number): number => {
    const fromLine = Math.min(distance % side, side - (distance % side)) / Math.SQRT2;
    return Math.min(Math.max(side / 10 + 0.5 - fromLine, 0), 1);
  };
  const [left, right] = [along(x - y + side), along(x + y)];
  return hatch === 'left' ? left : hatch === 'right' ? right : Math.max(left, right);
}

/** One colour over another, either of which may be seen through. */
function layered(upper: Color, lower: Color): Color {
  const alpha = upper.alpha + lower.alpha * (1 - upper.alpha);
  if (alpha === 0) return NOTHING;
  const blend = (above: number, below: number): number =>
    (above * upper.alpha + below * lower.alpha * (1 - upper.alpha)) / alpha;
  return {
    red: blend(upper.red, lower.red),
    green: blend(upper.green, lower.green),
    blue: blend(upper.blue, lower.blue),
    alpha,
  };
}

/** As a little-endian machine, which all that run browsers are, keeps red, green, blue and alpha one behind the other. */
function pack({ red, green, blue, alpha }: Color): number {
  const bytes = [red, green, blue, alpha * 255].map((value) => Math.round(value));
  return (((bytes[3] ?? 0) << 24) | ((bytes[2] ?? 0) << 16) | ((bytes[1] ?? 0) << 8) | (bytes[0] ?? 0)) >>> 0;
}

/** Neighbours are mostly alike, so that one answer does for many. */
function fillOver(words: Uint32Array, from: number, to: number, upper: number): void {
  let lower = words[from] ?? 0;
  let blended = over(upper, lower);
  for (let at = from; at < to; at++) {
    const here = words[at] ?? 0;
    if (here !== lower) {
      lower = here;
      blended = over(upper, lower);
    }
    words[at] = blended;
  }
}

/** @param left where the row begins, so that tiles of neighbours join */
function fillTiled(words: Uint32Array, from: number, to: number, tileRow: Uint32Array, left: number): void {
  let place = left % tileRow.length;
  for (let at = from; at < to; at++) {
    const upper = tileRow[place] ?? 0;
    words[at] = upper >= OPAQUE ? upper : over(upper, words[at] ?? 0);
    if (++place === tileRow.length) place = 0;
  }
}

const OPAQUE = 0xff000000;

/** A pixel over an opaque one. */
function over(upper: number, lower: number): number {
  const alpha = upper >>> 24;
  if (alpha === 0) return lower;
  if (alpha === 255) return upper;
  const rest = 255 - alpha;
  // Two channels at a time: neither reaches the other, since their weights sum up to 255.
  const redBlue = ((upper & 0xff00ff) * alpha + (lower & 0xff00ff) * rest) >>> 8;
  const green = (((upper >>> 8) & 0xff) * alpha + ((lower >>> 8) & 0xff) * rest) & 0xff00;
  return (0xff000000 | (redBlue & 0xff00ff) | green) >>> 0;
}
