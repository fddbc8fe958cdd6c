import type {
  LineFacts,
  Report,
  ReportBuffer,
  ReportFailedMap,
  ReportFinding,
  ReportInput,
  ReportMapping,
  ReportSource,
  ReportTrace,
  RuleMeta,
  PlatformChoice,
  RuleSettings,
  Verdict,
} from '../core/index.ts';
import type { Call } from './rpc.ts';

/**
 * What the analysis worker does for the extension host. The reports stay in the worker, since unpacking a large one would
 * block the host; the host gets digests, pages and the facts of single lines.
 * An analysis has a number that the host chooses, and its report keeps it until it is forgotten.
 */
export interface AnalysisCalls {
  /** Begins an analysis whose input the host will push. */
  readonly startAnalysis: Call<AnalysisStart, null>;
  /** Answers when the chunk is processed, so that the host can keep few chunks under way. */
  readonly pushText: Call<{ readonly analysis: number; readonly text: string }, null>;
  /** Bytes of a file; a compressed one (gzip) is unpacked on the way. */
  readonly pushBytes: Call<{ readonly analysis: number; readonly bytes: ArrayBuffer }, null>;
  readonly finishAnalysis: Call<{ readonly analysis: number }, AnalysisDigest>;
  /** Reads a file from disk by itself. Only workers of a Node host can. */
  readonly analyzeFile: Call<AnalysisStart & { readonly path: string }, AnalysisDigest, FileProgress>;
  readonly describeLine: Call<{ readonly analysis: number; readonly line: number }, readonly LineFacts[]>;
  /** Findings of all boots: errors first, then by line. */
  readonly readFindings: Call<
    { readonly analysis: number; readonly from: number; readonly to: number },
    readonly ReportFinding[]
  >;
  readonly renderReport: Call<{ readonly analysis: number; readonly format: ReportFormat }, ArrayBuffer>;
  readonly readOutline: Call<{ readonly analysis: number }, ReportOutline>;
  readonly readPage: Call<{ readonly analysis: number; readonly page: ReportPage }, readonly ReportItem[]>;
  /** All rules, in the order of the documentation. */
  readonly listRules: Call<null, readonly RuleMeta[]>;
  /** Ends the analysis or drops its report. */
  readonly forget: Call<{ readonly analysis: number }, null>;
}

export interface AnalysisStart {
  readonly analysis: number;
  readonly sourceName: string;
  readonly rules: RuleSettings;
  /** Default: `auto`. */
  readonly platform?: PlatformChoice;
}

export interface FileProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export type ReportFormat = 'text' | 'json';

/** As much of a report as the editor shows without being asked for more. */
export interface AnalysisDigest {
  readonly source: ReportSource;
  readonly input: ReportInput;
  readonly verdict: Verdict;
  readonly traces: readonly TraceOutline[];
  /** Of all boots. */
  readonly findingCount: number;
}

export type TraceOutline = Omit<ReportTrace, ReportList>;

/** A report without its lists, and how long they are. */
export type ReportOutline = Omit<Report, 'traces'> & {
  readonly traces: readonly (TraceOutline & { readonly counts: Readonly<Record<ReportList, number>> })[];
};

export type ReportList = 'buffers' | 'mappings' | 'failedMaps' | 'findings';

export interface ReportPage {
  readonly traceIndex: number;
  readonly list: ReportList;
  readonly from: number;
  readonly to: number;
}

export type ReportItem = ReportBuffer | ReportMapping | ReportFailedMap | ReportFinding;
