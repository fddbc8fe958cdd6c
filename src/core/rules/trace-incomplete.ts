import type { Handoff, TracerSummary } from '../model/trace.ts';
import type { RuleContext } from './rule.ts';
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
    boundBefore:
      '{devices} had a driver before the tracer was loaded: {list}. What those drivers had mapped by then is unknown{unless}, and unmapping it is not reported.',
    tracerFull:
      'The tables of the tracer were full, {times}: calls since then are not told apart, so which mappings are live at hand-off is a guess.',
    unchecked:
      'The log ends before the tracer’s own list of what is mapped at hand-off: what is told here could not be checked against it.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      const live = trace.live.length === 1 ? '1 mapping' : `${trace.live.length} mappings`;
      const { damage, halted, tracer } = trace;
      if (tracer) reportTracer(report, tracer, trace.handoff);
      if (trace.lastDmaLineIndex === null && !tracer) return;
      // Not every build stops at an assertion: where DMA goes on behind it, this one did not.
      if (!trace.handoff && halted && halted.lineIndex > (trace.lastDmaLineIndex ?? -1)) {
        const reason = halted.reason === 'assertion' ? 'an assertion' : 'a processor exception';
        report({
          message: 'halted',
          data: { reason, live },
          lineIndex: halted.lineIndex,
          related:
            trace.lastDmaLineIndex === null ? [] : [{ lineIndex: trace.lastDmaLineIndex, message: 'last DMA call' }],
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
      // The tracer says for itself what it has not seen.
      if (!trace.startSeen && !tracer) report({ message: 'startMissing', lineIndex: trace.firstLineIndex });
    },
  }),
});

type Report = RuleContext<'boundBefore' | 'tracerFull' | 'unchecked'>['report'];

/** What the tracer could not see, as it says itself. */
function reportTracer(report: Report, { boundBefore, full, checked }: TracerSummary, handoff: Handoff | null): void {
  const [first, ...others] = boundBefore;
  if (first) {
    const named = boundBefore.slice(0, MOST_NAMED).map(({ pci, driver }) => `${pci} (${driver})`);
    const more = boundBefore.length - named.length;
    report({
      message: 'boundBefore',
      data: {
        devices: boundBefore.length === 1 ? '1 device' : `${boundBefore.length} devices`,
        list: `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        unless: boundBefore.every(({ restarted }) => restarted)
          ? ', but for what is live at hand-off: the tracer had them restarted'
          : '',
      },
      lineIndex: first.lineIndex,
      related: others.slice(0, MOST_NAMED).map(({ lineIndex, pci }) => ({ lineIndex, message: pci })),
    });
  }
  if (full)
    report({
      message: 'tracerFull',
      // What is told of mappings may be wrong either way.
      severity: 'warning',
      data: { times: full.lost === 1 ? 'once' : `${full.lost} times` },
      lineIndex: full.lineIndex,
    });
  if (handoff && !checked) report({ message: 'unchecked', lineIndex: handoff.lineIndex });
}

const MOST_NAMED = 8;
