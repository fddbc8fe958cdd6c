import { OPERATIONS } from '../../model/operation.ts';
import { STEP_KINDS } from '../../model/step.ts';
import { REPLAY_EVENTS } from '../views.ts';

/** The phases of a boot, as the name `phase` gives them. */
export const REPLAY_PHASES = ['boot-services', 'exit-inferred', 'exit-boot-services', 'handed-off'] as const;
export type ReplayPhase = (typeof REPLAY_PHASES)[number];

/** Texts that need no quotes, since the log has a bounded number of them. */
export const BARE_WORDS: ReadonlySet<string> = new Set<string>([
  ...OPERATIONS,
  ...STEP_KINDS,
  ...REPLAY_EVENTS,
  ...REPLAY_PHASES,
]);

/** The longest first, so that none hides behind its own beginning. */
export const DASHED_WORDS: readonly string[] = [...BARE_WORDS]
  .filter((word) => word.includes('-'))
  .sort((a, b) => b.length - a.length);
