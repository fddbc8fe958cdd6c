import type { Companion, CompanionEvent } from './companion/companion.ts';
import { createMerge } from './companion/merge.ts';
import { DIALECTS } from './dialects/registry.ts';
import type { Journal } from './journal/journal.ts';
import type { JournalWriter } from './journal/journal-writer.ts';
import { createJournalWriter } from './journal/journal-writer.ts';
import type { BootStanding } from './lifecycle/boot-standing.ts';
import type { TraceBuilder } from './lifecycle/trace-builder.ts';
import { createTraceBuilder } from './lifecycle/trace-builder.ts';
import type { DmaEvent } from './model/events.ts';
import type { Report, ReportBuffer, ReportInput, ReportMapping, ReportSource, ReportTrace } from './model/report.ts';
import type { PlatformChoice, Trace } from './model/trace.ts';
import type { FindingCollector, RuleSettings } from './report/findings.ts';
import { createFindingCollector } from './report/findings.ts';
import { adviseOnCompanions, adviseOnInput } from './report/advice.ts';
import {
  toCount,
  toReportBuffer,
  toReportDevice,
  toReportTranslation,
  toReportExit,
  toReportFailedMap,
  toReportMapping,
  toReportTracer,
} from './report/to-report.ts';
import { RULES } from './rules/registry.ts';
import type { RecordSource } from './syntax/record-reader.ts';
import { createRecordReader } from './syntax/record-reader.ts';
import type { AnchorHit } from './text/line-scanner.ts';
import { createLineScanner } from './text/line-scanner.ts';
import { createLineTimes } from './text/line-times.ts';

export interface AnalysisOptions {
  /** Name of the input, for the report. */
  readonly sourceName: string;
  /** Version of DMA Handoff, for the report. */
  readonly version: string;
  readonly rules?: RuleSettings;
  /** How the platform treats DMA at hand-off, where the user knows better than the log. Default: `auto`. */
  readonly platform?: PlatformChoice;
  /** Second logs of the same boot, such as the trace of the machine. */
  readonly with?: readonly Companion[];
  /** Whether a journal of each boot is kept, for the timeline and the replay. Default: none is. */
  readonly journal?: boolean;
}

/** One analysis of one input. Push text in chunks of any size, then finish. */
export interface Analysis {
  /** Text of the log. A `ByteDecoder` makes it from bytes. */
  readonly push: (chunk: string) => void;
  /** Ends the input. Call once. `bytes` is its length in bytes, if that is known; else it is taken to be one a UTF-16 unit. */
  finish(bytes?: number): Report;
  /** One per boot that is over, in order; empty if none were asked for. */
  readonly journals: readonly Journal[];
  /** Lines so far, for progress. */
  readonly lineCount: number;
  /** Where the boot that is under way stands, for those who follow a log while it is written. */
  readonly now: BootProgress;
}

/** The boot that is under way. */
export interface BootProgress extends Omit<BootStanding, 'liveBytes'> {
  /** Which boot of the log it is, from 1. */
  readonly boot: number;
  /** Bytes of host memory that are mapped. */
  readonly liveBytes: number;
}

/** What a streaming analysis hands over as soon as it is final, so that nothing piles up. */
export interface ReportSink {
  /** Which mappings are wanted at all: to put one into the report's form costs more than to analyse it. */
  readonly wanted: 'all' | 'live-at-handoff';
  mapping(mapping: ReportMapping): void;
  /** Absent: no buffers are wanted. */
  readonly buffer?: (buffer: ReportBuffer) => void;
  /** The boot is over: all its mappings and buffers have been handed over, and are not repeated here. */
  trace(trace: Omit<ReportTrace, 'mappings' | 'buffers'>): void;
  /** The journal of the boot that is over; absent: none is wanted. */
  readonly journal?: ((journal: Journal) => void) | undefined;
}

/** What a streaming analysis ends with. */
export type ReportEnd = Pick<Report, 'source' | 'input'>;

