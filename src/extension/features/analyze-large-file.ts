import { Uri, commands, window, workspace } from 'vscode';
import { together, type Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';
import type { AnalyzeOnDisk } from '../log-analyses.ts';
import { isDone, type ResultStore } from '../results.ts';
import type { CaptureOffer } from './capture-offer.ts';
import { tellResult } from './tell-result.ts';

/** “Analyze File on Disk…”: streams files of any size, which need not be open and may be compressed. */
export function registerAnalyzeLargeFile(
  analyzeOnDisk: AnalyzeOnDisk,
  results: ResultStore,
  { canCapture }: Pick<CaptureOffer, 'canCapture'>,
): Disposable {
  /** @returns whether to go on with the next file */
  async function analyze(uri: Uri): Promise<boolean> {
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open === undefined) return analyzeOnDisk(uri);
    // What is on the screen counts, not what was last saved.
    await commands.executeCommand(COMMANDS.analyzeFile, uri);
    return true;
  }

  const subscriptions = [
    // The explorer passes the file that was clicked, and all that are selected.
    commands.registerCommand(COMMANDS.analyzeLargeFile, async (clicked?: unknown, selected?: unknown) => {
      const uris = toUris(clicked, selected) ?? (await askForFiles());
      for (const uri of uris) {
        if (!(await analyze(uri))) break;
      }
      tellResult(uris.map((uri) => results.get(uri)).filter(isDone), canCapture());
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
