import { ProgressLocation, Uri, commands, window, workspace, type CancellationToken } from 'vscode';
import { formatBytes } from '../../core/index.ts';
import type { Analyzer } from '../analyzer.ts';
import { together, type Disposable } from '../disposable.ts';
import type { Failures } from '../failures.ts';
import { COMMANDS } from '../ids.ts';
import type { Result, ResultStore } from '../results.ts';
import { readSettings } from '../settings.ts';
import { nameOf } from '../uris.ts';
import { tellResult } from './tell-result.ts';

/** “Analyze File on Disk…”: streams files of any size, which need not be open and may be compressed. */
export function registerAnalyzeLargeFile(analyzer: Analyzer, results: ResultStore, failures: Failures): Disposable {
  /** @returns whether to go on with the next file */
  async function analyze(uri: Uri): Promise<boolean> {
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open !== undefined) {
      // What is on the screen counts, not what was last saved.
      await commands.executeCommand(COMMANDS.analyzeFile, uri);
      return true;
    }
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
  }

  const subscriptions = [
    // The explorer passes the file that was clicked, and all that are selected.
    commands.registerCommand(COMMANDS.analyzeLargeFile, async (clicked?: unknown, selected?: unknown) => {
      const uris = toUris(clicked, selected) ?? (await askForFiles());
      for (const uri of uris) {
        if (!(await analyze(uri))) break;
      }
      tellResult(uris.map((uri) => results.get(uri)).filter(isDone));
    }),
    commands.registerCommand(COMMANDS.clearResults, () => {
      for (const result of results.all()) {
        if (result.state === 'done' && result.origin.kind === 'disk') results.delete(result.uri);
      }
    }),
  ];
  return together(subscriptions);
}

function toUris(clicked: unknown, selected: unknown): readonly Uri[] | null {
  const all = Array.isArray(selected) ? selected.filter((item) => item instanceof Uri) : [];
  if (all.length > 0) return all;
  return clicked instanceof Uri ? [clicked] : null;
}

async function askForFiles(): Promise<readonly Uri[]> {
  const chosen = await window.showOpenDialog({
    title: 'Analyze Firmware Logs',
    openLabel: 'Analyze',
    canSelectMany: true,
    filters: { 'Logs, also compressed': ['log', 'txt', 'gz'], 'All files': ['*'] },
  });
  return chosen ?? [];
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

function isDone(result: Result | null): result is Result & { readonly state: 'done' } {
  return result?.state === 'done';
}
