import {
  CancellationTokenSource,
  ProgressLocation,
  StatusBarAlignment,
  window,
  type StatusBarItem,
  type TaskExecution,
  type Uri,
} from 'vscode';
import type { LogProgress } from '../../protocol/capture-calls.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Disposable } from '../disposable.ts';
import { CAPTURE_ITEM_ID } from '../ids.ts';
import { nameOf } from '../uris.ts';
import { standingInDetail, standingInShort } from './standing.ts';
import { whenWrittenAnew } from './when-written-anew.ts';

/** Shows how far a capture is, from the start of its task to the end. */
export interface FollowedCapture extends Disposable {
  readonly log: Uri;
  /** Whether the user cancelled it here. */
  readonly isCancelled: boolean;
}

/** Follows the log that a task writes, and shows where the boot stands: in the status bar, and in a message that can cancel. */
export function followCapture(execution: TaskExecution, log: Uri, analyzer: Analyzer): FollowedCapture {
  const name = nameOf(log);
  const following = new CancellationTokenSource();
  const item = createItem(name);
  let isCancelled = false;
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));

  async function followNew(onProgress: (standing: LogProgress) => void): Promise<void> {
    await whenWrittenAnew(log, following.token);
    await analyzer.followLog(log, following.token, onProgress);
  }

  const options = { location: ProgressLocation.Notification, title: `Capturing ${name}`, cancellable: true };
  void window.withProgress(options, (progress, token) => {
    const cancelling = token.onCancellationRequested(() => {
      isCancelled = true;
      execution.terminate();
    });
    void over.then(() => void cancelling.dispose());
    progress.report({ message: 'QEMU starts.' });
    void followNew((standing) => {
      progress.report({ message: standingInDetail(standing) });
      show(item, name, standing);
    });
    return over;
  });

  return {
    log,
    get isCancelled() {
      return isCancelled;
    },
    dispose() {
      following.cancel();
      following.dispose();
      item.dispose();
      end();
    },
  };
}

function createItem(name: string): StatusBarItem {
  const item = window.createStatusBarItem(CAPTURE_ITEM_ID, StatusBarAlignment.Left, 0);
  item.name = 'DMA Handoff: Capture';
  item.text = '$(record) QEMU starts';
  item.tooltip = `DMA Handoff captures ${name}. Click to see QEMU.`;
  // With one task running it goes to that terminal, with several it asks for which.
  item.command = 'workbench.action.tasks.showTasks';
  item.show();
  return item;
}

function show(item: StatusBarItem, name: string, standing: LogProgress): void {
  const text = standingInShort(standing);
  item.text = `$(record) ${text}`;
  item.accessibilityInformation = { label: `DMA Handoff captures ${name}. ${text}`, role: 'button' };
}
