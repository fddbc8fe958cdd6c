import { window, workspace, TabInputText, type TextDocument, type Uri } from 'vscode';
import { REPORT_SCHEME } from './ids.ts';
import { sourceOfReport } from './report-uri.ts';

/** The last part of the path, for people. */
export function nameOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/**
 * Whether a document is somebody's file or a text being written, and not a view that an extension made, an old revision
 * or a channel of output: nobody looks for problems there.
 */
export function isLogDocument({ uri }: TextDocument): boolean {
  if (uri.scheme === 'untitled') return true;
  return uri.scheme !== 'git' && workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
}

/**
 * The log that the user looks at: the one in the active editor, the one that the active report is about, or the one in a
 * tab whose text VS Code does not share with extensions, since it is too large.
 */
export function activeLog(): Uri | null {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = window.activeTextEditor?.document.uri ?? (input instanceof TabInputText ? input.uri : null);
  return uri?.scheme === REPORT_SCHEME ? sourceOfReport(uri) : uri;
}
