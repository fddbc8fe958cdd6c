import * as vscode from 'vscode';
import { expectPresent } from './expect.ts';
import { activate, type HandoffReport } from './extension.ts';
import { until } from './until.ts';

/** A file of the workspace, which the harness has filled with unpacked fixtures. */
export function workspaceFile(name: string): vscode.Uri {
  const folder = expectPresent(vscode.workspace.workspaceFolders?.[0], 'the workspace folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

/**
 * Shows a file as a user does.
 * `workspace.openTextDocument` would keep the document for minutes after its editor is closed.
 */
export async function openFile(name: string): Promise<vscode.TextDocument> {
  const uri = workspaceFile(name);
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
  return until(`an editor for ${name}`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.toString() === uri.toString() ? document : undefined;
  });
}

/** Shows a file and waits for its analysis. */
export async function openAnalyzed(
  name: string,
): Promise<{ document: vscode.TextDocument; report: HandoffReport | null }> {
  const api = await activate();
  const document = await openFile(name);
  const report = await api.whenAnalyzed(document.uri.toString());
  return { document, report };
}

/** Closes every editor, throws unsaved changes away and waits until VS Code has let the documents go. */
export async function closeEverything(): Promise<void> {
  while (vscode.window.activeTextEditor?.document.isDirty === true) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await until('the documents to be closed', () => (openFiles().length === 0 ? true : undefined));
}

function openFiles(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter((document) => !document.isClosed && document.uri.path.endsWith('.log'));
}
