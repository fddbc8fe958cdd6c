import { describeAccess, describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: a device used an address that nobody mapped for it. The transfer is lost; without an IOMMU it had hit other memory. */
export const iommuFault = defineRule({
  meta: {
    id: 'iommu-fault',
    summary: 'The IOMMU refused an access of a device',
    severity: { deny: 'error', permit: 'error' },
    since: '0.2.0',
  },
  messages: {
    unmapped: '{access}. No mapping of this boot covers it.',
    mapped: '{access}, though the {mapping}{owner} covers it: the access is not allowed, or the IOMMU was not told.',
    afterHandoff:
      '{access}, behind hand-off. No mapping that the firmware left covers it: this is about the operating system’s own mappings, or a device that ran on.',
  },
  create: ({ report }) => {
    const late: { readonly text: string; readonly lineIndex: number; readonly certain: boolean }[] = [];
    return {
      onFact: {
        accessed({ access, lineIndex, phase, live, removed, explainedByDamage }) {
          if (access.outcome !== 'fault') return;
          const text = describeAccess(access);
          if (phase === 'after-handoff') {
            // dma-after-handoff tells of what the firmware had mapped up to ExitBootServices.
            if (!live && removed?.unmappedBy !== 'exit-callback' && removed?.unmappedBy !== 'iommu-cleanup')
              late.push({ text, lineIndex, certain: access.late !== true && !explainedByDamage });
            return;
          }
          if (live)
            report({
              message: 'mapped',
              data: { access: text, mapping: describeMapping(live), owner: describeOwner(live) },
              certain: access.late !== true && !explainedByDamage,
              lineIndex,
              mapping: live,
              related: lifeOf(live),
            });
          else if (!removed || isOthers(removed.pci?.address ?? null, access.pci))
            report({
              message: 'unmapped',
              data: { access: text },
              certain: access.late !== true && !explainedByDamage,
              lineIndex,
            });
        },
      },
      onEnd(trace) {
        for (const { text, lineIndex, certain } of late)
          report({
            message: 'afterHandoff',
            // A fault of the operating system's own making is its own affair.
            severity: 'warning',
            data: { access: text },
            certain,
            lineIndex,
            related: exitLines(trace),
          });
      },
    };
  },
});

/** Whether the removed mapping was another device's: then dma-after-unmap keeps silent. */
function isOthers(of: string | null, by: string | null): boolean {
  return of !== null && by !== null && of !== by;
}
