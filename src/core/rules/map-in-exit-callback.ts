import { describeMapping } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: whatever is opened now is open for the operating system's memory, unless the cleanup happens to come later. */
export const mapInExitCallback = defineRule({
  meta: {
    id: 'map-in-exit-callback',
    summary: 'A CommonBuffer was mapped while ExitBootServices was running',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    mapped: 'The {mapping} was made during ExitBootServices, when devices should be stopped.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const { kind, mapping, lineIndex, inferred } of trace.exitActions) {
        if (kind !== 'mapped' || !mapping || isReadOrWrite(mapping)) continue;
        report({
          message: 'mapped',
          data: { mapping: describeMapping(mapping) },
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
