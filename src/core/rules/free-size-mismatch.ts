import { describeBuffer } from '../model/describe.ts';
import { defineRule } from './rule.ts';

/** Harm: pages stay allocated for ever, or pages are freed that belong to somebody else. */
export const freeSizeMismatch = defineRule({
  meta: {
    id: 'free-size-mismatch',
    summary: 'FreeBuffer() with another address or page count than AllocateBuffer()',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    differs: 'FreeBuffer() of the {freed} does not agree with the allocation, which was the {allocated}.',
  },
  create: ({ report }) => ({
    onFact: {
      freed(fact) {
        if (fact.outcome !== 'part' || !fact.buffer || fact.explainedByDamage) return;
        report({
          message: 'differs',
          data: { freed: describeBuffer(fact), allocated: describeBuffer(fact.buffer) },
          lineIndex: fact.lineIndex,
          buffer: fact.buffer,
          related: [{ lineIndex: fact.buffer.allocatedLineIndex, message: 'allocated here' }],
        });
      },
    },
  }),
});