/** As `Analysis`, but what was handed over is not returned. */
export type StreamingAnalysis = Omit<Analysis, 'finish' | 'journals'> & { finish(bytes?: number): ReportEnd };

/** Analyses an input and returns the whole report. Never throws on any input. */
export function createAnalysis(options: AnalysisOptions): Analysis {
  const traces: ReportTrace[] = [];
  const journals: Journal[] = [];
  let mappings: ReportMapping[] = [];
  let buffers: ReportBuffer[] = [];
  const analysis = createStreamingAnalysis(options, {
    wanted: 'all',
    mapping: (mapping) => mappings.push(mapping),
    buffer: (buffer) => buffers.push(buffer),
    trace(trace) {
      mappings.sort((a, b) => a.id - b.id);
      buffers.sort((a, b) => a.id - b.id);
      traces.push({ ...trace, buffers, mappings });
      mappings = [];
      buffers = [];
    },
    journal: options.journal === true ? (journal) => journals.push(journal) : undefined,
  });
  return {
    push: analysis.push,
    journals,
    finish(bytes) {
      const { source, input } = analysis.finish(bytes);
      return { schemaVersion: 1, tool: { name: 'dma-handoff', version: options.version }, source, traces, input };
    },
    get lineCount() {
      return analysis.lineCount;
    },
    get now() {
      return analysis.now;
    },
  };
}

