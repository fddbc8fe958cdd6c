import type { Boot } from './boot.ts';

/** The steps of all boots, numbered through. */
export interface Steps {
  readonly count: number;
  readonly boots: readonly Boot[];
  /** The boot that a step belongs to. There must be one. */
  bootOf(step: number): Boot;
  lineOf(step: number): number;
  /** The first step whose line is `line` or lies behind it; `count` if there is none. */
  firstFrom(line: number): number;
}

export function createSteps(boots: readonly Boot[]): Steps {
  const filled = boots.filter(({ journal }) => journal.stepCount > 0);
  const count = filled.reduce((sum, { journal }) => sum + journal.stepCount, 0);

  function bootOf(step: number): Boot {
    const boot = filled[firstWhere(filled.length, (place) => (filled[place]?.firstStep ?? 0) > step) - 1];
    if (boot === undefined) throw new Error(`There is no step ${step}.`);
    return boot;
  }

  function lineOf(step: number): number {
    const boot = bootOf(step);
    return boot.journal.lines[step - boot.firstStep] ?? 1;
  }

  return { count, boots, bootOf, lineOf, firstFrom: (line) => firstWhere(count, (step) => lineOf(step) >= line) };
}

/** The first of `count` places where something holds that holds from there on; `count` if there is none. */
function firstWhere(count: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
