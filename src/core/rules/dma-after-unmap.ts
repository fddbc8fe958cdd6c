import { describeAccess, describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: the device writes into memory that belongs to somebody else by now, or reads what somebody else put there. */
export const dmaAfterUnmap = defineRule({
  meta: {
    id: 'dma-after-unmap',
    summary: 'A device accessed a range after it had been unmapped',
    severity: { deny: 'error', permit: 'error' },
    since: '0.2.0',
  },
  messages: {
    accessed: '{access}: that was inside the {mapping}{owner}, which had been unmapped before.',
  },
  create: ({ report }) => ({
    onFact: {
      accessed({ access, lineIndex, phase, live, removed, explainedByDamage }) {
        if (phase === 'after-handoff' || live || !removed) return;
        // Another device's access to the same address is not about this mapping.
        if (removed.pci && access.pci !== null && removed.pci.address !== access.pci) return;
        report({
          message: 'accessed',
          data: { access: describeAccess(access), mapping: describeMapping(removed), owner: describeOwner(removed) },
          certain: access.late !== true && !explainedByDamage && removed.pci !== null,
          lineIndex,
          mapping: removed,
          related: lifeOf(removed),
        });
      },
    },
  }),
});
