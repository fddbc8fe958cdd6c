import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaptureCalls, LogProgress } from '../../src/protocol/capture-calls.ts';
import { createRpcClient, type RpcClient, type WireMessage } from '../../src/protocol/rpc.ts';
import type { WorkerPlatform } from '../../src/worker/platform.ts';
import { serveAnalyses } from '../../src/worker/serve.ts';
import { createWirePair } from '../protocol/wire-pair.ts';
import { platformForTests } from './connect.ts';

const BUNDLE = fileURLToPath(new URL('../../dist/worker/main.node.js', import.meta.url));
const LOG = fileURLToPath(new URL('../fixtures/logs/tracer-v2-xhci.log.gz', import.meta.url));

/** A token as VS Code's, and what cancels it. */
function createCancellation(): { token: Parameters<RpcClient<CaptureCalls>['call']>[2] & object; cancel: () => void } {
  const listeners = new Set<() => void>();
  const cancellation = {
    isCancellationRequested: false,
    onCancellationRequested(listener: () => void) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
  return {
    token: { cancellation },
    cancel() {
      cancellation.isCancellationRequested = true;
      for (const listener of listeners) listener();
    },
  };
}

/** Follows a log and lets the test wait for a standing. */
function follow(client: RpcClient<CaptureCalls>, path: string) {
  const { token, cancel } = createCancellation();
  const told: LogProgress[] = [];
  let look = (): void => undefined;
  const onProgress = (progress: LogProgress): void => {
    told.push(progress);
    look();
  };
  const outcome = client.call('followLog', { path }, { ...token, onProgress });
  const until = (holds: (progress: LogProgress) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (told.some(holds)) resolve();
      };
      look();
    });
  return { outcome, told, until, cancel };
}

function connect(platform: Partial<WorkerPlatform>): RpcClient<CaptureCalls> {
  const { host, worker } = createWirePair();
  serveAnalyses(worker, { ...platformForTests, ...platform });
  return createRpcClient<CaptureCalls>(host);
}

describe('following a log', () => {
  test('is refused where the worker cannot read files', async () => {
    expect(await connect({ followFile: null }).call('followLog', { path: '/a.log' })).toMatchObject({
      ok: false,
      failure: { kind: 'refused' },
    });
  });

  test('says why the log cannot be read', async () => {
    // eslint-disable-next-line require-yield -- nothing can be read
    async function* followFile(): AsyncGenerator<Uint8Array> {
      throw new Error('EACCES: permission denied');
    }
    expect(await connect({ followFile }).call('followLog', { path: '/a.log' })).toMatchObject({
      ok: false,
      failure: { kind: 'refused', message: expect.stringContaining('permission denied') as string },
    });
  });

  test('tells of many pieces in few messages, and of the last one always', async () => {
    const text = gunzipSync(await readFile(LOG));
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    async function* followFile(_path: string, onStop: (stop: () => void) => void): AsyncGenerator<Uint8Array> {
      for (let from = 0; from < text.length; from += 100) yield text.subarray(from, from + 100);
      onStop(stop);
      await stopped;
    }
    const { told, until, cancel, outcome } = follow(connect({ followFile }), '/a.log');
    await until(({ phase }) => phase === 'handed-off');
    expect(told.at(-1)).toMatchObject({ boot: 1, live: 2, lines: 1625, traced: true });
    expect(told.length).toBeLessThan(100);
    cancel();
    expect(await outcome).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    // A cancelled call is settled at once; the worker gets to know in its own time.
    await stopped;
  });
});

describe('the bundled worker of the desktop', () => {
  let worker: Worker;
  let folder: string;
  let client: RpcClient<CaptureCalls>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dma-handoff-'));
    worker = new Worker(BUNDLE);
    client = createRpcClient<CaptureCalls>({
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      listen: (listener) => void worker.on('message', (message: WireMessage) => listener(message)),
    });
  });

  afterEach(async () => {
    await worker.terminate();
    await rm(folder, { recursive: true });
  });

  test('follows a file that is not there yet, and grows', async () => {
    const text = gunzipSync(await readFile(LOG));
    const path = join(folder, 'debugcon.log');
    const { until, cancel, outcome } = follow(client, path);
    await appendFile(path, text.subarray(0, 100_000));
    await until(({ phase, live }) => phase === 'boot' && live > 0);
    await appendFile(path, text.subarray(100_000));
    await until(({ phase, live }) => phase === 'handed-off' && live === 2);
    cancel();
    expect(await outcome).toMatchObject({ failure: { kind: 'cancelled' } });
  });
});
