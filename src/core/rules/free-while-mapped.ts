import { describeBuffer, describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: the device keeps access to memory that the firmware gives to somebody else. */
export const freeWhileMapped = defineRule({
  meta: {
    id: 'free-while-mapped',
    summary: 'FreeBuffer() of memory that is still mapped',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    freed: 'The {buffer} is freed while {mapping}{owner} still covers it.',
    freedAgain:
      'The {buffer} is freed while {mapping}{owner} still covers it. That mapping outlived the buffer it was made for; this memory was allocated anew since.',
  },
  create: ({ report }) => ({
    onFact: {
      freed(fact) {
        for (const mapping of fact.mapped) {
          const stale =
            mapping.buffer !== null && mapping.buffer !== fact.buffer && mapping.buffer.freedLineIndex !== null;
          report({
            message: stale ? 'freedAgain' : 'freed',
            data: { buffer: describeBuffer(fact), mapping: describeMapping(mapping), owner: describeOwner(mapping) },
            lineIndex: fact.lineIndex,
            mapping,
            buffer: fact.buffer,
            related: lifeOf(mapping),
          });
        }
      },
    },
  }),
});
