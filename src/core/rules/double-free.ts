import { describeBuffer } from '../model/describe.ts';
import { defineRule } from './rule.ts';

/** Harm: the second FreeBuffer() frees memory that may be somebody else's by then. */
export const doubleFree = defineRule({
  meta: {
    id: 'double-free',
    summary: 'A buffer was freed twice',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    twice: 'The {buffer} is freed again: it had been freed before and not been allocated since.',
  },
  create: ({ report }) => ({
    onFact: {
      freed(fact) {
        if (fact.outcome !== 'again' || !fact.previous || fact.explainedByDamage) return;
        report({
          message: 'twice',
          data: { buffer: describeBuffer(fact.previous) },
          lineIndex: fact.lineIndex,
          buffer: fact.previous,
          related: [
            { lineIndex: fact.previous.allocatedLineIndex, message: 'allocated here' },
            ...(fact.previous.freedLineIndex === null
              ? []
              : [{ lineIndex: fact.previous.freedLineIndex, message: 'freed here' }]),
          ],
        });
      },
    },
  }),
});
