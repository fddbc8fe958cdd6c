import type * as vscode from 'vscode';
import type { Wire } from '../protocol/rpc.ts';

/** All that differs between the desktop's extension host and the web's; everything else is the same code. */
export interface Platform {
  readonly host: 'node' | 'web';
  startWorker(extensionUri: vscode.Uri): Promise<WorkerThread>;
  /** Path under which the worker can read the file by itself; `null`: the host must read it. */
  toWorkerPath(uri: vscode.Uri): string | null;
}

export interface WorkerThread {
  readonly wire: Wire;
  /** Called when the worker ends, but not for `terminate()`. */
  onDidEnd(listener: (reason: string) => void): void;
  terminate(): void;
}
