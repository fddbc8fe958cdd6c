import { REPLAY_COMMANDS } from './commands.ts';
import { EXPRESSION_NAMES } from './expression/names.ts';
import { BARE_WORDS } from './expression/words.ts';
import type { ReplayCompletion } from './views.ts';

/** What is looked at before the place: no word is longer. */
const LONGEST_WORD = 64;
const WORD_BEFORE = /[a-z][\w-]*$/i;

/** What the debug console could go on with at a place in a line, from 0: commands at its beginning, names and words everywhere. */
export function completeReplay(text: string, at: number): readonly ReplayCompletion[] {
  const before = text.slice(0, Math.max(at, 0));
  const word = WORD_BEFORE.exec(before.slice(-LONGEST_WORD))?.[0] ?? '';
  const start = before.length - word.length;
  const isFirst = before.slice(0, start).trim() === '';
  const place = { start, length: word.length };
  const commands = REPLAY_COMMANDS.map(
    ({ name, meaning }) => ({ kind: 'command', text: name, meaning, ...place }) as const,
  );
  const names = [...EXPRESSION_NAMES].map(
    ([name, { meaning }]) => ({ kind: 'name', text: name, meaning, ...place }) as const,
  );
  const words = [...BARE_WORDS].map((bare) => ({ kind: 'word', text: bare, meaning: '', ...place }) as const);
  const all = [...(isFirst ? commands : []), ...names, ...words];
  return all.filter((completion) => completion.text.toLowerCase().startsWith(word.toLowerCase()));
}
