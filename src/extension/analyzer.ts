import { workspace, type CancellationToken, type Event, type Uri } from 'vscode';
import type { LineFacts, PlatformChoice, Report, ReportFinding, RuleMeta, RuleSettings } from '../core/index.ts';
import type {
  AnalysisCalls,
  AnalysisDigest,
  AnalysisStart,
  FileProgress,
  ReportFormat,
} from '../protocol/analysis-calls.ts';
import type { LogProgress } from '../protocol/capture-calls.ts';
import { crashed, refused, succeeded, type Outcome } from '../protocol/outcome.ts';
import type { ReplayCalls } from '../protocol/replay-calls.ts';
import type { CallOptions } from '../protocol/rpc.ts';
import type { TimelineCalls } from '../protocol/timeline-calls.ts';
import type { Disposable } from './disposable.ts';
import { createPacer } from './pacer.ts';
import type { Platform } from './platform.ts';
import { readReport } from './report-reader.ts';
import { createWorkerConnection, type AnalysisClient } from './worker-connection.ts';

/** Analyses logs in the worker. */
export interface Analyzer extends Disposable {
  analyzeText(input: AnalysisInput, slices: Iterable<string>, token: CancellationToken): Promise<Outcome<Analysis>>;
  /** Streams a file from disk, or through VS Code's file system where the worker cannot reach it. */
  analyzeFile(
    input: AnalysisInput,
    uri: Uri,
    token: CancellationToken,
    onProgress: (progress: FileProgress) => void,
  ): Promise<Outcome<Analysis>>;
  /** Follows a log on disk from its beginning while it grows, until `token` is cancelled. */
  followLog(uri: Uri, token: CancellationToken, onProgress: (progress: LogProgress) => void): Promise<Outcome<null>>;
  listRules(): Promise<Outcome<readonly RuleMeta[]>>;
  /** The worker died: the digests remain, the reports are gone. */
  readonly onDidLoseReports: Event<void>;
}

export interface AnalysisInput {
  readonly sourceName: string;
  readonly rules: RuleSettings;
  readonly platform: PlatformChoice;
}

/** A finished analysis: its digest is here, its report in the worker, until it is disposed of and nobody else holds it. */
export interface Analysis extends Disposable {
  readonly digest: AnalysisDigest;
  describeLine(line: number, token: CancellationToken): Promise<Outcome<readonly LineFacts[]>>;
  /** Findings of all boots: errors first, then by line. */
  readFindings(from: number, to: number): Promise<Outcome<readonly ReportFinding[]>>;
  /** UTF-8. */
  renderReport(format: ReportFormat): Promise<Outcome<ArrayBuffer>>;
  readReport(): Promise<Outcome<Report>>;
  /** Asks the worker for what belongs to this analysis: its timeline, its replay. */
  ask<Name extends keyof AnalysisQuestions>(
    name: Name,
    params: Omit<AnalysisQuestions[Name]['params'], 'analysis'>,
    options?: CallOptions<never>,
  ): Promise<Outcome<AnalysisQuestions[Name]['result']>>;
  /** For who goes on with it when the log has a newer analysis: it stays until what this gives is disposed of, too. */
  hold(): Disposable;
}

export type AnalysisQuestions = TimelineCalls & ReplayCalls & Pick<AnalysisCalls, 'readPage'>;

/** Bytes of a file that travel in one message. */
const PIECE_BYTES = 512 * 1024;

