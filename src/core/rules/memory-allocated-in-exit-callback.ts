import { describeBuffer, describeMapping, describeOwner } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: as for freeing: the memory map changes after the loader took its key. */
export const memoryAllocatedInExitCallback = defineRule({
  meta: {
    id: 'memory-allocated-in-exit-callback',
    summary: 'Memory was allocated for DMA while ExitBootServices was running',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    allocated:
      'The {buffer}{owner} was allocated during ExitBootServices: this changes the memory map that the loader’s key stands for.',
    bounced:
      'The {mapping}{owner} was made during ExitBootServices and needed a bounce buffer: this may change the memory map that the loader’s key stands for.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const { kind, mapping, buffer, lineIndex, inferred } of trace.exitActions) {
        if (kind === 'allocated' && buffer) {
          report({
            message: 'allocated',
            data: { buffer: describeBuffer(buffer), owner: describeOwner({ owner: buffer.owner ?? null }) },
            certain: !inferred,
            lineIndex,
            buffer,
            related: exitLines(trace),
          });
        } else if (kind === 'mapped' && mapping && isReadOrWrite(mapping) && mapping.device !== mapping.host) {
          report({
            message: 'bounced',
            data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
            certain: !inferred,
            lineIndex,
            mapping,
            related: exitLines(trace),
          });
        }
      }
    },
  }),
});
