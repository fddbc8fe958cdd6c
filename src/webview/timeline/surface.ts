/**
 * What a picture is painted on: a canvas, or a text that is an SVG. The timeline is painted by one piece of code on both, so that
 * what is exported is what was seen.
 */
export interface Surface {
  /** Paints the rectangles that lie below everything else. Call it first, and once. */
  ground(draw: (ground: Ground) => void): void;
  fill(x: number, y: number, width: number, height: number, color: string): void;
  line(fromX: number, fromY: number, toX: number, toY: number, stroke: Stroke): void;
  text(text: string, x: number, y: number, look: TextLook): void;
  /** A filled shape of straight lines. */
  polygon(points: readonly (readonly [number, number])[], fill: string): void;
  /** Whatever `draw` paints outside of the rectangle is not seen. */
  clipped(x: number, y: number, width: number, height: number, draw: () => void): void;
}

/** Takes rectangles by the ten thousand. */
export interface Ground {
  rect(x: number, y: number, width: number, height: number, paint: Paint): void;
}

/** Told apart without colours: lines to the left, to the right, both, and dots. */
export type Hatch = 'left' | 'right' | 'cross' | 'dots';

export interface Paint {
  readonly fill: string | null;
  readonly hatch: Hatch | null;
  readonly hatchColor: string;
  /** Of a line of one pixel inside the rectangle. */
  readonly outline: string | null;
}

export interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
}

export interface TextLook {
  readonly color: string;
  readonly size: number;
  readonly isBold: boolean;
  readonly isMono: boolean;
  readonly align: 'left' | 'center' | 'right';
}

/** Length of a tile of a hatch, in CSS pixels. */
export const HATCH_TILE = 6;

/** In a narrower rectangle a hatch cannot be told from others. */
export const NARROWEST_HATCH = 5;

/** A rectangle that is too narrow for its hatch is filled with the hatch's colour, so that it does not fade away. */
export function paintFor({ fill, hatch, hatchColor, outline }: Paint, width: number): Paint {
  if (hatch === null || width >= NARROWEST_HATCH) return { fill, hatch, hatchColor, outline };
  return { fill: fill === null ? null : hatchColor, hatch: null, hatchColor, outline };
}

/** A plain colour. */
export function solid(fill: string, outline: string | null = null): Paint {
  return { fill, hatch: null, hatchColor: '', outline };
}

/** A pattern over a colour, or over nothing. */
export function hatched(fill: string | null, hatch: Hatch, hatchColor: string, outline: string | null = null): Paint {
  return { fill, hatch, hatchColor, outline };
}
