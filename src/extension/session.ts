import { CancellationTokenSource, workspace, type TextDocument, type Uri } from 'vscode';
import type { Report } from '../core/index.ts';
import type { Analyzer } from './analyzer.ts';
import type { Disposable } from './disposable.ts';
import { sliceText } from './document-text.ts';
import type { Failures } from './failures.ts';
import { LANGUAGE_ID } from './ids.ts';
import type { ResultStore } from './results.ts';
import { affectsSettings, readSettings } from './settings.ts';
import { isLogDocument, nameOf } from './uris.ts';

/** Keeps the results of open documents up to date: analyses them when they open, change, or the settings change. */
export interface Session extends Disposable {
  /** Analyses the document from now on, whatever its language, until it closes. */
  analyze(document: TextDocument): void;
  /** Resolves when the document's text as it is by then has been analysed; at once for a document that is not followed. */
  whenSettled(uri: Uri): Promise<void>;
  /** The whole report of an open document, or `null` if it is not analysed. */
  readReport(uri: Uri): Promise<Report | null>;
}

/** After a change the analysis waits this long for the next one. */
const QUIET_MS = 250;

/** A document that is followed. */
interface Followed {
  readonly document: TextDocument;
  /** Of the run that is under way or waiting. */
  run: Run | null;
  /** Whether the run after a crash of the worker crashed it as well. */
  crashedTwice: boolean;
}

interface Run {
  cancel(): void;
  /** Resolves when the run is over, done or cancelled. */
  readonly over: Promise<void>;
}

export function createSession(analyzer: Analyzer, results: ResultStore, failures: Failures): Session {
  const followed = new Map<string, Followed>();

  function follow(document: TextDocument): void {
    const key = document.uri.toString();
    const entry = followed.get(key) ?? { document, run: null, crashedTwice: false };
    followed.set(key, entry);
    start(entry, 0);
  }

  function unfollow(uri: Uri): void {
    const entry = followed.get(uri.toString());
    if (entry === undefined) return;
    followed.delete(uri.toString());
    entry.run?.cancel();
    results.delete(uri);
  }

  function start(entry: Followed, delayMs: number): void {
    entry.run?.cancel();
    results.set({ state: 'running', uri: entry.document.uri });
    const cancellation = new CancellationTokenSource();
    const run: Run = {
      cancel: () => cancellation.cancel(),
      over: delay(delayMs, cancellation)
        .then(() => analyzeNow(entry, cancellation))
        .finally(() => cancellation.dispose()),
    };
    entry.run = run;
  }

  async function analyzeNow(entry: Followed, { token }: CancellationTokenSource): Promise<void> {
    const isCancelled = (): boolean => token.isCancellationRequested;
    if (isCancelled()) return;
    const { document } = entry;
    const { uri, version } = document;
    const { rules, platform } = readSettings(uri);
    const input = { sourceName: nameOf(uri), rules, platform };
    const outcome = await analyzer.analyzeText(input, sliceText(document), token);
    // Superseded: whoever cancelled has begun another run, or dropped the document.
    if (isCancelled()) {
      if (outcome.ok) outcome.value.dispose();
      return;
    }
    entry.run = null;
    if (outcome.ok) {
      entry.crashedTwice = false;
      results.set({ state: 'done', uri, origin: { kind: 'document', version }, analysis: outcome.value });
    } else if (outcome.failure.kind === 'disconnected' && !entry.crashedTwice) {
      entry.crashedTwice = true;
      start(entry, 0);
    } else {
      results.set({ state: 'failed', uri, message: failures.explain(outcome.failure) });
    }
  }

  function followIfWanted(document: TextDocument): void {
    if (document.languageId !== LANGUAGE_ID || !isLogDocument(document)) return;
    if (readSettings(document.uri).analyzeOnOpen) follow(document);
  }

  function restartAll(): void {
    for (const entry of followed.values()) start(entry, 0);
  }

  const subscriptions = [
    workspace.onDidOpenTextDocument(followIfWanted),
    workspace.onDidCloseTextDocument((document) => unfollow(document.uri)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const entry = followed.get(document.uri.toString());
      // Without changes it is only news about being saved.
      if (entry !== undefined && contentChanges.length > 0) start(entry, QUIET_MS);
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (!affectsSettings(event)) return;
      restartAll();
      for (const document of workspace.textDocuments) {
        if (!followed.has(document.uri.toString())) followIfWanted(document);
      }
    }),
    analyzer.onDidLoseReports(() => {
      for (const entry of followed.values()) {
        if (results.get(entry.document.uri)?.state === 'done') start(entry, 0);
      }
    }),
  ];
  workspace.textDocuments.forEach(followIfWanted);

  async function whenSettled(uri: Uri): Promise<void> {
    for (let entry = followed.get(uri.toString()); entry?.run; entry = followed.get(uri.toString())) {
      await entry.run.over;
    }
  }

  return {
    analyze: follow,
    whenSettled,
    async readReport(uri) {
      for (;;) {
        await whenSettled(uri);
        const result = results.get(uri);
        if (result?.state !== 'done') return null;
        const report = await result.analysis.readReport();
        // While its pages were read the document may have changed and the report with it.
        if (results.get(uri) === result) return report.ok ? report.value : null;
      }
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      for (const entry of followed.values()) entry.run?.cancel();
      followed.clear();
    },
  };
}

/** Resolves after the time, or as soon as the wait is cancelled. */
function delay(milliseconds: number, { token }: CancellationTokenSource): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
