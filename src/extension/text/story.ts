import type { LineFacts } from '../../core/index.ts';
import type { Story } from '../../protocol/story.ts';
import { tellExit } from './story-exit.ts';
import { tellBuffer, tellMapping } from './story-mapping.ts';
import { code, size, strong, words } from './story-words.ts';

/** More things than this on one line are counted only. */
const MOST_FACTS = 3;

export interface Stories {
  readonly stories: readonly Story[];
  /** How many more things there are. */
  readonly more: number;
}

/** Tells facts. `here`: the 1-based line whose findings are shown already; `null`: none is. */
export function tellFacts(facts: readonly LineFacts[], here: number | null): Stories {
  const told = distinct(facts);
  return {
    stories: told.slice(0, MOST_FACTS).map((fact) => tell(fact, here)),
    more: Math.max(told.length - MOST_FACTS, 0),
  };
}

/** The marker of ExitBootServices is often a callback as well: that is one story. */
function distinct(facts: readonly LineFacts[]): readonly LineFacts[] {
  const exit = facts.find((fact) => fact.kind === 'exit');
  return facts.filter((fact) => fact.kind !== 'exit' || fact === exit);
}

function tell(fact: LineFacts, here: number | null): Story {
  switch (fact.kind) {
    case 'mapping':
      return tellMapping(fact, here);
    case 'buffer':
      return tellBuffer(fact, here);
    case 'exit':
      return tellExit(fact);
    case 'failed-map': {
      const { operation, host, bytes } = fact.failedMap;
      const what = words(` · ${operation ?? 'unknown operation'}, ${size(bytes)} at `);
      return { title: [...strong(words('Map that did not succeed')), what, code(host)], parts: [] };
    }
  }
}
