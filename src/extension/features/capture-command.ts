import { commands, window, workspace } from 'vscode';
import { whyNoCapture } from '../capture/why-no-capture.ts';
import type { Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';

const TRUST = 'Manage Workspace Trust';

/**
 * The command “Capture with QEMU…”, which is there everywhere: where it cannot work it says why.
 *
 * @param capture `null` in hosts that cannot start programs
 */
export function registerCaptureCommand(capture: (() => Promise<void>) | null): Disposable {
  return commands.registerCommand(COMMANDS.captureWithQemu, async () => {
    const reason = whyNoCapture(capture !== null);
    if (reason === null) {
      await capture?.();
      return;
    }
    const canBeTrusted = capture !== null && !workspace.isTrusted;
    // Not awaited: nobody has to answer before the command is over.
    void window.showInformationMessage(reason, ...(canBeTrusted ? [TRUST] : [])).then(async (answer) => {
      if (answer === TRUST) await commands.executeCommand('workbench.trust.manage');
    });
  });
}
