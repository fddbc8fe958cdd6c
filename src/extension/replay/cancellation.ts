import type { Cancellation } from '../../protocol/rpc.ts';

/** What `vscode.CancellationTokenSource` does, for code that runs without VS Code. */
export interface CancellationSource extends Cancellation {
  cancel(): void;
}

export function createCancellation(): CancellationSource {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    get isCancellationRequested() {
      return requested;
    },
    onCancellationRequested(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    cancel() {
      if (requested) return;
      requested = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
