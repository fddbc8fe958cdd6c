import type { Projection } from './projection.ts';
import type { SceneLine, SceneText, SceneView } from './scene.ts';
import { lanesTop } from './lane-boxes.ts';
import { ticksOf } from './ticks.ts';
import type { TimelineMark, TimelineOutline } from './timeline.ts';

/** From the one that gives way to the one that stays, where several share a pixel. */
const PRECEDENCE = [
  'translation-on',
  'translation-off',
  'exit-callback',
  'cleanup',
  'exit-proved',
  'handoff',
] as const satisfies readonly TimelineMark['kind'][];

const LABEL_SPACE = 4;
const TICK_LENGTH = 5;

/** Lines of ticks, marks and cursors, and the texts that belong to them, without any that overlap. */
export function drawMarks(
  outline: TimelineOutline,
  projection: Projection,
  view: SceneView,
): { readonly lines: readonly SceneLine[]; readonly texts: readonly SceneText[] } {
  const lines: SceneLine[] = [];
  const texts: SceneText[] = [];
  const { rulerHeight, marksHeight } = view.metrics;
  const bottom = view.height;

  for (const { value, label } of ticksOf(view.axis, view, outline.first)) {
    const x = projection.toX(value);
    const half = (label.length * view.metrics.charWidth) / 2;
    lines.push({ kind: 'tick', x, fromY: rulerHeight - TICK_LENGTH, toY: bottom, mark: -1 });
    if (x < half || x > view.width - half) continue;
    texts.push({ kind: 'tick', text: label, x, y: rulerHeight / 2 - 1, align: 'center', subject: -1, traits: 0 });
  }

  if (outline.exit?.inferred === true) {
    const x = projection.placeX(outline.exit.begin);
    if (isIn(x, view)) lines.push({ kind: 'exit-begin', x, fromY: rulerHeight, toY: bottom, mark: -1 });
  }
  const marks = marksByPixel(outline.marks, projection, view);
  for (const { mark, index, x } of marks)
    lines.push({ kind: mark.kind, x, fromY: rulerHeight, toY: bottom, mark: index });
  texts.push(...labelMarks(marks, view, rulerHeight + marksHeight / 2));

  for (const kind of ['editor', 'cursor'] as const) {
    const place = view[kind];
    const x = place && projection.placeX(place);
    if (x !== null && isIn(x, view)) lines.push({ kind, x, fromY: 0, toY: bottom, mark: -1 });
  }
  return { lines, texts };
}

interface PlacedMark {
  readonly mark: TimelineMark;
  readonly index: number;
  readonly x: number;
}

/** One mark for each pixel: the one that tells most. The most telling come last, over the others. */
export function marksByPixel(
  marks: readonly TimelineMark[],
  projection: Projection,
  view: Pick<SceneView, 'width'>,
): readonly PlacedMark[] {
  const byPixel = new Map<number, PlacedMark>();
  marks.forEach((mark, index) => {
    const x = projection.placeX(mark.place);
    if (!isIn(x, view)) return;
    const known = byPixel.get(Math.round(x));
    if (!known || rank(known.mark) < rank(mark)) byPixel.set(Math.round(x), { mark, index, x });
  });
  return [...byPixel.values()].sort((a, b) => rank(a.mark) - rank(b.mark) || a.x - b.x);
}

function rank({ kind }: TimelineMark): number {
  return PRECEDENCE.indexOf(kind);
}

/** Labels stand to the right of their lines, or to the left; those that find no room are left out. */
function labelMarks(marks: readonly PlacedMark[], view: SceneView, y: number): SceneText[] {
  const { charWidth } = view.metrics;
  const taken = new Uint8Array(Math.ceil(view.width) + 1);
  const texts: SceneText[] = [];
  for (const { mark, index, x } of [...marks].reverse()) {
    const length = mark.label.length * charWidth;
    for (const left of [x + LABEL_SPACE, x - LABEL_SPACE - length]) {
      const [from, to] = [Math.floor(left), Math.ceil(left + length + LABEL_SPACE)];
      if (from < 0 || to > view.width || taken.subarray(from, to).includes(1)) continue;
      taken.fill(1, from, to);
      texts.push({ kind: 'mark', text: mark.label, x: left, y, align: 'left', subject: index, traits: 0 });
      break;
    }
  }
  return texts;
}

function isIn(x: number, { width }: Pick<SceneView, 'width'>): boolean {
  return x >= 0 && x <= width;
}

/** Where the lanes begin, and above it the marks. */
export function isInMarks(y: number, view: Pick<SceneView, 'metrics'>): boolean {
  return y >= view.metrics.rulerHeight && y < lanesTop(view);
}
