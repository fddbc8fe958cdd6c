import { ProgressLocation, window, workspace, type CancellationToken, type Uri } from 'vscode';
import { formatBytes } from '../core/index.ts';
import type { Analyzer } from './analyzer.ts';
import type { Failures } from './failures.ts';
import { isDone, type DoneResult, type ResultStore } from './results.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';
import { nameOf } from './uris.ts';

/** Streams a log from disk, with a notification that shows how far it is. Gives `false` if the user cancelled it. */
export type AnalyzeOnDisk = (uri: Uri) => Promise<boolean>;

/** Gets the finished analysis of a log, and makes it if there is none yet; `null`: there is none, and the user knows why. */
export type DemandAnalysis = (uri: Uri) => Promise<DoneResult | null>;

export function createAnalyzeOnDisk(analyzer: Analyzer, results: ResultStore, failures: Failures): AnalyzeOnDisk {
  return async (uri) => {
    const outcome = await withProgress(uri, (token, report) => {
      const { rules, platform } = readSettings(uri);
      const input = { sourceName: nameOf(uri), rules, platform };
      return analyzer.analyzeFile(input, uri, token, ({ bytesRead, bytesTotal }) => report(bytesRead, bytesTotal));
    });
    if (outcome.ok) {
      results.set({ state: 'done', uri, origin: { kind: 'disk' }, analysis: outcome.value });
    } else if (outcome.failure.kind === 'cancelled') {
      return false;
    } else {
      void window.showErrorMessage(`${nameOf(uri)} could not be analyzed. ${failures.explain(outcome.failure)}`);
    }
    return true;
  };
}

export function createDemandAnalysis(
  analyzeOnDisk: AnalyzeOnDisk,
  results: ResultStore,
  session: Session,
): DemandAnalysis {
  /** Two views of the same log need one analysis. */
  const underWay = new Map<string, Promise<boolean>>();

  async function analyzeOnce(uri: Uri): Promise<void> {
    const key = uri.toString();
    const running = underWay.get(key) ?? analyzeOnDisk(uri);
    underWay.set(key, running);
    try {
      await running;
    } finally {
      underWay.delete(key);
    }
  }

  return async (uri) => {
    await session.whenSettled(uri);
    const found = results.get(uri);
    if (isDone(found)) return found;
    const document = workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri.toString());
    if (document === undefined) {
      await analyzeOnce(uri);
    } else {
      session.analyze(document);
      await session.whenSettled(uri);
    }
    const made = results.get(uri);
    if (made?.state === 'failed') {
      void window.showErrorMessage(`${nameOf(uri)} could not be analyzed. ${made.message}`);
    }
    return isDone(made) ? made : null;
  };
}

async function withProgress<T>(
  uri: Uri,
  run: (token: CancellationToken, report: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const options = { location: ProgressLocation.Notification, title: `Analyzing ${nameOf(uri)}`, cancellable: true };
  return window.withProgress(options, (progress, token) => {
    let shownPercent = 0;
    return run(token, (done, total) => {
      const percent = Math.floor((100 * done) / Math.max(total, 1));
      if (percent === shownPercent) return;
      progress.report({
        increment: percent - shownPercent,
        message: `${formatBytes(done)} of ${formatBytes(total)}`,
      });
      shownPercent = percent;
    });
  });
}
