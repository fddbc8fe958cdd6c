import { formatCommandLine } from '../../capture/format-command-line.ts';
import type { QuotingStyle } from '../../capture/split-command-line.ts';

/** A command line that splits into these words again. */
export function joinWords(words: readonly string[], quoting: QuotingStyle): string {
  if (quoting === 'posix') return formatCommandLine(words);
  return words.map((word) => (/^[^\s"|&<>]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`)).join(' ');
}
