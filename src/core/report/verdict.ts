import type { Report, ReportTrace } from '../model/report.ts';

/** What a tired person wants to know first. */
export interface Verdict {
  /**
   * `error`, `warning`: there is at least one such finding. `clean`: hand-off was seen and nothing is wrong. `incomplete`: the log
   * ends before hand-off and nothing is wrong so far. `no-trace`: the log holds no DMA call.
   */
  readonly level: 'error' | 'warning' | 'clean' | 'incomplete' | 'no-trace';
  /** One sentence without a full stop, such as `10 mappings are live at hand-off; 10 errors`. */
  readonly headline: string;
  /** Mappings live at hand-off, over all boots. */
  readonly liveAtHandoff: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Sums up a report. The same words stand in the terminal, in the status bar and on top of the report. */
export function verdictOf(report: Pick<Report, 'traces'>): Verdict {
  const traces = report.traces.filter(hasDma);
  const sum = (pick: (trace: ReportTrace) => number): number => traces.reduce((total, trace) => total + pick(trace), 0);
  const liveAtHandoff = sum((trace) => trace.summary.liveAtHandoff);
  const errors = sum((trace) => trace.summary.errors);
  const warnings = sum((trace) => trace.summary.warnings);
  const handoffs = traces.filter((trace) => trace.handoff !== null).length;
  const totals = { liveAtHandoff, errors, warnings };
  if (traces.length === 0) return { level: 'no-trace', headline: 'no DMA call in this log', ...totals };

  const state = handoffs === 0 ? 'the log ends before hand-off' : liveText(liveAtHandoff, handoffs);
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ');
  const headline = found === '' ? state : `${state}; ${found}`;
  if (errors > 0) return { level: 'error', headline, ...totals };
  if (warnings > 0) return { level: 'warning', headline, ...totals };
  return { level: handoffs === 0 ? 'incomplete' : 'clean', headline, ...totals };
}

/** Whether the log tells of the boot's DMA: it shows a call, or a tracer ran and there was none. */
export function hasDma({ summary, tracer }: Pick<ReportTrace, 'summary' | 'tracer'>): boolean {
  return summary.calls > 0 || tracer !== null;
}

function liveText(live: number, handoffs: number): string {
  const where = handoffs === 1 ? 'at hand-off' : `at ${handoffs} hand-offs`;
  if (live === 0) return `nothing is mapped ${where}`;
  return live === 1 ? `1 mapping is live ${where}` : `${live} mappings are live ${where}`;
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
