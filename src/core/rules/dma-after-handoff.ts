import type { Accessed } from '../lifecycle/facts.ts';
import { describeAccess, describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: a device that nobody stopped uses the firmware's addresses in the operating system's memory. */
export const dmaAfterHandoff = defineRule({
  meta: {
    id: 'dma-after-handoff',
    summary: 'Behind hand-off a device accessed what the firmware had mapped for it',
    severity: { deny: 'error', permit: 'error' },
    since: '0.2.0',
  },
  messages: {
    live: '{access}, behind hand-off: that is inside the {mapping}{owner}, which the firmware left mapped. Nobody stopped the device.',
    removed:
      '{access}, behind hand-off: that was inside the {mapping}{owner}, which is removed since. Nobody stopped the device.',
  },
  create: ({ report }) => {
    const seen: Accessed[] = [];
    return {
      onFact: {
        accessed(fact) {
          if (fact.phase === 'after-handoff') seen.push(fact);
        },
      },
      onEnd(trace) {
        for (const { access, lineIndex, live, removed, explainedByDamage } of seen) {
          const mapping = live ?? removed;
          // What was removed in mid-boot is a mere coincidence of addresses: the operating system maps, too.
          if (!mapping || removed?.unmappedBy === 'boot') continue;
          report({
            message: live ? 'live' : 'removed',
            data: { access: describeAccess(access), mapping: describeMapping(mapping), owner: describeOwner(mapping) },
            certain:
              access.late !== true && !explainedByDamage && mapping.pci !== null && mapping.pci.address === access.pci,
            lineIndex,
            mapping,
            related: [...lifeOf(mapping), ...exitLines(trace)],
          });
        }
      },
    };
  },
});
