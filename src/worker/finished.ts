import type { Journal, LineIndex, Report, ReportFinding } from '../core/index.ts';
import { refused } from '../protocol/outcome.ts';

/** An analysis that is over, until the host forgets it. */
export interface Finished {
  readonly report: Report;
  /** One a boot. */
  readonly journals: readonly Journal[];
  readonly findings: readonly ReportFinding[];
  /** Made when the first line is asked for. */
  lineIndex: LineIndex | null;
}

/** Finds the analysis with a number; `undefined`: it was forgotten, or the worker is another one. */
export type FindFinished = (analysis: number) => Finished | undefined;

export const NOT_AT_HAND = refused('This analysis is no longer at hand. Analyze the log again.');
