import { Worker } from 'node:worker_threads';
import { Uri } from 'vscode';
import type { WireMessage } from '../protocol/rpc.ts';
import type { Platform, WorkerThread } from './platform.ts';

export const nodePlatform: Platform = {
  host: 'node',
  startWorker: async (extensionUri) =>
    toThread(new Worker(Uri.joinPath(extensionUri, 'dist/worker/main.node.js').fsPath, { name: 'dma-handoff' })),
  toWorkerPath: (uri) => (uri.scheme === 'file' ? uri.fsPath : null),
};

function toThread(worker: Worker): WorkerThread {
  return {
    wire: {
      post: (message, transfer) => worker.postMessage(message, transfer),
      listen: (listener) => void worker.on('message', (message: WireMessage) => listener(message)),
    },
    onDidEnd(listener) {
      worker.once('error', (error) => listener(error.message));
      worker.once('exit', (code) => listener(`It ended with exit code ${code}.`));
    },
    terminate() {
      worker.removeAllListeners();
      void worker.terminate();
    },
  };
}
