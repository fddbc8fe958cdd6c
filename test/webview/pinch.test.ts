import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPinch, pinchedRange, type Pinch, type Point } from '../../src/webview/timeline/pinch.ts';

const WIDTH = 1000;
const RANGE = { from: 100, to: 200 };

function at(x: number, y = 50): Point {
  return { x, y };
}

/** Two fingers at 400 and 600. */
function pinching(): Pinch {
  const pinch = createPinch();
  pinch.press(1, at(400), RANGE);
  pinch.press(2, at(600), RANGE);
  return pinch;
}

describe('two fingers on the picture', () => {
  test('zoom in when they part, and what was between them stays there', () => {
    expect(pinchedRange(RANGE, WIDTH, [at(400), at(600)], [at(300), at(700)])).toEqual({ from: 125, to: 175 });
    expect(pinchedRange(RANGE, WIDTH, [at(0), at(200)], [at(50), at(150)])).toEqual({ from: 90, to: 290 });
  });

  test('move the picture when they go the same way', () => {
    expect(pinchedRange(RANGE, WIDTH, [at(400), at(600)], [at(500), at(700)])).toEqual({ from: 90, to: 190 });
  });

  test('zoom as well when they stand above each other', () => {
    expect(pinchedRange(RANGE, WIDTH, [at(500, 0), at(500, 100)], [at(500, 0), at(500, 200)])).toEqual({
      from: 125,
      to: 175,
    });
  });

  const place = fc.record({ x: fc.integer({ min: 0, max: WIDTH }), y: fc.integer({ min: 0, max: WIDTH }) });

  test('make a range wherever they are, and bring back the first one when they go back', () =>
    fc.assert(
      fc.property(place, place, place, place, (first, second, third, fourth) => {
        const { from, to } = pinchedRange(RANGE, WIDTH, [first, second], [third, fourth]);
        expect(to).toBeGreaterThan(from);
        const back = pinchedRange(RANGE, WIDTH, [first, second], [first, second]);
        expect(back.from).toBeCloseTo(RANGE.from);
        expect(back.to).toBeCloseTo(RANGE.to);
        const held = RANGE.from + ((first.x + second.x) / 2 / WIDTH) * (RANGE.to - RANGE.from);
        expect(from + ((third.x + fourth.x) / 2 / WIDTH) * (to - from)).toBeCloseTo(held);
      }),
    ));

  test('in a picture without width do no harm', () => {
    const { from, to } = pinchedRange(RANGE, 0, [at(0), at(0)], [at(0), at(0)]);
    expect([from, to]).toEqual([100, 200]);
  });
});

describe('a finger', () => {
  test('alone moves nothing here: that is a drag', () => {
    const pinch = createPinch();
    expect(pinch.press(1, at(400), RANGE)).toBe(false);
    expect(pinch.move(1, at(300), WIDTH)).toBeNull();
    expect(pinch.lift(1)).toBeNull();
    expect(pinch.press(2, at(400), RANGE), 'the first one is gone').toBe(false);
  });

  test('that joins another one begins a pinch, from the range that is shown then', () => {
    const pinch = createPinch();
    pinch.press(1, at(100), RANGE);
    pinch.move(1, at(400), WIDTH);
    expect(pinch.press(2, at(600), { from: 0, to: 10 })).toBe(true);
    expect(pinch.move(2, at(800), WIDTH)?.range).toEqual({ from: 2, to: 7 });
  });

  test('that comes third changes nothing', () => {
    const pinch = pinching();
    expect(pinch.press(3, at(900), RANGE)).toBe(true);
    expect(pinch.move(3, at(0), WIDTH)).toBeNull();
    expect(pinch.lift(3)).toBeNull();
    expect(pinch.move(2, at(600), WIDTH)?.range).toEqual(RANGE);
  });

  test('that stays behind is told, with where it is', () => {
    const pinch = pinching();
    pinch.move(2, at(700, 80), WIDTH);
    expect(pinch.lift(1)).toEqual({ finger: 2, at: at(700, 80) });
    expect(pinch.move(2, at(600), WIDTH)).toBeNull();
    expect(pinch.press(4, at(100), RANGE), 'and can be joined again').toBe(true);
  });

  test('scrolls the rows by half of its way, in whole pixels of which none gets lost', () => {
    const pinch = pinching();
    const steps = Array.from({ length: 9 }, (_, step) => pinch.move(1, at(400, 51 + step), WIDTH)?.scrollPixels ?? NaN);
    expect(steps.every(Number.isInteger)).toBe(true);
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(5);
    expect(pinch.move(1, at(400), WIDTH)?.scrollPixels).toBe(-5);
  });
});
