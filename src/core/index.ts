/** The only door of the core: everything that the command line, the extension, the worker and the webview may use. */
export { createAnalysis, createStreamingAnalysis } from './analyze.ts';
export type { Analysis, AnalysisOptions, ReportEnd, ReportSink } from './analyze.ts';
export { formatBytes } from './model/describe.ts';
export { SEVERITIES } from './model/report.ts';
export type * from './model/report.ts';
export type { Operation } from './model/operation.ts';
export type { Phase, Platform, RemovedBy } from './model/trace.ts';
export type { RuleSettings } from './report/findings.ts';
export { createLineIndex } from './report/line-index.ts';
export type { LineIndex, LineSubject } from './report/line-index.ts';
export { describeSubject } from './report/mapping-life.ts';
export type { BufferLife, ExitStory, LineFacts, MappingLife } from './report/mapping-life.ts';
