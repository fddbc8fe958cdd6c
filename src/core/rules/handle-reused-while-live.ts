import { describeMapping } from '../model/describe.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: none to the system, but to the reader: the log lost the Unmap() of the earlier mapping, so what it says of the rest is less sure. */
export const handleReusedWhileLive = defineRule({
  meta: {
    id: 'handle-reused-while-live',
    summary: 'Map() returned a handle that is still live: the log lost lines',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    reused:
      'Map() returns the handle of the {mapping}, which is still live as far as this log tells: its Unmap() is missing from the log.',
  },
  create: ({ report }) => ({
    onFact: {
      mapped(fact) {
        if (!fact.displaced || fact.explainedByDamage) return;
        report({
          message: 'reused',
          data: { mapping: describeMapping(fact.displaced) },
          lineIndex: fact.mapping.mappedLineIndex,
          mapping: fact.displaced,
          related: lifeOf(fact.displaced),
        });
      },
    },
  }),
});
