import { describeMapping, describeOwner } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: the device keeps access to memory that is the operating system's now; under SEV and TDX the pages stay shared with the hypervisor. */
export const commonBufferLeftMapped = defineRule({
  meta: {
    id: 'common-buffer-left-mapped',
    summary: 'A CommonBuffer mapping is live at hand-off',
    severity: { deny: 'error', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    left: '{mapping}{owner} is still mapped at hand-off: neither its driver nor the IOMMU driver removed it.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const mapping of trace.live) {
        if (!mapping.liveAtHandoff || isReadOrWrite(mapping)) continue;
        report({
          message: 'left',
          data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
          certain: trace.damage.malformedLines === 0,
          lineIndex: mapping.mappedLineIndex,
          mapping,
          buffer: mapping.buffer,
          related: [...lifeOf(mapping), ...exitLines(trace)],
        });
      }
    },
  }),
});
