import { describeMapping, describeOwner } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: Unmap() of a Read or Write frees the bounce buffer that Map() allocated, a change of the memory map that no driver sees. */
export const readWriteUnmappedInExitCallback = defineRule({
  meta: {
    id: 'read-write-unmapped-in-exit-callback',
    summary: 'A driver unmapped a Read or Write while ExitBootServices was running',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    unmapped:
      '{mapping}{owner} was unmapped by its driver during ExitBootServices: Unmap() frees the bounce buffer and so may change the memory map that the loader’s key stands for.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const { kind, mapping, lineIndex, inferred } of trace.exitActions) {
        if (kind !== 'unmapped' || !mapping || !isReadOrWrite(mapping) || mapping.device === mapping.host) continue;
        report({
          message: 'unmapped',
          data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
          certain: !inferred,
          lineIndex,
          mapping,
          related: [...lifeOf(mapping), ...exitLines(trace)],
        });
      }
    },
  }),
});
