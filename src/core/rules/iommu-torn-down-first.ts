import type { Fact } from '../lifecycle/facts.ts';
import { describeMapping } from '../model/describe.ts';
import type { Mapping } from '../model/trace.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: a controller with queued writes that loses its mappings before its driver stops it reads garbage and writes that to the disk. */
export const iommuTornDownFirst = defineRule({
  meta: {
    id: 'iommu-torn-down-first',
    summary: 'The IOMMU driver removed mappings before a driver stopped its device',
    severity: { deny: 'error', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    unmappedLater:
      'The cleanup of the IOMMU driver removed the {mapping} before its driver got to it: the driver unmaps it here. A device that was still running had lost its memory.',
    callbackLater:
      'The callback {callback} ran after the cleanup of the IOMMU driver, which removed {count} {mappings}: a device that this driver had not stopped yet had lost its memory.',
    translationOff:
      'The callback {callback} ran after DMA translation had been switched off, with {count} {mappings} of its driver still live: a device that was still running had been let loose.',
  },
  create: ({ report }) => {
    const removed: Mapping[] = [];
    const unmappedLater: Extract<Fact, { kind: 'unmap-refused' }>[] = [];
    return {
      onFact: {
        unmapped({ mapping }) {
          if (mapping.unmappedBy === 'iommu-cleanup') removed.push(mapping);
        },
        'unmap-refused'(fact) {
          if (fact.previous?.unmappedBy === 'iommu-cleanup' && !fact.explainedByDamage) unmappedLater.push(fact);
        },
      },
      onEnd(trace) {
        if (!trace.exitBootServices) return;
        const { cleanup, callbacks, translationOffLineIndex } = trace.exitBootServices;
        if (translationOffLineIndex !== null) reportTranslationOff(callbacks, translationOffLineIndex);
        if (!cleanup) return;
        const cleanupLine = { lineIndex: cleanup.lineIndex, message: 'the cleanup began here' };
        for (const { previous, lineIndex } of unmappedLater) {
          if (!previous) continue;
          report({
            message: 'unmappedLater',
            data: { mapping: describeMapping(previous) },
            lineIndex,
            mapping: previous,
            related: [cleanupLine, ...lifeOf(previous)],
          });
        }
        for (const { name, role, lineIndex } of callbacks) {
          if (role !== 'driver' || lineIndex < cleanup.lineIndex) continue;
          const own = removed.filter((mapping) => isOwnedBy(mapping, name));
          const touched = own.length > 0 ? own : removed.filter(({ owner }) => owner === null);
          if (touched.length === 0) continue;
          report({
            message: 'callbackLater',
            data: { callback: name, count: touched.length, mappings: touched.length === 1 ? 'mapping' : 'mappings' },
            // That one of the mappings was this driver's is inferred unless an owner says so.
            certain: own.some(({ owner }) => owner?.certain),
            lineIndex,
            related: [cleanupLine, ...exitLines(trace)],
          });
        }

        function reportTranslationOff(all: typeof callbacks, offLineIndex: number): void {
          for (const { name, role, lineIndex } of all) {
            if (role !== 'driver' || lineIndex < offLineIndex) continue;
            const own = trace.live.filter((mapping) => isOwnedBy(mapping, name));
            if (own.length === 0) continue;
            report({
              message: 'translationOff',
              data: { callback: name, count: own.length, mappings: own.length === 1 ? 'mapping' : 'mappings' },
              certain: own.some(({ owner }) => owner?.certain),
              lineIndex,
              related: [{ lineIndex: offLineIndex, message: 'translation was switched off here' }, ...exitLines(trace)],
            });
          }
        }
      },
    };
  },
});

/** Whether the callback is that of the mapping's driver: `PvScsiExitBoot` of `PvScsiDxe`. */
function isOwnedBy({ owner }: Mapping, callback: string): boolean {
  return owner !== null && callback.startsWith(owner.name.replace(/Dxe$/, ''));
}
