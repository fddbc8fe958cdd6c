import { Uri, workspace } from 'vscode';
import type { WireMessage } from '../protocol/rpc.ts';
import type { Platform, WorkerThread } from './platform.ts';

export const webPlatform: Platform = {
  host: 'web',
  async startWorker(extensionUri) {
    // `new Worker(uri)` works for extensions from a marketplace only: VS Code refuses vscode-remote: addresses, and the
    // browser refuses other origins. The file system serves the extension's own file wherever it was installed from.
    const script = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist/worker/main.web.js'));
    const url = URL.createObjectURL(new Blob([script.slice()], { type: 'text/javascript' }));
    return toThread(new Worker(url, { name: 'dma-handoff' }), () => URL.revokeObjectURL(url));
  },
  toWorkerPath: () => null,
};

/** @param onStarted called once the worker has run its script, which it loads in its own time */
function toThread(worker: Worker, onStarted: () => void): WorkerThread {
  worker.addEventListener('message', onStarted, { once: true });
  return {
    wire: {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      listen: (listener) =>
        worker.addEventListener('message', (event: MessageEvent<WireMessage>) => listener(event.data)),
    },
    onDidEnd(listener) {
      // An uncaught error does not end a web worker, but nobody knows what state it left behind.
      worker.addEventListener('error', (event) => {
        worker.terminate();
        listener(event.message);
      });
    },
    terminate: () => worker.terminate(),
  };
}
