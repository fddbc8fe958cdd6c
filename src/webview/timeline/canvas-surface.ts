import { createRaster } from './raster.ts';
import type { Surface, TextLook } from './surface.ts';

export interface Fonts {
  readonly text: string;
  readonly mono: string;
}

/** Paints on a canvas. */
export interface CanvasSurface extends Surface {
  /** Begins a picture of this size, in CSS pixels. `scale`: device pixels a CSS pixel. */
  begin(width: number, height: number, scale: number, background: string): void;
  setFonts(fonts: Fonts): void;
}

export function createCanvasSurface(canvas: HTMLCanvasElement): CanvasSurface {
  const found = canvas.getContext('2d', { alpha: false });
  if (found === null) throw new Error('This browser has no canvas.');
  const context: CanvasRenderingContext2D = found;
  const raster = createRaster();
  let fonts: Fonts = { text: 'sans-serif', mono: 'monospace' };
  // Setting a state that holds already costs as much as using it.
  let fillStyle = '';
  let font = '';

  function setFill(style: string): void {
    if (style === fillStyle) return;
    fillStyle = style;
    context.fillStyle = style;
  }

  function setFont({ size, isBold, isMono }: TextLook): void {
    const wanted = `${isBold ? '600 ' : ''}${size}px ${isMono ? fonts.mono : fonts.text}`;
    if (wanted === font) return;
    font = wanted;
    context.font = wanted;
  }

  return {
    begin(width, height, scale, background) {
      raster.begin(width, height, scale, background);
      if (canvas.width !== raster.width) canvas.width = raster.width;
      if (canvas.height !== raster.height) canvas.height = raster.height;
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
    },
    ground(draw) {
      draw(raster);
      if (raster.width > 0 && raster.height > 0) {
        context.putImageData(new ImageData(raster.pixels, raster.width, raster.height), 0, 0);
      }
    },
    fill(x, y, width, height, color) {
      setFill(color);
      context.fillRect(x, y, width, height);
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
}
