import { EventEmitter, Uri, commands, window, workspace } from 'vscode';
import type { ReportFormat } from '../../protocol/analysis-calls.ts';
import { together, type Disposable } from '../disposable.ts';
import type { Failures } from '../failures.ts';
import { COMMANDS, LANGUAGE_ID, REPORT_SCHEME } from '../ids.ts';
import { formatOfReport, sourceOfReport, toReportUri } from '../report-uri.ts';
import type { Result, ResultStore } from '../results.ts';
import type { Session } from '../session.ts';
import { activeLog, nameOf } from '../uris.ts';

/** Handing a longer text to an editor would block the extension host; it can be saved instead. */
const LONGEST_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** Shows reports as read-only documents, which follow the analysis. */
export function registerReportDocuments(results: ResultStore, session: Session, failures: Failures): Disposable {
  const change = new EventEmitter<Uri>();

  async function settledResult(log: Uri): Promise<Result | null> {
    await session.whenSettled(log);
    return results.get(log);
  }

  async function provideText(report: Uri): Promise<string> {
    const log = sourceOfReport(report);
    const result = await settledResult(log);
    if (result?.state === 'failed') return `${nameOf(log)} could not be analyzed. ${result.message}\n`;
    if (result?.state !== 'done') return `${nameOf(log)} is not analyzed any more. Open it to see its report.\n`;
    const bytes = await result.analysis.renderReport(formatOfReport(report));
    return bytes.ok ? new TextDecoder().decode(bytes.value) : `${failures.explain(bytes.failure)}\n`;
  }

  async function showReport(asked: unknown, format: ReportFormat): Promise<void> {
    const result = await resultToShow(asked);
    if (result?.state === 'failed') {
      void window.showErrorMessage(`${nameOf(result.uri)} could not be analyzed. ${result.message}`);
    } else if (result?.state === 'done') {
      const uri = toReportUri(result.uri, format);
      if (format === 'json' && (await saveIfLong(result))) return;
      await window.showTextDocument(await workspace.openTextDocument(uri));
    } else {
      void window.showInformationMessage('There is no report yet. Open a firmware log, or analyze a file on disk.');
    }
  }

  /** Of the log that was asked for, of the one in the active editor, or of the one that was analysed last. */
  async function resultToShow(asked: unknown): Promise<Result | null> {
    const log = asked instanceof Uri ? asked : activeLog();
    if (log === null) return results.latest();
    const document = window.activeTextEditor?.document;
    if (results.get(log) === null && document?.languageId === LANGUAGE_ID) session.analyze(document);
    return (await settledResult(log)) ?? (asked instanceof Uri ? null : results.latest());
  }

  const subscriptions = [
    change,
    workspace.registerTextDocumentContentProvider(REPORT_SCHEME, {
      onDidChange: change.event,
      provideTextDocumentContent: provideText,
    }),
    results.onDidChange((log) => {
      // Between two analyses, and when the log was closed, the old report is better than none.
      if (results.get(log)?.state !== 'done') return;
      change.fire(toReportUri(log, 'text'));
      change.fire(toReportUri(log, 'json'));
    }),
    commands.registerCommand(COMMANDS.showReport, (asked?: unknown) => showReport(asked, 'text')),
    commands.registerCommand(COMMANDS.showReportAsJson, (asked?: unknown) => showReport(asked, 'json')),
  ];
  return together(subscriptions);
}

/** @returns whether the JSON is too long for an editor, in which case the user has been asked where to save it */
async function saveIfLong(result: Result & { readonly state: 'done' }): Promise<boolean> {
  const bytes = await result.analysis.renderReport('json');
  if (!bytes.ok || bytes.value.byteLength <= LONGEST_DOCUMENT_BYTES) return false;
  const target = await window.showSaveDialog({
    title: 'The report is too long for an editor. Save it as',
    defaultUri: result.uri.with({ path: `${result.uri.path}.dma-report.json` }),
    filters: { JSON: ['json'] },
  });
  if (target !== undefined) await workspace.fs.writeFile(target, new Uint8Array(bytes.value));
  return true;
}
