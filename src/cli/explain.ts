import { readFile } from 'node:fs/promises';
import { RULES } from '../core/index.ts';

/** The page of a rule as it ships in the package, or the list of all rules for `null`. An unknown rule gives an error text. */
export async function explain(
  rule: string | null,
  docsFolder: URL,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  if (rule === null) {
    const width = Math.max(...RULES.map(({ id }) => id.length));
    return { ok: true, text: `${RULES.map(({ id, summary }) => `${id.padEnd(width)}  ${summary}`).join('\n')}\n` };
  }
  if (!RULES.some(({ id }) => id === rule))
    return { ok: false, text: `there is no rule "${rule}"${suggestion(rule)}; dma-handoff explain lists them` };
  return { ok: true, text: await readFile(new URL(`${rule}.md`, docsFolder), 'utf8') };
}

function suggestion(rule: string): string {
  const words = rule.split('-').filter((word) => word.length > 2);
  const close = RULES.filter(({ id }) => words.some((word) => id.includes(word))).map(({ id }) => id);
  return close.length > 0 ? ` (did you mean ${close.slice(0, 3).join(', ')}?)` : '';
}
