import type {
  ReportBuffer,
  ReportExitBootServices,
  ReportFailedMap,
  ReportFinding,
  ReportMapping,
  ReportTrace,
} from '../model/report.ts';
import type { BufferRole, LineSubject, MappingRole } from './line-index.ts';

/**
 * The facts behind a line of the log, ready to be told: by the editor's hover, by the timeline's details. They are small,
 * whatever the size of the log, because they travel from the analysis' thread to the one that shows them.
 */
export type LineFacts =
  | (MappingLife & { readonly role: MappingRole })
  | (BufferLife & { readonly role: BufferRole })
  | { readonly kind: 'failed-map'; readonly failedMap: ReportFailedMap }
  | ExitStory;

/** A mapping from the allocation of its memory to its end. */
export interface MappingLife {
  readonly kind: 'mapping';
  readonly mapping: ReportMapping;
  readonly buffer: ReportBuffer | null;
  /** `null`: the trace ends before hand-off. */
  readonly handoffLine: number | null;
  readonly findings: readonly ReportFinding[];
}

/** An allocation and what was mapped in it. */
export interface BufferLife {
  readonly kind: 'buffer';
  readonly buffer: ReportBuffer;
  /** At most `MOST_MAPPINGS`, in the order they were made. */
  readonly mappings: readonly ReportMapping[];
  readonly mappingCount: number;
  readonly handoffLine: number | null;
  readonly findings: readonly ReportFinding[];
}

/** What happened between the begin of ExitBootServices and hand-off. */
export interface ExitStory {
  readonly kind: 'exit';
  /** Which part of it the line is. */
  readonly role: 'exit-marker' | 'exit-callback' | 'cleanup' | 'handoff';
  /** `null`: hand-off is seen in the log, ExitBootServices itself is not. */
  readonly exit: ReportExitBootServices | null;
  /** For a callback: its place in `exit.callbacks`. */
  readonly callbackIndex: number | null;
  readonly handoff: ReportTrace['handoff'];
  /** Live when ExitBootServices began; at most `MOST_MAPPINGS`, in the order they were made. */
  readonly live: readonly ReportMapping[];
  readonly liveCount: number;
  readonly liveBytes: number;
  readonly liveAtHandoff: number;
}

const MOST_MAPPINGS = 16;
const MOST_FINDINGS = 5;

export function describeSubject(subject: LineSubject): LineFacts {
  switch (subject.kind) {
    case 'mapping':
      return { ...describeMapping(subject.trace, subject.mapping), role: subject.role };
    case 'buffer':
      return { ...describeBuffer(subject.trace, subject.buffer), role: subject.role };
    case 'failed-map':
      return { kind: 'failed-map', failedMap: subject.failedMap };
    case 'exit-callback':
      return { ...describeExit(subject.trace, subject.kind), callbackIndex: subject.callbackIndex };
    case 'exit-marker':
    case 'cleanup':
    case 'handoff':
      return describeExit(subject.trace, subject.kind);
  }
}

function describeMapping(trace: ReportTrace, mapping: ReportMapping): MappingLife {
  return {
    kind: 'mapping',
    mapping,
    // Ids are given in order, but a report may come from elsewhere: only equality is relied on.
    buffer: trace.buffers.find((buffer) => buffer.id === mapping.buffer) ?? null,
    handoffLine: trace.handoff?.line ?? null,
    findings: trace.findings.filter((finding) => finding.mapping === mapping.id).slice(0, MOST_FINDINGS),
  };
}

function describeBuffer(trace: ReportTrace, buffer: ReportBuffer): BufferLife {
  const mappings = trace.mappings.filter((mapping) => mapping.buffer === buffer.id);
  return {
    kind: 'buffer',
    buffer,
    mappings: mappings.slice(0, MOST_MAPPINGS),
    mappingCount: mappings.length,
    handoffLine: trace.handoff?.line ?? null,
    findings: trace.findings.filter((finding) => finding.buffer === buffer.id).slice(0, MOST_FINDINGS),
  };
}

function describeExit(trace: ReportTrace, role: ExitStory['role']): ExitStory {
  const exit = trace.exitBootServices;
  const beginLine = exit?.firstLine ?? trace.handoff?.line ?? trace.lastLine;
  const live = trace.mappings.filter((mapping) => isLiveAt(mapping, beginLine));
  return {
    kind: 'exit',
    role,
    exit,
    callbackIndex: null,
    handoff: trace.handoff,
    live: live.slice(0, MOST_MAPPINGS),
    liveCount: live.length,
    liveBytes: live.reduce((sum, mapping) => sum + (mapping.bytes ?? 0), 0),
    liveAtHandoff: trace.summary.liveAtHandoff,
  };
}

/** Whether the mapping exists when the 1-based line is reached, before what that line does. */
function isLiveAt(mapping: ReportMapping, line: number): boolean {
  return mapping.mappedLine < line && (mapping.unmappedLine === null || mapping.unmappedLine >= line);
}
