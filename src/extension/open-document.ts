import { commands, workspace, type TextDocument, type Uri } from 'vscode';

/** A window that is asked to restore much takes its time. */
const PATIENCE_MS = 5000;

/**
 * Shows a file as a user does. `workspace.openTextDocument` would keep its document, and with it the analysis, for minutes
 * after the editor is closed. `null`: VS Code hands no document of it to extensions.
 */
export async function openDocument(uri: Uri): Promise<TextDocument | null> {
  const key = uri.toString();
  await commands.executeCommand('vscode.open', uri, { preview: false });
  const isWanted = (document: TextDocument): boolean => document.uri.toString() === key;
  const found = workspace.textDocuments.find(isWanted);
  if (found !== undefined) return found;
  return new Promise((resolve) => {
    function end(document: TextDocument | null): void {
      subscription.dispose();
      clearTimeout(timer);
      resolve(document);
    }
    const subscription = workspace.onDidOpenTextDocument((document) => {
      if (isWanted(document)) end(document);
    });
    const timer = setTimeout(() => end(null), PATIENCE_MS);
  });
}
