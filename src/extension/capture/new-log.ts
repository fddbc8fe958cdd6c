import type { Uri } from 'vscode';
import { TaskScope, window, workspace, type WorkspaceFolder } from 'vscode';
import { logName } from '../../capture/log-name.ts';

/** Where a capture writes. */
export interface LogPlace {
  /** As seen from the folder; an absolute path where there is none. */
  readonly log: string;
  readonly scope: WorkspaceFolder | TaskScope.Global;
}

/** A log that does not exist yet, in the folder of the workspace; where there is none, the user is asked. `null`: the user left. */
export async function chooseLog(folders: readonly WorkspaceFolder[]): Promise<LogPlace | null> {
  const onDisk = folders.filter(({ uri }) => uri.scheme === 'file');
  const [first] = onDisk;
  if (first === undefined) {
    const chosen = await window.showSaveDialog({
      title: 'Where the Firmware’s Log Goes',
      saveLabel: 'Capture',
      filters: { Logs: ['log'] },
    });
    return chosen === undefined ? null : { log: chosen.fsPath, scope: TaskScope.Global };
  }
  const scope = onDisk.length === 1 ? first : await window.showWorkspaceFolderPick({ placeHolder: 'Where to capture' });
  return scope === undefined ? null : { log: await nextLog(scope.uri), scope };
}

/** The first name that is free. */
async function nextLog(folder: Uri): Promise<string> {
  const entries = await workspace.fs.readDirectory(folder);
  const taken = new Set(entries.map(([name]) => name.toLowerCase()));
  let number = 1;
  while (taken.has(logName(number))) number++;
  return logName(number);
}