export function createAnalyzer(platform: Platform, extensionUri: Uri): Analyzer {
  const connection = createWorkerConnection(platform, extensionUri);
  let lastAnalysis = 0;

  /** Runs one analysis; whatever comes in between, the worker keeps nothing of one that failed. */
  async function analyze(
    input: AnalysisInput,
    run: (client: AnalysisClient, start: AnalysisStart) => Promise<Outcome<AnalysisDigest>>,
  ): Promise<Outcome<Analysis>> {
    const analysis = ++lastAnalysis;
    try {
      const client = await connection.client();
      const outcome = await run(client, { analysis, ...input });
      if (outcome.ok) return { ok: true, value: toAnalysis(client, analysis, outcome.value) };
      void client.call('forget', { analysis });
      return outcome;
    } catch (error) {
      // The worker could not be started.
      return crashed(error);
    }
  }

  async function ask<T>(question: (client: AnalysisClient) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    try {
      return await question(await connection.client());
    } catch (error) {
      // The worker could not be started.
      return crashed(error);
    }
  }

  return {
    onDidLoseReports: connection.onDidLoseWorker,
    analyzeText: (input, slices, token) =>
      analyze(input, (client, start) =>
        stream(client, start, slices, token, (text) =>
          client.call('pushText', { analysis: start.analysis, text }, { cancellation: token }),
        ),
      ),
    analyzeFile: (input, uri, token, onProgress) =>
      analyze(input, async (client, start) => {
        const path = platform.toWorkerPath(uri);
        if (path !== null) {
          return client.call('analyzeFile', { ...start, path }, { cancellation: token, onProgress });
        }
        const file = await readFile(uri);
        if (!file.ok) return file;
        const bytes = file.value;
        let bytesRead = 0;
        return stream(client, start, cutBytes(bytes), token, async (piece) => {
          const length = piece.byteLength;
          const outcome = await client.call(
            'pushBytes',
            { analysis: start.analysis, bytes: piece },
            { cancellation: token, transfer: [piece] },
          );
          onProgress({ bytesRead: (bytesRead += length), bytesTotal: bytes.length });
          return outcome;
        });
      }),
    followLog: ({ fsPath: path }, token, onProgress) =>
      ask((client) => client.call('followLog', { path }, { cancellation: token, onProgress })),
    listRules: () => ask((client) => client.call('listRules', null)),
    dispose: () => connection.dispose(),
  };
}

/** Pushes the input piece by piece, two at a time: the next is on its way while the worker chews on one. */
async function stream<Piece>(
  client: AnalysisClient,
  start: AnalysisStart,
  pieces: Iterable<Piece>,
  token: CancellationToken,
  push: (piece: Piece) => Promise<Outcome<null>>,
): Promise<Outcome<AnalysisDigest>> {
  const pace = createPacer();
  let previous = client.call('startAnalysis', start, { cancellation: token });
  for (const piece of pieces) {
    const current = push(piece);
    const outcome = await previous;
    if (!outcome.ok) return outcome;
    previous = current;
    await pace();
  }
  const outcome = await previous;
  return outcome.ok ? client.call('finishAnalysis', { analysis: start.analysis }, { cancellation: token }) : outcome;
}

async function readFile(uri: Uri): Promise<Outcome<Uint8Array>> {
  try {
    return succeeded(await workspace.fs.readFile(uri));
  } catch (error) {
    return refused(`The file cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* cutBytes(bytes: Uint8Array): Generator<ArrayBuffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    // A copy, because what moves to the worker is lost here, and the rest of its buffer with it.
    yield Uint8Array.from(bytes.subarray(from, from + PIECE_BYTES)).buffer;
  }
}

function toAnalysis(client: AnalysisClient, analysis: number, digest: AnalysisDigest): Analysis {
  let holders = 0;
  function hold(): Disposable {
    let held = true;
    holders++;
    return {
      dispose() {
        if (held && --holders === 0) void client.call('forget', { analysis });
        held = false;
      },
    };
  }
  const ownHold = hold();
  return {
    digest,
    describeLine: (line, token) => client.call('describeLine', { analysis, line }, { cancellation: token }),
    readFindings: (from, to) => client.call('readFindings', { analysis, from, to }),
    renderReport: (format) => client.call('renderReport', { analysis, format }),
    readReport: () => readReport(client, analysis),
    ask: (name, params, options) => client.call(name, { ...params, analysis }, options),
    hold,
    dispose: () => ownHold.dispose(),
  };
}
