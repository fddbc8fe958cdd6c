import { describeMapping, describeOwner } from '../model/describe.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: two devices, or two transfers, write over each other. Real: until e27cfda33b IoMmuDxe handed the same bounce buffer out twice. */
export const overlappingDeviceRange = defineRule({
  meta: {
    id: 'overlapping-device-range',
    summary: 'Two live mappings share device addresses without sharing the host buffer',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    overlaps:
      '{mapping}{owner} shares device addresses with the {other}, but not its memory: what one transfer writes, the other reads.',
  },
  create: ({ report }) => ({
    onFact: {
      mapped(fact) {
        for (const other of fact.overlapping) {
          report({
            message: 'overlaps',
            data: {
              mapping: describeMapping(fact.mapping),
              owner: describeOwner(fact.mapping),
              other: describeMapping(other),
            },
            // Where the log prints only the low half of an address, two that look alike may be 4 GiB apart.
            certain: fact.mapping.addressBits === 64 && other.addressBits === 64,
            lineIndex: fact.mapping.mappedLineIndex,
            mapping: fact.mapping,
            related: lifeOf(other),
          });
        }
      },
    },
  }),
});
