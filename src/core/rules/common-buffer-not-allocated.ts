import { formatAddress } from '../model/address.ts';
import { describeMapping, describeOwner } from '../model/describe.ts';
import { isCommonBuffer } from '../model/mapping.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: under SEV and TDX a CommonBuffer is decrypted in place; memory that AllocateBuffer() did not prepare is shared with the hypervisor, neighbours included. */
export const commonBufferNotAllocated = defineRule({
  meta: {
    id: 'common-buffer-not-allocated',
    summary: 'A CommonBuffer was mapped over memory that no AllocateBuffer() returned',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    foreign: '{mapping}{owner} covers host memory at {host} that no AllocateBuffer() in this log returned.',
  },
  create: ({ report }) => {
    let allocationsPrinted = false;
    return {
      onFact: {
        allocated() {
          allocationsPrinted = true;
        },
        mapped({ mapping, allocationMayBeLost }) {
          if (!allocationsPrinted || allocationMayBeLost) return;
          if (!isCommonBuffer(mapping) || mapping.buffer) return;
          report({
            message: 'foreign',
            data: {
              mapping: describeMapping(mapping),
              owner: describeOwner(mapping),
              host: formatAddress(mapping.host),
            },
            lineIndex: mapping.mappedLineIndex,
            mapping,
            related: lifeOf(mapping),
          });
        },
      },
    };
  },
});
