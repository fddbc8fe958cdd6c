import { HATCH_TILE, NARROWEST_HATCH, type Hatch, type Paint, type Surface, type TextLook } from './surface.ts';

export interface Fonts {
  readonly text: string;
  readonly mono: string;
}

/** Paints on a canvas. Patterns are made once for each colour. */
export interface CanvasSurface extends Surface {
  /** Begins a picture of this size, in CSS pixels. `scale`: device pixels a CSS pixel. */
  begin(width: number, height: number, scale: number, background: string): void;
  setFonts(fonts: Fonts): void;
}

export function createCanvasSurface(canvas: HTMLCanvasElement): CanvasSurface {
  const found = canvas.getContext('2d', { alpha: false });
  if (found === null) throw new Error('This browser has no canvas.');
  const context: CanvasRenderingContext2D = found;
  const patterns = new Map<string, CanvasPattern | string>();
  let fonts: Fonts = { text: 'sans-serif', mono: 'monospace' };
  let ratio = 1;
  // Setting a state that holds already costs as much as a small rectangle.
  let fillStyle: string | CanvasPattern = '';
  let font = '';

  function setFill(style: string | CanvasPattern): void {
    if (style === fillStyle) return;
    fillStyle = style;
    context.fillStyle = style;
  }

  function patternOf(hatch: Hatch, color: string): CanvasPattern | string {
    const key = `${hatch} ${color}`;
    let pattern = patterns.get(key);
    if (pattern === undefined) {
      pattern = createPattern(context, hatch, color, ratio) ?? color;
      patterns.set(key, pattern);
    }
    return pattern;
  }

  function outline(x: number, y: number, width: number, height: number, color: string): void {
    setFill(color);
    if (width <= 2 || height <= 2) {
      context.fillRect(x, y, width, height);
      return;
    }
    context.fillRect(x, y, width, 1);
    context.fillRect(x, y + height - 1, width, 1);
    context.fillRect(x, y + 1, 1, height - 2);
    context.fillRect(x + width - 1, y + 1, 1, height - 2);
  }

  function setFont({ size, isBold, isMono }: TextLook): void {
    const wanted = `${isBold ? '600 ' : ''}${size}px ${isMono ? fonts.mono : fonts.text}`;
    if (wanted === font) return;
    font = wanted;
    context.font = wanted;
  }

  return {
    begin(width, height, scale, background) {
      const [pixelWidth, pixelHeight] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
      if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
      if (scale !== ratio) patterns.clear();
      ratio = scale;
      fillStyle = '';
      font = '';
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.textBaseline = 'middle';
      setFill(background);
      context.fillRect(0, 0, width, height);
    },
    setFonts(wanted) {
      fonts = wanted;
      font = '';
      patterns.clear();
    },
    rect(x, y, width, height, paint) {
      fill(x, y, width, height, paint);
      if (paint.outline !== null) outline(x, y, width, height, paint.outline);
    },
    line(fromX, fromY, toX, toY, { color, width, dash }) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.setLineDash([...dash]);
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
    },
    text(text, x, y, look) {
      setFont(look);
      setFill(look.color);
      context.textAlign = look.align;
      context.fillText(text, x, y);
    },
    polygon(points, color) {
      setFill(color);
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.closePath();
      context.fill();
    },
    clipped(x, y, width, height, draw) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
      // What was set inside is gone.
      fillStyle = '';
      font = '';
    },
  };

  function fill(x: number, y: number, width: number, height: number, paint: Paint): void {
    if (paint.fill !== null) {
      setFill(paint.fill);
      context.fillRect(x, y, width, height);
    }
    if (paint.hatch !== null && width >= NARROWEST_HATCH) {
      setFill(patternOf(paint.hatch, paint.hatchColor));
      context.fillRect(x, y, width, height);
    }
  }
}

/** A tile of the hatch in device pixels, so that its lines are as sharp as the rest. */
function createPattern(
  context: CanvasRenderingContext2D,
  hatch: Hatch,
  color: string,
  scale: number,
): CanvasPattern | null {
  const side = Math.max(Math.round(HATCH_TILE * scale), 2);
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const drawing = tile.getContext('2d');
  if (drawing === null) return null;
  drawing.strokeStyle = color;
  drawing.fillStyle = color;
  drawing.lineWidth = side / 5;
  if (hatch === 'dots') {
    drawing.fillRect(0, 0, side / 4, side / 4);
    drawing.fillRect(side / 2, side / 2, side / 4, side / 4);
  } else {
    drawing.beginPath();
    // Lines reach beyond the tile, so that they join at its corners.
    for (const shift of [-side, 0, side]) {
      if (hatch !== 'left') lineThrough(drawing, shift - 1, side + 1, shift + side + 1, -1);
      if (hatch !== 'right') lineThrough(drawing, shift - 1, -1, shift + side + 1, side + 1);
    }
    drawing.stroke();
  }
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}

function lineThrough(drawing: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  drawing.moveTo(fromX, fromY);
  drawing.lineTo(toX, toY);
}
