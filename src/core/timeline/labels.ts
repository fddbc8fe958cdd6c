import { formatBytes } from '../model/describe.ts';
import { operationOf } from './bar-flags.ts';
import type { LaneBox } from './lane-boxes.ts';
import { lanesTop } from './lane-boxes.ts';
import { floatAt, shortAt } from './numbers.ts';
import type { ToldPlace } from './row-painter.ts';
import type { SceneText, SceneView } from './scene.ts';
import { groupDigits } from './ticks.ts';
import type { TimelineBars } from './timeline.ts';

/** Room for the arrow that opens and closes a lane. */
const TITLE_X = 22;
const SPACE = 14;
const BAR_SPACE = 4;
/** Lower rows have no room for letters. */
const LOWEST_ROW = 12;

/** `CommonBuffer 64 KiB` in a bar, or its size alone; `null`: it does not fit. */
export function barLabel(bars: TimelineBars, bar: number, place: ToldPlace, view: SceneView): SceneText | null {
  const { rowHeight, charWidth } = view.metrics;
  const left = Math.max(place.left, 0) + BAR_SPACE;
  const room = Math.min(place.right, view.width) - BAR_SPACE - left;
  const y = place.y + rowHeight / 2;
  if (rowHeight < LOWEST_ROW || room < 4 * charWidth || y < lanesTop(view) || y > view.height) return null;
  const size = formatBytes(floatAt(bars.bytes, bar));
  const operation = operationOf(shortAt(bars.flags, bar));
  const text = [operation === null ? size : `${operation} ${size}`, size].find(
    (each) => each.length * charWidth <= room,
  );
  return text === undefined
    ? null
    : { kind: 'bar', text, x: left, y, align: 'left', subject: bar, traits: place.traits };
}

/** Title of a lane, and behind it what it counts as far as there is room. */
export function laneTexts(
  { lane, index, headerTop }: LaneBox,
  stripTitle: string | null,
  view: SceneView,
): SceneText[] {
  const { charWidth, laneHeaderHeight } = view.metrics;
  const y = headerTop + laneHeaderHeight / 2;
  const texts: SceneText[] = [];
  let x = TITLE_X;

  function add(kind: SceneText['kind'], text: string): void {
    if (texts.length > 0 && x + text.length * charWidth > view.width) return;
    texts.push({ kind, text, x, y, align: 'left', subject: index, traits: 0 });
    x += text.length * charWidth + SPACE;
  }

  add('lane-title', lane.owner === null || lane.certain ? lane.title : `${lane.title} (inferred)`);
  if (lane.mappingCount > 0) add('lane-count', countOf(lane.mappingCount, 'mapping'));
  if (lane.crossingCount > 0)
    add('lane-crossing', `${countOf(lane.crossingCount, 'mapping')} past hand-off, ${formatBytes(lane.crossingBytes)}`);
  if (stripTitle !== null && stripTitle !== lane.title) add('strip', stripTitle);
  return texts;
}

function countOf(count: number, what: string): string {
  return `${groupDigits(count)} ${what}${count === 1 ? '' : 's'}`;
}
