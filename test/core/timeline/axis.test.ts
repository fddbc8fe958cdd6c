import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barRange, clampRange, exitRange, extentOf, zoomRange } from '../../../src/core/timeline/axis.ts';
import { gallopTo } from '../../../src/core/timeline/numbers.ts';
import { ticksOf } from '../../../src/core/timeline/ticks.ts';
import { bootOfLog } from './support/boots.ts';
import { timelineOf } from './support/synthetic.ts';

const FIRST = { step: 0, line: 1, seconds: 100 };

describe('ticks', () => {
  test.each([
    ['order', 0, 1000, ['0', '100', '200', '300', '400', '500', '600', '700', '800', '900', '1,000']],
    [
      'line',
      999_000,
      1_002_000,
      ['999,000', '999,500', '1,000,000', '1,000,500', '1,001,000', '1,001,500', '1,002,000'],
    ],
    ['order', 0, 5, ['0', '1', '2', '3', '4', '5']],
    [
      'time',
      100,
      102,
      ['+0.0 s', '+0.2 s', '+0.4 s', '+0.6 s', '+0.8 s', '+1.0 s', '+1.2 s', '+1.4 s', '+1.6 s', '+1.8 s', '+2.0 s'],
    ],
    [
      'time',
      100,
      100.001,
      [
        '+0.0000 s',
        '+0.0001 s',
        '+0.0002 s',
        '+0.0003 s',
        '+0.0004 s',
        '+0.0005 s',
        '+0.0006 s',
        '+0.0007 s',
        '+0.0008 s',
        '+0.0009 s',
      ],
    ],
  ] as const)('of %s from %d to %d', (axis, from, to, labels) => {
    expect(
      ticksOf(axis, { from, to, width: 1000 }, FIRST)
        .map(({ label }) => label)
        .slice(0, labels.length),
    ).toEqual(labels);
  });

  test('are few, even and in view, whatever is looked at', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('order', 'line', 'time'),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        fc.integer({ min: 1, max: 4000 }),
        (axis, from, length, width) => {
          const ticks = ticksOf(axis, { from, to: from + length, width }, FIRST);
          expect(ticks.length).toBeLessThanOrEqual(width / 90 + 2);
          for (const { value } of ticks) {
            expect(value).toBeGreaterThanOrEqual(from - 1e-6 * Math.max(from, 1));
            expect(value).toBeLessThanOrEqual(from + length + 1e-6 * Math.max(from + length, 1));
          }
        },
      ),
    );
  });
});

describe('a range', () => {
  const extent = { from: 0, to: 1000 };

  test('is moved and narrowed into the axis', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (from, length) => {
          const clamped = clampRange({ from, to: from + length }, extent, 'order');
          expect(clamped.from).toBeGreaterThanOrEqual(0);
          expect(clamped.to).toBeLessThanOrEqual(1000 + 1e-9);
          expect(clamped.to - clamped.from).toBeGreaterThanOrEqual(4 - 1e-9);
        },
      ),
    );
  });

  test('zooms around a place that stays', () => {
    expect(zoomRange({ from: 0, to: 100 }, 0.5, 25)).toEqual({ from: 12.5, to: 62.5 });
  });

  test('of a bar or of the exit window holds it', () => {
    const { timeline } = bootOfLog('buggy-xhci-free-in-ebs');
    const { outline, bars } = timeline;
    for (const axis of ['order', 'line'] as const) {
      const exit = exitRange(outline, axis)!;
      expect(exit.from).toBeLessThanOrEqual(axis === 'order' ? outline.exit!.begin.step : outline.exit!.begin.line);
      expect(exit.to).toBeGreaterThan(axis === 'order' ? outline.handoff!.step : outline.handoff!.line);
      const around = barRange(timeline, 3, axis);
      expect(around.from).toBeLessThanOrEqual((axis === 'order' ? bars.startSteps : bars.startLines)[3]!);
      expect(around.to).toBeGreaterThanOrEqual((axis === 'order' ? bars.endSteps : bars.endLines)[3]!);
    }
  });

  test('of a bar that does not end reaches behind hand-off', () => {
    const timeline = timelineOf([[{ from: 10, to: null }]], 1000);
    expect(barRange(timeline, 0, 'order').to).toBe(extentOf(timeline.outline, 'order').to);
    expect(extentOf(timeline.outline, 'order').to).toBeGreaterThan(1000);
  });
});

test('galloping finds what a plain search finds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), fc.nat(20), (values, wanted, from) => {
      const column = Uint32Array.from(values.sort((a, b) => a - b));
      const plain = column.findIndex((value, index) => index >= from && value >= wanted);
      const start = Math.min(from, column.length);
      expect(gallopTo(column, wanted, start, column.length)).toBe(plain < 0 ? column.length : plain);
    }),
  );
});
