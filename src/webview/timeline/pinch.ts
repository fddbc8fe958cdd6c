import type { AxisRange } from '../../core/timeline/axis.ts';

/** A place in the picture, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fingers that are closer than this zoom as if they were this far apart: the ratio of two tiny distances leaps. */
const CLOSEST_PIXELS = 24;

export interface PinchMove {
  readonly range: AxisRange;
  /** How far the rows went down with the fingers. */
  readonly scrollPixels: number;
}

/** Two fingers on the picture: what lies between them stays between them. */
export interface Pinch {
  /** A finger comes down while `range` is shown. Gives whether there are two now. A third one is not heeded. */
  press(finger: number, at: Point, range: AxisRange): boolean;
  /** `null`: the finger is not one of two. */
  move(finger: number, at: Point, width: number): PinchMove | null;
  /** A finger goes. Gives the one that stays behind of two. */
  lift(finger: number): { readonly finger: number; readonly at: Point } | null;
}

export function createPinch(): Pinch {
  const fingers = new Map<number, Point>();
  let begin: { readonly range: AxisRange; readonly fingers: readonly Point[] } | null = null;
  /** What was said of the way down so far. Browsers may round each step: it is told in whole pixels. */
  let scrolled = 0;

  return {
    press(finger, at, range) {
      if (begin === null) fingers.set(finger, at);
      if (begin === null && fingers.size === 2) {
        begin = { range, fingers: [...fingers.values()] };
        scrolled = 0;
      }
      return begin !== null;
    },
    move(finger, at, width) {
      if (!fingers.has(finger)) return null;
      fingers.set(finger, at);
      if (begin === null) return null;
      const now = [...fingers.values()];
      const down = Math.round(middle(now, 'y') - middle(begin.fingers, 'y'));
      const scrollPixels = down - scrolled;
      scrolled = down;
      return { range: pinchedRange(begin.range, width, begin.fingers, now), scrollPixels };
    },
    lift(finger) {
      const wasOne = fingers.delete(finger);
      if (!wasOne || begin === null) return null;
      begin = null;
      const [other] = fingers;
      return other === undefined ? null : { finger: other[0], at: other[1] };
    },
  };
}

/**
 * The range of the axis that is shown when fingers went from one place to another. It depends on where they began and where they
 * are, and not on the way, so that fingers that go back bring the picture back. @param width of the picture in CSS pixels
 */
export function pinchedRange(
  { from, to }: AxisRange,
  width: number,
  before: readonly Point[],
  after: readonly Point[],
): AxisRange {
  const length = ((to - from) * spread(before)) / spread(after);
  const pixels = Math.max(width, 1);
  const held = from + ((to - from) * middle(before, 'x')) / pixels;
  const begin = held - (length * middle(after, 'x')) / pixels;
  return { from: begin, to: begin + length };
}

function middle(points: readonly Point[], axis: 'x' | 'y'): number {
  return points.reduce((sum, point) => sum + point[axis], 0) / Math.max(points.length, 1);
}

function spread([first, second]: readonly Point[]): number {
  if (first === undefined || second === undefined) return CLOSEST_PIXELS;
  return Math.max(Math.hypot(first.x - second.x, first.y - second.y), CLOSEST_PIXELS);
}
