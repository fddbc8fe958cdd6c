import { formatAddress } from '../model/address.ts';
import { defineRule } from './rule.ts';

/** Harm: a handle that Map() never returned is a stray pointer, which edk2 follows without a check. */
export const unmapUnknown = defineRule({
  meta: {
    id: 'unmap-unknown',
    summary: 'A handle was unmapped that no Map() returned',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    unknown: 'Unmap() of handle {handle}, which no Map() in this log returned.',
    unknownRange: 'Unmap() of a range that no Map() in this log made.',
  },
  create: ({ report }) => ({
    onFact: {
      'unmap-refused'(fact) {
        if (fact.previous || fact.explainedByDamage) return;
        if (fact.handle === null) report({ message: 'unknownRange', lineIndex: fact.lineIndex });
        else report({ message: 'unknown', data: { handle: formatAddress(fact.handle) }, lineIndex: fact.lineIndex });
      },
    },
  }),
});
