import type { Journal } from '../journal/journal.ts';
import type { TimelineAxis, TimelineOutline, TimelineOverview, TimelineSamples } from './timeline.ts';
import type { LiveChange } from './lives.ts';
import { placeOfStep } from './lives.ts';
import { extentOf, placeOn } from './axis.ts';

/** Pieces that the minimap is made of. */
export const OVERVIEW_PIECES = 1024;
const MOST_SAMPLES = 1 << 14;

/** Collects the most that was live in each piece of an axis, from changes that come in the order of their steps. */
export interface OverviewWriter {
  readonly changed: LiveChange;
  finish(): TimelineOverview;
}

export function createOverviewWriter(
  axis: TimelineAxis,
  journal: Journal,
  outline: Pick<TimelineOutline, 'first' | 'last' | 'stepCount' | 'handoff'>,
): OverviewWriter {
  const { from, to } = extentOf(outline, axis);
  const live = new Uint32Array(OVERVIEW_PIECES);
  const liveBytes = new Float64Array(OVERVIEW_PIECES);
  const column = axis === 'order' ? null : axis === 'line' ? journal.lines : journal.seconds;
  let piece = 0;
  let lastLive = 0;
  let lastBytes = 0;

  /** What is live stays so until something changes. */
  function goTo(target: number): void {
    while (piece < target) {
      piece++;
      live[piece] = lastLive;
      liveBytes[piece] = lastBytes;
    }
  }

  return {
    changed(step, nowLive, nowBytes) {
      const place = column === null ? step : (column[step] ?? from);
      goTo(Math.min(Math.floor(((place - from) / (to - from)) * OVERVIEW_PIECES), OVERVIEW_PIECES - 1));
      lastLive = nowLive;
      lastBytes = nowBytes;
      live[piece] = Math.max(live[piece] ?? 0, nowLive);
      liveBytes[piece] = Math.max(liveBytes[piece] ?? 0, nowBytes);
    },
    finish() {
      goTo(OVERVIEW_PIECES - 1);
      return { axis, live, liveBytes };
    },
  };
}

export function sampleSteps(journal: Journal): TimelineSamples {
  const count = Math.min(Math.max(journal.stepCount, 1), MOST_SAMPLES);
  const steps = new Uint32Array(count);
  const lines = new Uint32Array(count);
  const seconds = journal.seconds && new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const step = count === 1 ? 0 : Math.round((at * (journal.stepCount - 1)) / (count - 1));
    const place = placeOfStep(journal, step);
    steps[at] = step;
    lines[at] = place.line;
    if (seconds) seconds[at] = placeOn(place, 'time');
  }
  return { steps, lines, seconds };
}
