import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Timeline } from '../../../src/core/index.ts';
import { extentOf } from '../../../src/core/timeline/axis.ts';
import type { Scene, SceneStyle } from '../../../src/core/timeline/scene.ts';
import { DENSITY_LEVELS, SCENE_STYLES, TRAITS, styleNumber } from '../../../src/core/timeline/scene.ts';
import { CELL_PIXELS } from '../../../src/core/timeline/row-walk.ts';
import { createSceneBuilder } from '../../../src/core/timeline/scene-builder.ts';
import { bootOfLog } from './support/boots.ts';
import type { Span } from './support/synthetic.ts';
import { timelineOf, viewOf } from './support/synthetic.ts';

interface Rect {
  readonly style: SceneStyle;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly traits: number;
  readonly bar: number;
  readonly level: number;
}

function rectsOf({ rects }: Scene): Rect[] {
  return Array.from({ length: rects.count }, (_, index) => ({
    style: SCENE_STYLES[rects.styles[index]!]!,
    x: rects.x[index]!,
    y: rects.y[index]!,
    width: rects.width[index]!,
    height: rects.height[index]!,
    traits: rects.traits[index]!,
    bar: rects.bars[index]!,
    level: rects.levels[index]!,
  }));
}

function ofStyle(scene: Scene, style: SceneStyle): Rect[] {
  return rectsOf(scene).filter((rect) => rect.style === style);
}

function build(timeline: Timeline, ...view: Parameters<typeof viewOf>): Scene {
  return createSceneBuilder(timeline).build(viewOf(...view));
}

/** Bars that do not overlap, and at times one at the end that crosses hand-off. */
function anyRow(): fc.Arbitrary<Span[]> {
  const gap = fc.oneof(fc.nat(3), fc.nat(2000));
  return fc
    .tuple(fc.array(fc.tuple(gap, gap), { maxLength: 40 }), fc.boolean())
    .map(([gaps, isOpen]) => {
      let at = 0;
      const spans: Span[] = gaps.map(([before, length]) => {
        const from = at + before;
        at = from + 1 + length;
        return { from, to: at };
      });
      return isOpen ? [...spans, { from: at, to: null }] : spans;
    })
    .filter((spans) => spans.length > 0);
}

const STEPS = 200_000;

