import { verdictOf, type Report, type ReportFinding, type ReportTrace, type Severity } from '../core/index.ts';
import type {
  AnalysisDigest,
  ReportItem,
  ReportOutline,
  ReportPage,
  TraceOutline,
} from '../protocol/analysis-calls.ts';

const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2 };

export function toDigest(report: Report): AnalysisDigest {
  return {
    source: report.source,
    input: report.input,
    verdict: verdictOf(report),
    traces: report.traces.map(toTraceOutline),
    findingCount: report.traces.reduce((count, trace) => count + trace.findings.length, 0),
  };
}

/** The findings of all boots, the gravest first. */
export function sortFindings(report: Report): readonly ReportFinding[] {
  return report.traces.flatMap((trace) => trace.findings).sort(byImportance);
}

export function toOutline(report: Report): ReportOutline {
  const traces = report.traces.map((trace) => ({
    ...toTraceOutline(trace),
    counts: {
      buffers: trace.buffers.length,
      mappings: trace.mappings.length,
      failedMaps: trace.failedMaps.length,
      findings: trace.findings.length,
    },
  }));
  return { ...report, traces };
}

export function toPage(report: Report, page: ReportPage): readonly ReportItem[] {
  return report.traces[page.traceIndex]?.[page.list].slice(page.from, page.to) ?? [];
}

function toTraceOutline(trace: ReportTrace): TraceOutline {
  const { firstLine, lastLine, dialects, platform, platformEvidence, exitBootServices, handoff, summary } = trace;
  const { devices, translation, tracer } = trace;
  return {
    firstLine,
    lastLine,
    dialects,
    platform,
    platformEvidence,
    exitBootServices,
    handoff,
    devices,
    translation,
    tracer,
    summary,
  };
}

function byImportance(a: ReportFinding, b: ReportFinding): number {
  return RANKS[a.severity] - RANKS[b.severity] || a.line - b.line;
}
