import { Uri, commands, window, workspace, type TextDocument } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';
import type { ResultStore } from '../results.ts';
import type { Session } from '../session.ts';
import { activeLog, nameOf } from '../uris.ts';
import type { CaptureOffer } from './capture-offer.ts';
import { tellResult } from './tell-result.ts';

/** “Analyze Current File”: works on any text, whatever its name and language. */
export function registerAnalyzeFile(results: ResultStore, session: Session, captureOffer: CaptureOffer): Disposable {
  return commands.registerCommand(COMMANDS.analyzeFile, async (asked?: unknown) => {
    const document = documentToAnalyze(asked);
    if (document === null) {
      // What is too large for a document can be read from disk.
      const uri = asked instanceof Uri ? asked : activeLog();
      if (uri !== null) await commands.executeCommand(COMMANDS.analyzeLargeFile, uri);
      else void window.showInformationMessage('Open the log that you want to analyze first.');
      return;
    }
    captureOffer.keepQuiet(document.uri);
    session.analyze(document);
    await session.whenSettled(document.uri);
    const result = results.get(document.uri);
    if (result?.state === 'failed') {
      void window.showErrorMessage(`${nameOf(document.uri)} could not be analyzed. ${result.message}`);
    }
    // Findings show themselves; that there is nothing to find has to be said.
    if (result?.state === 'done' && result.analysis.digest.verdict.level === 'no-trace')
      tellResult([result], captureOffer.canCapture());
  });
}

function documentToAnalyze(asked: unknown): TextDocument | null {
  const active = window.activeTextEditor?.document;
  const key = (asked instanceof Uri ? asked : activeLog())?.toString();
  if (active?.uri.toString() === key) return active ?? null;
  return workspace.textDocuments.find((document) => document.uri.toString() === key) ?? null;
}
