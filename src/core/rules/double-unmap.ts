import { describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: edk2 does not check the handle: a second Unmap() works on freed memory, or takes down another mapping that got the same handle. */
export const doubleUnmap = defineRule({
  meta: {
    id: 'double-unmap',
    summary: 'A mapping was unmapped twice',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    twice:
      '{mapping}{owner} is unmapped again: it had been unmapped before and its handle was not returned by Map() since.',
  },
  create: ({ report }) => ({
    onFact: {
      'unmap-refused'(fact) {
        if (!fact.previous || fact.explainedByDamage) return;
        report({
          message: 'twice',
          data: { mapping: describeMapping(fact.previous), owner: describeOwner(fact.previous) },
          lineIndex: fact.lineIndex,
          mapping: fact.previous,
          related: lifeOf(fact.previous),
        });
      },
    },
  }),
});
