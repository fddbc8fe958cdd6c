import { EventEmitter, type Event, type Uri } from 'vscode';
import { createRpcClient, type RpcClient } from '../protocol/rpc.ts';
import type { WorkerCalls } from '../protocol/worker-calls.ts';
import type { Disposable } from './disposable.ts';
import type { Platform, WorkerThread } from './platform.ts';

export type AnalysisClient = RpcClient<WorkerCalls>;

/** The window's one analysis worker: started when first needed, started anew after it died. */
export interface WorkerConnection extends Disposable {
  client(): Promise<AnalysisClient>;
  /** The worker died, and with it all reports. */
  readonly onDidLoseWorker: Event<void>;
}

interface Connected {
  readonly thread: WorkerThread;
  readonly client: AnalysisClient;
}

export function createWorkerConnection(platform: Platform, extensionUri: Uri): WorkerConnection {
  const loss = new EventEmitter<void>();
  let connected: Promise<Connected> | null = null;
  let disposed = false;

  async function connect(): Promise<Connected> {
    const thread = await platform.startWorker(extensionUri);
    const client = createRpcClient<WorkerCalls>(thread.wire);
    const connection = { thread, client };
    let over = false;
    // A worker that dies of an error says so, and then that it has ended.
    thread.onDidEnd((reason) => {
      if (over || disposed) return;
      over = true;
      connected = null;
      client.disconnect(`The analysis worker has stopped. ${reason}`);
      loss.fire();
    });
    return connection;
  }

  function end({ thread, client }: Connected): void {
    thread.terminate();
    client.disconnect('The extension is shutting down.');
  }

  return {
    onDidLoseWorker: loss.event,
    async client() {
      if (disposed) throw new Error('The extension is shutting down.');
      connected ??= connect();
      try {
        return (await connected).client;
      } catch (error) {
        connected = null;
        throw error;
      }
    },
    dispose() {
      disposed = true;
      loss.dispose();
      // Where it never started there is nothing to end.
      void connected?.then(end, () => undefined);
      connected = null;
    },
  };
}