describe('the bars of a scene', () => {
  test('are all drawn, each wide one by itself', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow(), { minLength: 1, maxLength: 5 }),
        fc.nat(STEPS / 2),
        fc.integer({ min: 4, max: STEPS }),
        (rows, from, length) => {
          const timeline = timelineOf(rows, STEPS);
          const to = from + length;
          const scale = 1000 / length;
          const rects = rectsOf(build(timeline, 'order', from, to)).filter(({ style }) => style !== 'lane-header');
          rows.flat().forEach((span, bar) => {
            const end = span.to ?? extentOf(timeline.outline, 'order').to;
            if (span.from >= to || end <= from) return;
            const own = rects.filter((rect) => rect.bar === bar);
            if ((end - span.from) * scale >= CELL_PIXELS || span.to === null) expect(own.length).toBeGreaterThan(0);
            const x = Math.max((span.from - from) * scale, 0);
            const covering = rects.filter((rect) => rect.x <= x + 1 && rect.x + rect.width >= Math.floor(x));
            expect(covering.length).toBeGreaterThan(0);
          });
        },
      ),
    );
  });

  test('stand where they belong', () => {
    const timeline = timelineOf([[{ from: 100, to: 300 }]], 1000);
    expect(ofStyle(build(timeline, 'order', 0, 500), 'write')).toMatchObject([{ x: 200, width: 399, bar: 0 }]);
    expect(ofStyle(build(timeline, 'line', 101, 301), 'write')).toMatchObject([{ x: 0, bar: 0 }]);
  });

  test('that share a few pixels become one run', () => {
    const spans = Array.from({ length: 10_000 }, (_, index) => ({ from: 10 * index, to: 10 * index + 5 }));
    const scene = build(timelineOf([spans], 100_000), 'order', 0, 100_000);
    expect(ofStyle(scene, 'dense')).toMatchObject([{ x: 0, width: 1000 }]);
    expect(ofStyle(scene, 'write')).toEqual([]);
  });

  test('are not more than pixels and rows, of a million as well', () => {
    const rows = Array.from({ length: 10 }, (_, row) =>
      Array.from({ length: 100_000 }, (__, index) => ({
        from: 20 * index + row,
        to: 20 * index + row + (index % 17) + 1,
      })),
    );
    const builder = createSceneBuilder(timelineOf(rows, 2_000_000));
    for (let length = 2_000_000; length > 10; length /= 7)
      expect(builder.build(viewOf('order', 1000, 1000 + length)).rects.count).toBeLessThan(10 * 1000 + 20);
  });

  test('of rows that are scrolled out cost nothing', () => {
    const rows = Array.from({ length: 50_000 }, () => [{ from: 1, to: null }]);
    const scene = build(timelineOf(rows, 1000), 'order', 0, 1000, { scrollTop: 400_000 });
    expect(scene.lanesHeight).toBeGreaterThan(800_000);
    expect(scene.rects.count).toBeLessThan(100);
    expect(ofStyle(scene, 'write').length).toBeGreaterThan(30);
  });

  test('carry their operation and size where there is room', () => {
    const timeline = timelineOf([[{ from: 100, to: 900 }]], 1000);
    expect(build(timeline, 'order', 0, 1000).texts).toContainEqual(
      expect.objectContaining({ kind: 'bar', text: 'Write 4 KiB', subject: 0 }),
    );
    expect(build(timeline, 'order', 0, 100_000).texts.filter(({ kind }) => kind === 'bar')).toEqual([]);
  });
});

describe('a bar that crosses hand-off', () => {
  test('has a piece behind the line at any zoom that shows it', () => {
    fc.assert(
      fc.property(anyRow(), fc.nat(STEPS - 10), fc.double({ min: 2, max: STEPS, noNaN: true }), (row, from, length) => {
        const spans = [...row.filter(({ to }) => to !== null), { from: STEPS - 5, to: null }];
        const timeline = timelineOf([spans], STEPS);
        const to = Math.min(Math.max(from, STEPS - length + 10) + length, extentOf(timeline.outline, 'order').to);
        const crossing = ofStyle(build(timeline, 'order', to - length, to), 'crossing');
        expect(crossing).toHaveLength(1);
        expect(crossing[0]!.traits & TRAITS.crosses).toBe(TRAITS.crosses);
      }),
    );
  });

  test('shows in a collapsed lane, too', () => {
    const timeline = timelineOf([[{ from: 10, to: null }], [{ from: 20, to: 30 }]], 1000);
    const scene = build(timeline, 'order', 0, 1040, { collapsed: new Set([0]) });
    expect(ofStyle(scene, 'crossing')).toHaveLength(1);
    const density = ofStyle(scene, 'density');
    expect(density.map(({ level }) => level)).toEqual([DENSITY_LEVELS / 2, DENSITY_LEVELS, DENSITY_LEVELS / 2]);
    expect(scene.rects.count).toBeLessThan(10);
  });

  test('does so on the axis of lines', () => {
    const timeline = timelineOf([[{ from: 10, to: null }]], 1000);
    const [crossing] = ofStyle(build(timeline, 'line', 0, 1040), 'crossing');
    expect(crossing?.x).toBeCloseTo((1000 / 1040) * 1000, 1);
    expect(crossing!.x + crossing!.width).toBeGreaterThan(999);
  });
});

