import type { SceneRects, SceneStyle } from './scene.ts';
import { styleNumber } from './scene.ts';

/** Collects the rectangles of a scene in columns that the next scene uses again. */
export interface RectList extends SceneRects {
  clear(): void;
  /** Between which heights rectangles are kept, from now on; what lies outside is cut off. */
  clip(top: number, bottom: number): void;
  add(style: SceneStyle, box: Box, traits?: number, bar?: number, level?: number): void;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const FIRST_CAPACITY = 1 << 12;

export function createRectList(): RectList {
  let columns = createColumns(FIRST_CAPACITY);
  let count = 0;
  let top = 0;
  let bottom = Infinity;

  return {
    clear() {
      count = 0;
    },
    clip(newTop, newBottom) {
      top = newTop;
      bottom = newBottom;
    },
    add(style, { x, y, width, height }, traits = 0, bar = -1, level = 0) {
      const from = Math.max(y, top);
      const to = Math.min(y + height, bottom);
      if (to <= from || width <= 0) return;
      if (count === columns.bars.length) columns = grown(columns);
      columns.x[count] = x;
      columns.y[count] = from;
      columns.width[count] = width;
      columns.height[count] = to - from;
      columns.styles[count] = styleNumber(style);
      columns.traits[count] = traits;
      columns.bars[count] = bar;
      columns.levels[count] = level;
      count++;
    },
    get count() {
      return count;
    },
    get x() {
      return columns.x;
    },
    get y() {
      return columns.y;
    },
    get width() {
      return columns.width;
    },
    get height() {
      return columns.height;
    },
    get styles() {
      return columns.styles;
    },
    get traits() {
      return columns.traits;
    },
    get levels() {
      return columns.levels;
    },
    get bars() {
      return columns.bars;
    },
  };
}

type Columns = Omit<SceneRects, 'count'>;

function createColumns(capacity: number): Columns {
  return {
    x: new Float32Array(capacity),
    y: new Float32Array(capacity),
    width: new Float32Array(capacity),
    height: new Float32Array(capacity),
    styles: new Uint8Array(capacity),
    traits: new Uint8Array(capacity),
    levels: new Uint8Array(capacity),
    bars: new Int32Array(capacity),
  };
}

function grown(old: Columns): Columns {
  const columns = createColumns(2 * old.bars.length);
  columns.x.set(old.x);
  columns.y.set(old.y);
  columns.width.set(old.width);
  columns.height.set(old.height);
  columns.styles.set(old.styles);
  columns.traits.set(old.traits);
  columns.levels.set(old.levels);
  columns.bars.set(old.bars);
  return columns;
}
