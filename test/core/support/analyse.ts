import type { AnalysisOptions } from '../../../src/core/analyze.ts';
import { createAnalysis } from '../../../src/core/index.ts';
import type { Report, ReportTrace } from '../../../src/core/index.ts';

/** The report of a text that comes in the given chunks. */
export function analyse(text: string | Iterable<string>, options: Partial<AnalysisOptions> = {}): Report {
  const analysis = createAnalysis({ sourceName: 'debug.log', version: '0.0.0', ...options });
  for (const chunk of typeof text === 'string' ? [text] : text) analysis.push(chunk);
  return analysis.finish();
}

/** The only boot of a text. */
export function analyseBoot(text: string | Iterable<string>, options: Partial<AnalysisOptions> = {}): ReportTrace {
  const { traces } = analyse(text, options);
  const [trace] = traces;
  if (!trace || traces.length > 1) throw new Error(`${traces.length} boots instead of one`);
  return trace;
}

/** `line severity rule` of each finding, with `inferred` where it is not certain. */
export function findingsOf(trace: Pick<ReportTrace, 'findings'>): string[] {
  return trace.findings.map(
    ({ line, severity, rule, certain }) => `${line} ${severity} ${rule}${certain ? '' : ' inferred'}`,
  );
}
