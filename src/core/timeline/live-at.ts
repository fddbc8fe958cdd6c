import { createByteCounter } from './byte-counter.ts';
import { at, firstNotBelow, floatAt } from './numbers.ts';
import type { Timeline } from './timeline.ts';

/** What is live behind a step. */
export interface LiveFigures {
  readonly live: number;
  readonly liveBytes: number;
}

/** Prepares a timeline in O(steps + n), so that what is live at any step is found in O(log n). */
export function liveAt({ outline, bars }: Pick<Timeline, 'outline' | 'bars'>): (step: number) => LiveFigures {
  const { stepCount, barCount } = outline;
  // Each step begins or ends one bar at most, so that they need no sorting.
  const changes = new Int32Array(stepCount);
  let count = 0;
  for (let bar = 0; bar < barCount; bar++) {
    changes[at(bars.startSteps, bar)] = bar + 1;
    count++;
    const end = at(bars.endSteps, bar);
    if (end >= stepCount) continue;
    changes[end] = -(bar + 1);
    count++;
  }

  const steps = new Uint32Array(count);
  const live = new Uint32Array(count + 1);
  const liveBytes = new Float64Array(count + 1);
  const held = createByteCounter();
  let next = 0;
  changes.forEach((change, step) => {
    if (change === 0) return;
    const bytes = floatAt(bars.bytes, Math.abs(change) - 1);
    if (change > 0) held.add(bytes);
    else held.remove(bytes);
    steps[next] = step;
    next++;
    live[next] = at(live, next - 1) + Math.sign(change);
    liveBytes[next] = held.bytes;
  });

  return (step) => {
    const changesBefore = firstNotBelow(steps, step + 1, 0, steps.length);
    return { live: at(live, changesBefore), liveBytes: floatAt(liveBytes, changesBefore) };
  };
}
