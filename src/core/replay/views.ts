import type { StepKind } from '../model/step.ts';

/**
 * What a replay shows to whoever walks through it. Steps are numbered through all boots of the log, from 0. The state at a step is
 * the one behind it: after what its line tells has happened.
 */
export interface ReplayOutline {
  readonly stepCount: number;
  readonly boots: readonly ReplayBoot[];
}

export interface ReplayBoot {
  readonly firstStep: number;
  readonly stepCount: number;
  /** 1-based. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/** One step, and where the firmware stands there. */
export interface ReplayMoment {
  readonly step: number;
  /** 0-based. */
  readonly boot: number;
  readonly kind: StepKind;
  /** 1-based. */
  readonly line: number;
  /** On the log's own axis; `null`: it carries no time. */
  readonly seconds: number | null;
  /** What happened, such as `Map() returned 0x1e3edb98: CommonBuffer, 4 KiB, XhciDxe`. */
  readonly title: string;
  /** Innermost first: open calls, the callback, the phase. Never empty. */
  readonly frames: readonly ReplayFrame[];
  readonly live: number;
  readonly liveBytes: number;
}

export interface ReplayFrame {
  readonly kind: 'call' | 'callback' | 'phase';
  readonly name: string;
  /** 1-based; where it begins, but for the innermost one: where the replay stands. */
  readonly line: number;
}

/** Events that a function breakpoint names. */
export const REPLAY_EVENTS = [
  'map',
  'unmap',
  'allocate',
  'free',
  'exit-boot-services',
  'callback',
  'cleanup',
  'handoff',
  /** A mapping is made that is still there at hand-off. */
  'leak',
  'failure',
  'fault',
  'device',
  'boot',
] as const;
export type ReplayEvent = (typeof REPLAY_EVENTS)[number];

/** Where to stop, but for both ends of the log. Conditions are expressions; one that is empty always holds. */
export interface ReplayStops {
  /** `hits`: stop at the n-th time the condition holds, counted from where the search begins; 0: each time. */
  readonly lines: readonly { readonly line: number; readonly condition: string; readonly hits: number }[];
  readonly events: readonly { readonly event: ReplayEvent; readonly condition: string; readonly hits: number }[];
  /** Stop where one of these rules has a finding. */
  readonly rules: readonly string[];
}

export interface ReplayStop {
  readonly step: number;
  readonly reason: 'line' | 'event' | 'rule' | 'first-step' | 'last-step';
  /** Place in the list of `ReplayStops` that the reason names; 0 for the ends. */
  readonly index: number;
  /** For a rule: its message. For an error in a condition: what is wrong. Else `null`. */
  readonly message: string | null;
}

/** A thing with a name, as a debugger shows it. */
export interface ReplayVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string | null;
  /** Names it as an expression does, for watching it; `null`: it has no name there. */
  readonly expression: string | null;
  /** What `replayVariables` is asked for to see what is inside; `null`: nothing is. */
  readonly path: string | null;
  /** How many things are inside, where they are asked for page by page; else 0. */
  readonly indexedCount: number;
  /** 1-based line where it began, or `null`. */
  readonly line: number | null;
}

export interface ReplayAnswer {
  readonly understood: boolean;
  /** The answer in words, lines separated by `\n`; or what is wrong with the question. */
  readonly text: string;
  readonly type: string | null;
  /** As in `ReplayVariable`. */
  readonly path: string | null;
  readonly indexedCount: number;
}

/** What could stand at a place in the debug console. */
export interface ReplayCompletion {
  readonly kind: 'command' | 'name' | 'word';
  readonly text: string;
  /** A phrase, or empty. */
  readonly meaning: string;
  /** What of the line it takes the place of: from 0, in UTF-16 units. */
  readonly start: number;
  readonly length: number;
}
