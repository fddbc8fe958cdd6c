import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRaster } from '../../src/webview/timeline/raster.ts';
import { hatched, solid } from '../../src/webview/timeline/surface.ts';

function pixel(raster: ReturnType<typeof createRaster>, x: number, y: number): number[] {
  const at = 4 * (y * raster.width + x);
  return [...raster.pixels.subarray(at, at + 4)];
}

describe('rectangles as pixels', () => {
  test('have the colour that they are given, and no others change', () => {
    const raster = createRaster();
    raster.begin(20, 10, 1, '#102030');
    raster.rect(5, 2, 10, 4, solid('#ff8000', '#00ff00'));
    expect(pixel(raster, 4, 2)).toEqual([0x10, 0x20, 0x30, 255]);
    expect(pixel(raster, 5, 2)).toEqual([0, 255, 0, 255]);
    expect(pixel(raster, 6, 3)).toEqual([255, 128, 0, 255]);
    expect(pixel(raster, 14, 5)).toEqual([0, 255, 0, 255]);
    expect(pixel(raster, 15, 5)).toEqual([0x10, 0x20, 0x30, 255]);
  });

  test('are seen through where their colour is', () => {
    const raster = createRaster();
    raster.begin(4, 4, 1, '#000000');
    raster.rect(0, 0, 4, 4, solid('rgba(255, 255, 255, 0.5)'));
    for (const value of pixel(raster, 1, 1).slice(0, 3)) expect(Math.abs(value - 128)).toBeLessThanOrEqual(2);
    expect(pixel(raster, 1, 1)[3]).toBe(255);
  });

  test('keep their place on screens with more pixels', () => {
    const raster = createRaster();
    raster.begin(10, 10, 2, '#000000');
    raster.rect(2, 3, 1, 1, solid('#ffffff'));
    expect([raster.width, raster.height]).toEqual([20, 20]);
    expect(pixel(raster, 4, 6)[0]).toBe(255);
    expect(pixel(raster, 5, 7)[0]).toBe(255);
    expect(pixel(raster, 6, 7)[0]).toBe(0);
  });

  test('show each hatch in its own way', () => {
    const pictures = (['left', 'right', 'cross', 'dots'] as const).map((hatch) => {
      const raster = createRaster();
      raster.begin(12, 12, 1, '#000000');
      raster.rect(0, 0, 12, 12, hatched('#000000', hatch, '#ffffff'));
      return raster.pixels.join();
    });
    expect(new Set(pictures).size).toBe(4);
  });

  test('join their hatches, wherever they begin', () => {
    const whole = createRaster();
    const parts = createRaster();
    for (const raster of [whole, parts]) raster.begin(24, 12, 1, '#000000');
    const paint = hatched('#202020', 'left', '#ffffff');
    whole.rect(0, 0, 24, 12, paint);
    parts.rect(0, 0, 7, 12, paint);
    parts.rect(7, 0, 17, 5, paint);
    parts.rect(7, 5, 17, 7, paint);
    expect(parts.pixels.join()).toBe(whole.pixels.join());
  });

  test('never reach beyond the picture, wherever they are', () => {
    const any = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const paints = fc.constantFrom(
      solid('#ff0000'),
      solid('rgba(0, 0, 255, 0.3)', '#00ff00'),
      hatched(null, 'dots', '#fff000'),
    );
    fc.assert(
      fc.property(any, any, any, any, paints, (x, y, width, height, paint) => {
        const raster = createRaster();
        raster.begin(8, 6, 1, '#000000');
        raster.rect(x, y, Math.abs(width), Math.abs(height), paint);
        expect(raster.pixels).toHaveLength(4 * 8 * 6);
        for (let at = 3; at < raster.pixels.length; at += 4) expect(raster.pixels[at]).toBe(255);
      }),
    );
  });
});