/** Analyses an input and hands the parts of the report over as they become final: memory is bound by what is live. */
export function createStreamingAnalysis(options: AnalysisOptions, sink: ReportSink): StreamingAnalysis {
  const reader = createRecordReader(DIALECTS, sink.wanted === 'all');
  const times = createLineTimes();
  const merges = (options.with ?? []).map(createMerge);
  const ended: Trace[] = [];
  const notes = (options.with ?? [])
    .filter((companion) => companion.cut)
    .map(
      ({ name, events }) => `${name}: what follows its first ${events.length} lines that tell something is left out.`,
    );
  let cut = false;
  let malformedLines = 0;
  let lastMalformedLineIndex = -1;
  let current = startTrace(0);

  const scanner = createLineScanner(reader.anchors, (hit) => {
    const reading = reader.read(hit);
    switch (reading.kind) {
      case 'event':
        applyHit(reading.event, hit, reading.source);
        break;
      case 'malformed':
        if (hit.lineIndex !== lastMalformedLineIndex) malformedLines++;
        lastMalformedLineIndex = hit.lineIndex;
        current.builder.malformed(hit.lineIndex, reading.message);
        break;
      case 'cut':
        cut = true;
        break;
      case 'nothing':
        break;
    }
    return reading.end;
  });

  function startTrace(firstLineIndex: number): Boot {
    const journal = sink.journal ? createJournalWriter() : null;
    const findings = createFindingCollector(RULES, options.rules ?? {});
    const builder = createTraceBuilder(firstLineIndex, {
      details: sink.wanted === 'all',
      ...(journal && { steps: journal }),
      fact: (fact) => {
        findings.fact(fact);
      },
      mappingSettled: (mapping) => {
        if (sink.wanted === 'all' || mapping.liveAtHandoff) sink.mapping(toReportMapping(mapping));
      },
      bufferSettled: (buffer) => {
        sink.buffer?.(toReportBuffer(buffer));
      },
    });
    return { builder, findings, journal };
  }

  /** What companions tell comes first, at the line of the log that it was placed before. */
  function applyHit(event: DmaEvent, hit: AnchorHit, { id, writer: other }: RecordSource): void {
    const { lineIndex } = hit;
    const writer = other ?? 'firmware';
    const told = event.kind === 'tracer-record' ? event.micros / 1e6 : null;
    const seconds = times.secondsAt(hit, writer, told);
    // The tracer's clock begins when it is loaded: no companion has it.
    const shared = times.isTold ? null : seconds;
    for (const merge of merges) for (const each of merge.before(event, shared)) applyCompanions(each, lineIndex);
    if (current.builder.apply(event, lineIndex, id, seconds)) return;
    endTrace(lineIndex - 1, false);
    current = startTrace(lineIndex);
    times.restart();
    current.builder.apply(event, lineIndex, id, times.secondsAt(hit, writer, told));
  }

  function applyCompanions({ event, dialectId }: CompanionEvent, lineIndex: number): void {
    current.builder.apply(event, lineIndex, dialectId, null);
  }

  function endTrace(lastLineIndex: number, cutShort: boolean): void {
    const trace = withPlatform(current.builder.finish(lastLineIndex, cutShort), options.platform ?? 'auto');
    ended.push(trace);
    const { findings, counts, omitted } = current.findings.finish(trace);
    if (omitted > 0)
      notes.push(
        `${omitted} more findings of the same kinds are left out of the boot that begins at line ${trace.firstLineIndex + 1}.`,
      );
    sink.trace({
      firstLine: trace.firstLineIndex + 1,
      lastLine: trace.lastLineIndex + 1,
      dialects: trace.dialects,
      platform: trace.platform,
      platformEvidence: trace.platformEvidence && {
        line: trace.platformEvidence.lineIndex + 1,
        text: trace.platformEvidence.text,
      },
      exitBootServices: trace.exitBootServices && toReportExit(trace.exitBootServices),
      handoff: trace.handoff && {
        line: trace.handoff.lineIndex + 1,
        time: trace.handoff.seconds,
        evidence: trace.handoff.evidence,
      },
      devices: trace.devices.map(toReportDevice),
      translation: trace.translation && toReportTranslation(trace.translation),
      tracer: trace.tracer && toReportTracer(trace.tracer),
      failedMaps: trace.failedMaps.map(toReportFailedMap),
      findings,
      summary: {
        calls: trace.counts.calls,
        maps: trace.counts.maps,
        unmaps: trace.counts.unmaps,
        allocations: trace.counts.allocations,
        frees: trace.counts.frees,
        liveAtHandoff: trace.handoff ? trace.live.length : 0,
        peakLive: trace.counts.peakLive,
        peakLiveBytes: toCount(trace.counts.peakLiveBytes) ?? 0,
        errors: counts.error,
        warnings: counts.warning,
        information: counts.information,
      },
    });
    if (current.journal) sink.journal?.(current.journal.finish(trace));
  }

  return {
    push: scanner.push,
    finish(bytes = scanner.length) {
      scanner.end();
      for (const merge of merges)
        for (const each of merge.rest()) applyCompanions(each, Math.max(scanner.lineCount - 1, 0));
      endTrace(Math.max(scanner.lineCount - 1, 0), cut);
      const source: ReportSource = { name: options.sourceName, bytes, lines: scanner.lineCount };
      const input: ReportInput = {
        truncated: scanner.lastLineUnterminated,
        splicedLines: reader.splicedLines,
        malformedLines,
        prefix: times.prefix && { id: times.prefix.id, title: times.prefix.title, time: times.prefix.time },
        companions: merges.map(({ summary }) => summary),
        notes: [...notes, ...adviseOnCompanions(merges.map(({ summary }) => summary)), ...adviseOnInput(ended)],
      };
      return { source, input };
    },
    get lineCount() {
      return scanner.lineCount;
    },
    get now() {
      const { standing } = current.builder;
      return { ...standing, liveBytes: toCount(standing.liveBytes) ?? 0, boot: ended.length + 1 };
    },
  };
}

/** What is under way of one boot. */
interface Boot {
  readonly builder: TraceBuilder;
  readonly findings: FindingCollector;
  readonly journal: JournalWriter | null;
}

/** The user's word goes before the log's. */
function withPlatform(trace: Trace, choice: PlatformChoice): Trace {
  return choice === 'auto' ? trace : { ...trace, platform: choice, platformEvidence: null };
}
