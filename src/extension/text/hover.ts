import type { LineFacts } from '../../core/index.ts';
import { describeExit } from './hover-exit.ts';
import { describeBuffer, describeMapping } from './hover-mapping.ts';
import { size, type HoverPlace } from './hover-words.ts';
import { code } from './markdown.ts';

/** More things than this on one line are counted only. */
const MOST_FACTS = 3;

/** The facts of a line as Markdown. Whatever stems from the log is escaped. */
export function hoverMarkdown(facts: readonly LineFacts[], place: HoverPlace): string {
  const told = distinct(facts);
  const parts = told.slice(0, MOST_FACTS).map((fact) => describe(fact, place));
  if (told.length > MOST_FACTS) parts.push(`…and ${told.length - MOST_FACTS} more on this line.`);
  return parts.join('\n\n---\n\n');
}

/** The marker of ExitBootServices is often a callback as well: that is one story. */
function distinct(facts: readonly LineFacts[]): readonly LineFacts[] {
  const exit = facts.find((fact) => fact.kind === 'exit');
  return facts.filter((fact) => fact.kind !== 'exit' || fact === exit);
}

function describe(fact: LineFacts, place: HoverPlace): string {
  switch (fact.kind) {
    case 'mapping':
      return describeMapping(fact, place);
    case 'buffer':
      return describeBuffer(fact, place);
    case 'exit':
      return describeExit(fact, place);
    case 'failed-map': {
      const { operation, host, bytes } = fact.failedMap;
      return `**Map that did not succeed** · ${operation ?? 'unknown operation'}, ${size(bytes)} at ${code(host)}`;
    }
  }
}
