import { describeBuffer } from '../model/describe.ts';
import { defineRule } from './rule.ts';

/** Harm: under SEV and TDX, FreeBuffer() of memory that AllocateBuffer() did not return reads its bookkeeping from a stranger's page. */
export const freeUnknown = defineRule({
  meta: {
    id: 'free-unknown',
    summary: 'A buffer was freed that no AllocateBuffer() returned',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    unknown: 'FreeBuffer() of the {buffer}, which no AllocateBuffer() in this log returned.',
  },
  create: ({ report }) => ({
    onFact: {
      freed(fact) {
        if (fact.outcome !== 'unknown' || fact.explainedByDamage) return;
        report({ message: 'unknown', data: { buffer: describeBuffer(fact) }, lineIndex: fact.lineIndex });
      },
    },
  }),
});
