import { defineRule } from './rule.ts';

/** Harm: none, but a reader must know what the log cannot tell. */
export const traceIncomplete = defineRule({
  meta: {
    id: 'trace-incomplete',
    summary: 'The log does not tell the whole story of this boot',
    severity: { deny: 'information', permit: 'information' },
    since: '0.1.0',
  },
  messages: {
    noHandoff: 'The log of this boot ends before hand-off: what is mapped at its end ({live}) is no leak.',
    halted:
      'The firmware stopped here with {reason}, before hand-off: what is mapped at that point ({live}) is no leak.',
    cut: 'The log ends inside a line: the last record is not counted.',
    damaged:
      '{lines} could not be read: cut, or mixed with text of another writer (here: {reason}). What the lost calls may explain is not reported.',
    startMissing:
      'The log does not show the start of this boot: mappings made before it are unknown, and unmapping them is not reported.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      const live = trace.live.length === 1 ? '1 mapping' : `${trace.live.length} mappings`;
      const { damage, halted } = trace;
      if (trace.lastDmaLineIndex === null) return;
      // Not every build stops at an assertion: where DMA goes on behind it, this one did not.
      if (!trace.handoff && halted && halted.lineIndex > trace.lastDmaLineIndex) {
        const reason = halted.reason === 'assertion' ? 'an assertion' : 'a processor exception';
        report({
          message: 'halted',
          data: { reason, live },
          lineIndex: halted.lineIndex,
          related: [{ lineIndex: trace.lastDmaLineIndex, message: 'last DMA call' }],
        });
      } else if (!trace.handoff) {
        report({ message: 'noHandoff', data: { live }, lineIndex: trace.lastLineIndex });
      }
      if (damage.cut) report({ message: 'cut', lineIndex: trace.lastLineIndex });
      const [first] = damage.malformed;
      if (first)
        report({
          message: 'damaged',
          data: {
            lines: damage.malformedLines === 1 ? '1 line' : `${damage.malformedLines} lines`,
            reason: first.message,
          },
          lineIndex: first.lineIndex,
          related: damage.malformed.slice(1),
        });
      if (!trace.startSeen) report({ message: 'startMissing', lineIndex: trace.firstLineIndex });
    },
  }),
});
