import { workspace } from 'vscode';

/**
 * Why no capture can run here, in one sentence; `null`: it can.
 *
 * @param canStartPrograms whether this is a host that can
 */
export function whyNoCapture(canStartPrograms: boolean): string | null {
  if (!canStartPrograms)
    return 'A capture starts QEMU, which VS Code for the Web cannot do: open the folder on the desktop or on a remote machine.';
  if (!workspace.isTrusted)
    return 'A capture starts QEMU by a task, and VS Code runs tasks in trusted workspaces only.';
  if (hasVirtualFoldersOnly())
    return 'A capture writes the log to a disk, and this workspace is on none: open a folder of this machine.';
  return null;
}

function hasVirtualFoldersOnly(): boolean {
  const folders = workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file');
}
