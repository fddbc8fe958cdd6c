import type { Journal } from '../journal/journal.ts';
import { KIND, kindTable } from './kinds.ts';
import type { State } from './state.ts';

/** Lines of others that can stand between a call and its result. */
const OTHERS = kindTable(['access', 'fault', 'malformed', 'device-command', 'controller-state', 'translation']);

/**
 * The steps where the calls were entered that are under way behind `step`, outermost first. A call that failed without a word, or
 * of which nobody knows what came, is over with the next thing that the firmware does: it is only open if it is the last.
 */
export function openCallsAt(journal: Journal, state: State, step: number): readonly number[] {
  let last = step;
  while (last >= 0 && OTHERS[journal.kinds[last] ?? 0] === 1) last--;
  const kind = journal.kinds[last];
  const isCall = kind === KIND['map-called'] || kind === KIND['allocate-called'];
  return last < 0 || !isCall || state.openCalls.includes(last) ? state.openCalls : [...state.openCalls, last];
}
