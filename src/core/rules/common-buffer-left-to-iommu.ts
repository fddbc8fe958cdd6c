import { formatBytes } from '../model/describe.ts';
import { isCommonBuffer } from '../model/mapping.ts';
import type { Mapping } from '../model/trace.ts';
import { addBytes } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { defineRule, exitLines } from './rule.ts';

/** No harm: since September 2017 this is how edk2 does it. It tells what the cleanup had to catch, in one finding. */
export const commonBufferLeftToIommu = defineRule({
  meta: {
    id: 'common-buffer-left-to-iommu',
    summary: 'CommonBuffer mappings were left to the cleanup of the IOMMU driver, as is normal today',
    severity: { deny: 'information', permit: 'information' },
    since: '0.1.0',
  },
  messages: {
    left: 'The cleanup of the IOMMU driver removed {count} CommonBuffer {mappings} ({bytes}{owners}) that {drivers} left at ExitBootServices. This is how edk2 works since September 2017.',
  },
  create: ({ report }) => {
    let count = 0;
    let bytes: Address = 0;
    let firstLines: Mapping[] = [];
    const owners = new Set<string>();
    return {
      onFact: {
        unmapped({ mapping }) {
          if (mapping.unmappedBy !== 'iommu-cleanup' || !isCommonBuffer(mapping)) return;
          count++;
          bytes = addBytes(bytes, mapping.bytes ?? 0);
          if (mapping.owner) owners.add(mapping.owner.name);
          if (firstLines.length < RELATED_MAPPINGS) firstLines = [...firstLines, mapping];
        },
      },
      onEnd(trace) {
        const cleanup = trace.exitBootServices?.cleanup;
        if (count === 0 || !cleanup) return;
        report({
          message: 'left',
          data: {
            count,
            mappings: count === 1 ? 'mapping' : 'mappings',
            bytes: formatBytes(bytes),
            owners: owners.size > 0 ? `; ${[...owners].sort().join(', ')}${owners.size === count ? '' : ' …'}` : '',
            drivers: count === 1 ? 'its driver' : 'their drivers',
          },
          lineIndex: cleanup.lineIndex,
          related: [
            ...firstLines.map((mapping) => ({ lineIndex: mapping.mappedLineIndex, message: 'mapped here' })),
            ...exitLines(trace),
          ],
        });
      },
    };
  },
});

/** Related lines are for looking up a few; the report lists all mappings. */
const RELATED_MAPPINGS = 16;
