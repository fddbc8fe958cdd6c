import type {
  ReplayAnswer,
  ReplayCompletion,
  ReplayMoment,
  ReplayOutline,
  ReplayStop,
  ReplayStops,
  ReplayVariable,
} from '../core/index.ts';
import type { Call } from './rpc.ts';

/** The replay of a log, all of its boots one after the other. A debug adapter asks; the state is kept by the worker. */
export interface ReplayCalls {
  readonly openReplay: Call<{ readonly analysis: number }, ReplayOutline>;
  /** `step` is taken to the nearest one that exists. */
  readonly replayMoment: Call<StepPlace, ReplayMoment>;
  /** The next step in a direction where one of `stops` holds, or the last one there. `step` −1: the first may be it. Can be cancelled. */
  readonly findReplayStop: Call<
    StepPlace & { readonly direction: 'forward' | 'backward'; readonly stops: ReplayStops },
    ReplayStop
  >;
  /** The line of the first step at or behind each 1-based line; `null`: there is none. */
  readonly findReplayLines: Call<
    { readonly analysis: number; readonly lines: readonly number[] },
    readonly (number | null)[]
  >;
  /** The last step whose line is `line` or before it; 0 if there is none. */
  readonly findReplayStep: Call<{ readonly analysis: number; readonly line: number }, number>;
  /** `path`: empty for the scopes themselves. `count` 0: all of them. */
  readonly readReplayVariables: Call<
    StepPlace & { readonly path: string; readonly start: number; readonly count: number },
    readonly ReplayVariable[]
  >;
  /** `question`: in the debug console commands are understood, too. */
  readonly askReplay: Call<
    StepPlace & { readonly text: string; readonly context: 'expression' | 'question' },
    ReplayAnswer
  >;
  /** What is wrong with an expression; `null`: nothing is. */
  readonly checkReplayCondition: Call<{ readonly text: string }, string | null>;
  /** `at`: from 0, in UTF-16 units. */
  readonly completeReplay: Call<{ readonly text: string; readonly at: number }, readonly ReplayCompletion[]>;
}

export interface StepPlace {
  readonly analysis: number;
  readonly step: number;
}
