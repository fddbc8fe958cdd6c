import type { Journal } from '../journal/journal.ts';
import type { Report } from '../model/report.ts';
import { createBoot } from './boot.ts';
import { answer } from './console.ts';
import { momentAt } from './moment.ts';
import { createSteps } from './steps.ts';
import type { Direction } from './rivals.ts';
import { searchStop } from './stops.ts';
import type { VariablePlace } from './variables.ts';
import { variablesAt } from './variables.ts';
import type { ReplayAnswer, ReplayMoment, ReplayOutline, ReplayStop, ReplayStops, ReplayVariable } from './views.ts';

/**
 * A log to walk through, step by step and in both directions. Wherever a step is asked for, one that does not exist is taken to the
 * nearest one that does; a log without any step has nothing to show: `outline.stepCount` is 0, and only the outline, `lineAt` and
 * `stepAt` may be asked for.
 */
export interface Replay {
  readonly outline: ReplayOutline;
  momentAt(step: number): ReplayMoment;
  /**
   * The next step in a direction where one of the stops holds, else the last one there; from −1, the first step may be the next one.
   * Yields now and then: a search can be given up.
   */
  searchStop(from: number, direction: Direction, stops: ReplayStops): Generator<void, ReplayStop>;
  /** The line of the first step at or behind a 1-based line; `null`: there is none. */
  lineAt(line: number): number | null;
  /** The last step whose line is `line` or before it; 0 if there is none. */
  stepAt(line: number): number;
  /** `path`: empty for the scopes themselves, else that of a variable. `count` 0: all of them. */
  variablesAt(step: number, path: string, start: number, count: number): readonly ReplayVariable[];
  /** `question`: commands of the debug console are understood, too. */
  answer(step: number, text: string, context: 'expression' | 'question'): ReplayAnswer;
}

/** `journals`: one a boot, in the order of `report.traces`. */
export function createReplay(report: Pick<Report, 'traces'>, journals: readonly Journal[]): Replay {
  let firstStep = 0;
  const boots = report.traces.flatMap((trace, place) => {
    const journal = journals[place];
    if (journal === undefined) return [];
    const boot = createBoot(place, firstStep, trace, journal);
    firstStep += journal.stepCount;
    return [boot];
  });
  const steps = createSteps(boots);

  function nearest(step: number): number {
    // What is no number is taken to the first step.
    return Math.min(Math.max(Math.trunc(step) || 0, 0), steps.count - 1);
  }

  function placeAt(step: number): VariablePlace {
    const boot = steps.bootOf(nearest(step));
    return { boot, step: nearest(step) - boot.firstStep, bootCount: boots.length };
  }

  return {
    outline: {
      stepCount: steps.count,
      boots: boots.map(({ firstStep: first, journal, trace }) => ({
        firstStep: first,
        stepCount: journal.stepCount,
        firstLine: trace.firstLine,
        lastLine: trace.lastLine,
      })),
    },
    momentAt(step) {
      const place = placeAt(step);
      return momentAt(place.boot, place.step, place.bootCount);
    },
    searchStop: (from, direction, stops) => searchStop(steps, from < 0 ? -1 : nearest(from), direction, stops),
    lineAt(line) {
      const step = steps.firstFrom(line);
      return step < steps.count ? steps.lineOf(step) : null;
    },
    stepAt: (line) => Math.max(steps.firstFrom(line + 1) - 1, 0),
    variablesAt: (step, path, start, count) => variablesAt(placeAt(step), path, start, count),
    answer: (step, text, context) => answer(placeAt(step), text, context),
  };
}
