import { Uri, commands, workspace, type ExtensionContext } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';

const SAMPLE = 'buggy-no-teardown.log';

/** “Open Sample Log”: a real boot that leaves mappings behind, for who wants to look around first. */
export function registerOpenSample({ extensionUri, globalStorageUri }: ExtensionContext): Disposable {
  return commands.registerCommand(COMMANDS.openSample, async () => {
    // A copy: not everywhere is the extension's own folder one whose files an editor can hold.
    const copy = Uri.joinPath(globalStorageUri, SAMPLE);
    await workspace.fs.createDirectory(globalStorageUri);
    await workspace.fs.copy(Uri.joinPath(extensionUri, 'samples', SAMPLE), copy, { overwrite: true });
    await commands.executeCommand('vscode.open', copy, { preview: false });
  });
}
