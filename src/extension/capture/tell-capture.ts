import { commands, languages, window, workspace, type Uri } from 'vscode';
import { COMMANDS, LANGUAGE_ID } from '../ids.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import type { DoneResult } from '../results.ts';
import { openDocument } from '../open-document.ts';
import { nameOf } from '../uris.ts';

/** How the task of a capture ended. */
export interface CaptureEnd {
  readonly log: Uri;
  /** Of the command line; `undefined`: it was ended from outside, or could not be started. */
  readonly exitCode: number | undefined;
  readonly isCancelled: boolean;
}

/** Exit codes of the command line (README.md). */
const REFUSED = 2;
const NO_VERDICT = 3;

/** VS Code keeps no text document of a file above this size. */
const LARGEST_DOCUMENT_BYTES = 50 * 1024 * 1024;

const SHOW_REPORT = 'Show Report';
const SHOW_TIMELINE = 'Show Timeline';
const SHOW_TERMINAL = 'Show Terminal';
const OPEN_LOG = 'Open Log';

/** Shows the log of a capture that is over with its problems, and says what came of it. */
export async function tellCapture(end: CaptureEnd, demand: DemandAnalysis): Promise<void> {
  const { log, exitCode, isCancelled } = end;
  const name = nameOf(log);
  if (exitCode === REFUSED) {
    await tellFailure('The capture was refused: the terminal says why.');
    return;
  }
  const sizeBytes = await sizeOf(log);
  if (sizeBytes === 0) {
    await removeEmpty(log);
    if (isCancelled)
      void window.showInformationMessage('The capture was cancelled before the firmware wrote anything.');
    else await tellFailure(`QEMU did not run, or its firmware wrote nothing into ${name}: the terminal says more.`);
  } else if (isCancelled) {
    await tellCancelled(log);
  } else {
    if (sizeBytes <= LARGEST_DOCUMENT_BYTES) await openLog(log);
    const result = await demand(log);
    if (result !== null) await tellVerdict(result, exitCode);
  }
}

async function tellVerdict({ uri, analysis }: DoneResult, exitCode: number | undefined): Promise<void> {
  const { verdict, input } = analysis.digest;
  const isGrave = verdict.level === 'error' || verdict.level === 'warning';
  const failed = exitCode === NO_VERDICT || exitCode === undefined;
  const [advice] = verdict.level === 'no-trace' ? input.notes : [];
  const words = [
    `${nameOf(uri)}: ${verdict.headline}.`,
    ...(advice === undefined ? [] : [advice]),
    ...(failed && verdict.level === 'incomplete' ? ['The machine ended before it, or was stopped.'] : []),
  ];
  const show = isGrave || failed ? window.showWarningMessage : window.showInformationMessage;
  const answer = await show(words.join(' '), SHOW_REPORT, SHOW_TIMELINE, ...(failed ? [SHOW_TERMINAL] : []));
  if (answer === SHOW_REPORT) await commands.executeCommand(COMMANDS.showReport, uri);
  if (answer === SHOW_TIMELINE) await commands.executeCommand(COMMANDS.showTimeline, uri);
  if (answer === SHOW_TERMINAL) await showTerminal();
}

async function tellFailure(message: string): Promise<void> {
  if ((await window.showErrorMessage(message, SHOW_TERMINAL)) === SHOW_TERMINAL) await showTerminal();
}

async function tellCancelled(log: Uri): Promise<void> {
  const message = `The capture was cancelled. ${nameOf(log)} holds what the firmware wrote until then.`;
  if ((await window.showInformationMessage(message, OPEN_LOG)) === OPEN_LOG) await openLog(log);
}

/** The terminal that was used last is that of the task. */
async function showTerminal(): Promise<void> {
  await commands.executeCommand('workbench.action.terminal.focus');
}

/** Opens the log as it is now: one that a capture before this one wrote may be open. */
async function openLog(log: Uri): Promise<void> {
  const wasOpen = workspace.textDocuments.some(({ uri }) => uri.toString() === log.toString());
  const document = await openDocument(log);
  if (document === null) return;
  if (wasOpen && !document.isDirty) await commands.executeCommand('workbench.action.files.revert');
  // What the name does not tell, and the content need not: there may be a console's text ahead of the firmware's.
  if (document.languageId !== LANGUAGE_ID) await languages.setTextDocumentLanguage(document, LANGUAGE_ID);
}

/** 0 if there is no such file. */
async function sizeOf(uri: Uri): Promise<number> {
  try {
    return (await workspace.fs.stat(uri)).size;
  } catch {
    return 0;
  }
}

/** Nobody wants a file without a byte. */
async function removeEmpty(log: Uri): Promise<void> {
  try {
    await workspace.fs.delete(log);
  } catch {
    // There was none.
  }
}
