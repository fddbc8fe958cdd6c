import { describeMapping, describeOwner } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: since 9ed745b967 every plain Unmap() frees its MAP_INFO, which may change the memory map that the loader's key stands for. */
export const unmappedInExitCallback = defineRule({
  meta: {
    id: 'unmapped-in-exit-callback',
    summary: 'A driver unmapped a CommonBuffer while ExitBootServices was running',
    severity: { deny: 'warning', permit: 'information' },
    since: '0.1.0',
  },
  messages: {
    unmapped:
      '{mapping}{owner} was unmapped by its driver during ExitBootServices. Unmap() frees its bookkeeping and so may change the memory map: since September 2017 edk2’s drivers stop their device there and do not unmap.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const { kind, mapping, lineIndex, inferred } of trace.exitActions) {
        if (kind !== 'unmapped' || !mapping || isReadOrWrite(mapping)) continue;
        report({
          message: 'unmapped',
          data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
          certain: !inferred,
          lineIndex,
          mapping,
          buffer: mapping.buffer,
          related: [...lifeOf(mapping), ...exitLines(trace)],
        });
      }
    },
  }),
});