describe('a search', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) => ({ from: 10 * index, to: 10 * index + 5 }));
  const timeline = timelineOf([spans], 100_000);

  test('brings out the one bar of many that it found', () => {
    const scene = build(timeline, 'order', 0, 100_000, { matches: Uint32Array.of(5003) });
    expect(ofStyle(scene, 'write')).toMatchObject([{ bar: 5003, x: 498, width: CELL_PIXELS, traits: TRAITS.match }]);
    expect(ofStyle(scene, 'dense').every(({ traits }) => traits === TRAITS.dimmed)).toBe(true);
  });

  test('shows where several of its bars are', () => {
    const scene = build(timeline, 'order', 0, 100_000, { matches: Uint32Array.of(5003, 5004, 5005) });
    expect(ofStyle(scene, 'dense').filter(({ traits }) => traits === TRAITS.match)).toMatchObject([
      { x: 498, width: CELL_PIXELS },
    ]);
  });

  test('can leave out all others', () => {
    const scene = build(timeline, 'order', 0, 100_000, { matches: Uint32Array.of(5003), matchesOnly: true });
    expect(
      rectsOf(scene).filter(({ bar, style }) => bar !== 5003 && style !== 'lane-header' && style !== 'after-handoff'),
    ).toEqual([]);
  });

  test('dims wide bars that it did not find', () => {
    const scene = build(timeline, 'order', 0, 100, { matches: Uint32Array.of(1) });
    expect(
      ofStyle(scene, 'write')
        .slice(0, 3)
        .map(({ traits }) => traits),
    ).toEqual([TRAITS.dimmed, TRAITS.match, TRAITS.dimmed]);
  });
});

test('the selected bar is drawn over those that hide it', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) => ({ from: 10 * index, to: 10 * index + 5 }));
  const scene = build(timelineOf([spans], 100_000), 'order', 0, 100_000, { selectedBar: 777 });
  const selected = rectsOf(scene).filter(({ traits }) => (traits & TRAITS.selected) !== 0);
  expect(selected).toMatchObject([{ bar: 777, width: 1 }]);
});

describe('the scene of a real boot', () => {
  test('shades the exit window, and shows hand-off and marks', () => {
    const { timeline } = bootOfLog('buggy-xhci-free-in-ebs');
    const { exit, handoff } = timeline.outline;
    const scene = build(timeline, 'order', exit!.begin.step - 5, handoff!.step + 5);
    expect(ofStyle(scene, 'exit-inferred').length).toBe(exit!.inferred ? 1 : 0);
    expect(ofStyle(scene, 'exit-certain')).toHaveLength(1);
    expect(scene.lines.map(({ kind }) => kind)).toContain('handoff');
    expect(scene.texts.map(({ text }) => text)).toContain('Hand-off');
    for (const [index, text] of scene.texts.entries())
      for (const other of scene.texts.slice(index + 1))
        if (text.kind === 'mark' && other.kind === 'mark')
          expect(text.x + text.text.length * 6.6 <= other.x || other.x + other.text.length * 6.6 <= text.x).toBe(true);
  });

  test('has rectangles for all that stands in view, inside of it', () => {
    const { timeline } = bootOfLog('sevlike-ahci-traced');
    const { from, to } = extentOf(timeline.outline, 'order');
    const scene = build(timeline, 'order', from, to, { cursor: timeline.outline.last, editor: timeline.outline.first });
    for (const { x, y, width, height } of rectsOf(scene)) {
      expect(x).toBeGreaterThanOrEqual(-1);
      expect(x + width).toBeLessThanOrEqual(1002);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y + height).toBeLessThanOrEqual(600);
    }
    expect(ofStyle(scene, 'device-running').length).toBeGreaterThan(0);
    expect(ofStyle(scene, 'underlay').length).toBeGreaterThan(0);
    expect(scene.lines.filter(({ kind }) => kind === 'cursor' || kind === 'editor')).toHaveLength(2);
  });

  test('of a log without steps is empty, and no error', () => {
    const { timeline } = bootOfLog('stock-virtio');
    expect(build(timeline, 'order', 0, 10).rects.count).toBeLessThan(5);
  });
});

test('a style has one number', () => {
  expect(SCENE_STYLES.map(styleNumber)).toEqual(SCENE_STYLES.map((_, index) => index));
});
