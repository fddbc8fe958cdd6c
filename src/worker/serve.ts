import { RULES, createAnalysis, createLineIndex, describeSubject, type Analysis, type Report } from '../core/index.ts';
import type { AnalysisDigest, AnalysisStart, FileProgress } from '../protocol/analysis-calls.ts';
import { cancelled, refused, succeeded, type Outcome } from '../protocol/outcome.ts';
import { serveRpc, type CallContext, type Wire } from '../protocol/rpc.ts';
import type { WorkerCalls } from '../protocol/worker-calls.ts';
import { createByteInput, type ByteInput } from './byte-input.ts';
import { sortFindings, toDigest, toOutline, toPage } from './digest.ts';
import { NOT_AT_HAND, type Finished } from './finished.ts';
import type { WorkerPlatform } from './platform.ts';
import { renderReport } from './render-report.ts';
import { serveCapture } from './serve-capture.ts';
import { serveReplay } from './serve-replay.ts';
import { serveTimeline } from './serve-timeline.ts';

interface Running {
  readonly analysis: Analysis;
  readonly bytes: ByteInput;
  /** Units of text that came as such. */
  pushedLength: number;
}

/** Time between two progress messages: more would only keep the host busy. */
const PROGRESS_INTERVAL_MS = 100;

/** Serves analyses to the host at the other end of the wire. */
export function serveAnalyses(wire: Wire, platform: WorkerPlatform): void {
  const running = new Map<number, Running>();
  const finished = new Map<number, Finished>();

  function start({ sourceName, rules, platform: dmaPlatform = 'auto' }: AnalysisStart): Running {
    const analysis = createAnalysis({ sourceName, version: __VERSION__, rules, platform: dmaPlatform, journal: true });
    return { analysis, bytes: createByteInput(platform, analysis.push), pushedLength: 0 };
  }

  async function finish(id: number, { analysis, bytes, pushedLength }: Running): Promise<Outcome<AnalysisDigest>> {
    const unpacked = await unpack(() => bytes.end());
    if (!unpacked.ok) return unpacked;
    const report = withDamage(analysis.finish(bytes.length + pushedLength), bytes.damage);
    finished.set(id, { report, journals: analysis.journals, lineIndex: null, findings: sortFindings(report) });
    return succeeded(toDigest(report));
  }

  async function analyzeFile(
    params: AnalysisStart & { readonly path: string },
    context: CallContext<FileProgress>,
  ): Promise<Outcome<AnalysisDigest>> {
    if (platform.openFile === null) return refused('This worker cannot read files.');
    const file = await platform.openFile(params.path);
    if (!file.ok) return file;
    const { sizeBytes, chunks } = file.value;
    const analysis = start(params);
    let bytesRead = 0;
    let reportedMs = performance.now();
    const read = await unpack(async () => {
      for await (const chunk of chunks) {
        if (context.isCancelled()) break;
        await analysis.bytes.push(chunk);
        bytesRead += chunk.length;
        if (performance.now() - reportedMs < PROGRESS_INTERVAL_MS) continue;
        reportedMs = performance.now();
        context.report({ bytesRead, bytesTotal: Math.max(sizeBytes, bytesRead) });
      }
    });
    if (context.isCancelled()) return cancelled();
    return read.ok ? finish(params.analysis, analysis) : read;
  }

  serveRpc<WorkerCalls>(wire, {
    ...serveTimeline((id) => finished.get(id)),
    ...serveReplay((id) => finished.get(id)),
    ...serveCapture(platform),
    startAnalysis(params) {
      running.set(params.analysis, start(params));
      return succeeded(null);
    },
    pushText({ analysis: id, text }) {
      const found = running.get(id);
      if (found === undefined) return NOT_AT_HAND;
      found.analysis.push(text);
      found.pushedLength += text.length;
      return succeeded(null);
    },
    async pushBytes({ analysis: id, bytes }) {
      const found = running.get(id);
      if (found === undefined) return NOT_AT_HAND;
      return unpack(() => found.bytes.push(new Uint8Array(bytes)));
    },
    async finishAnalysis({ analysis: id }) {
      const found = running.get(id);
      running.delete(id);
      return found === undefined ? NOT_AT_HAND : finish(id, found);
    },
    analyzeFile,
    describeLine({ analysis: id, line }) {
      const found = finished.get(id);
      if (found === undefined) return NOT_AT_HAND;
      found.lineIndex ??= createLineIndex(found.report.traces);
      return succeeded(found.lineIndex.subjectsAt(line).map(describeSubject));
    },
    readFindings({ analysis: id, from, to }) {
      const found = finished.get(id);
      return found === undefined ? NOT_AT_HAND : succeeded(found.findings.slice(from, to));
    },
    renderReport({ analysis: id, format }) {
      const report = finished.get(id)?.report;
      if (report === undefined) return NOT_AT_HAND;
      const bytes = renderReport(report, format);
      return succeeded(bytes, [bytes]);
    },
    readOutline({ analysis: id }) {
      const report = finished.get(id)?.report;
      return report === undefined ? NOT_AT_HAND : succeeded(toOutline(report));
    },
    readPage({ analysis: id, page }) {
      const report = finished.get(id)?.report;
      return report === undefined ? NOT_AT_HAND : succeeded(toPage(report, page));
    },
    listRules: () => succeeded(RULES),
    forget({ analysis: id }) {
      running.delete(id);
      finished.delete(id);
      return succeeded(null);
    },
  });
}

/** Damaged compressed data and an unreadable file are no bugs: the user gets to know what is wrong with the input. */
async function unpack(read: () => Promise<void>): Promise<Outcome<null>> {
  try {
    await read();
    return succeeded(null);
  } catch (error) {
    return refused(`The file cannot be read to its end: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withDamage(report: Report, damage: string | null): Report {
  if (damage === null) return report;
  const note = `The gzip data of the log is damaged or cut (${damage}): only what stands before the damage was read.`;
  return { ...report, input: { ...report.input, notes: [note, ...report.input.notes] } };
}
