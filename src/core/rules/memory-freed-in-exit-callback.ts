import { describeBuffer, describeOwner } from '../model/describe.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: the memory map changes after the loader took its key, so ExitBootServices fails, or memory that the operating system counts as its own is rewritten. */
export const memoryFreedInExitCallback = defineRule({
  meta: {
    id: 'memory-freed-in-exit-callback',
    summary: 'FreeBuffer() was called while ExitBootServices was running',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    freed:
      'The {buffer}{owner} was freed during ExitBootServices: this changes the memory map that the loader’s key stands for. A driver must not free memory in its callback.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const { kind, buffer, lineIndex, inferred } of trace.exitActions) {
        if (kind !== 'freed' || !buffer) continue;
        report({
          message: 'freed',
          data: { buffer: describeBuffer(buffer), owner: describeOwner({ owner: buffer.owner ?? null }) },
          certain: !inferred && buffer.freeInferred !== true,
          lineIndex,
          buffer,
          related: [
            ...(buffer.allocatedLineIndex === null
              ? []
              : [{ lineIndex: buffer.allocatedLineIndex, message: 'allocated here' }]),
            ...exitLines(trace),
          ],
        });
      }
    },
  }),
});
