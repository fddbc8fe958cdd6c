import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type * as vscode from 'vscode';
import type { HandoffApi } from '../../../src/extension/activate.ts';
import type { CaptureHost } from '../../../src/extension/capture/capture-host.ts';
import type { Platform } from '../../../src/extension/platform.ts';
import { serveAnalyses } from '../../../src/worker/serve.ts';
import { createWirePair } from '../../protocol/wire-pair.ts';
import { platformForTests } from '../../worker/connect.ts';
import * as fake from './fake-vscode.ts';

/** The extension in a fake VS Code, with a worker in this thread. */
export interface Started {
  readonly api: HandoffApi;
  /** What happened to workers, in order. */
  readonly workers: string[];
  /** The logs that the worker was asked to follow, and was given to read by the test. */
  readonly followed: FollowedLog[];
  /** Ends the present worker as a crash would. */
  crashWorker(): void;
  /** Disposes of everything, as VS Code does. */
  stop(): void;
}

export interface FollowedLog {
  readonly path: string;
  write(text: string): void;
  isOver(): boolean;
}

/** @param captureHost `null`: a host that cannot start programs */
export async function startExtension(captureHost: CaptureHost | null = null): Promise<Started> {
  const { activateOn } = await import('../../../src/extension/activate.ts');
  const workers: string[] = [];
  const followed: FollowedLog[] = [];

  async function* followFile(path: string, onStop: (stop: () => void) => void): AsyncGenerator<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const state = { isOver: false };
    let wake = (): void => undefined;
    onStop(() => {
      state.isOver = true;
      wake();
    });
    followed.push({
      path,
      isOver: () => state.isOver,
      write(text) {
        pieces.push(Buffer.from(text, 'latin1'));
        wake();
      },
    });
    while (!state.isOver) {
      const piece = pieces.shift();
      if (piece !== undefined) yield piece;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  let crash = (): void => undefined;
  const platform: Platform = {
    host: 'node',
    async startWorker() {
      const { host, worker } = createWirePair();
      serveAnalyses(worker, { ...platformForTests, followFile });
      workers.push('started');
      return {
        wire: host,
        onDidEnd: (listener) => void (crash = () => listener('It fell over.')),
        terminate: () => void workers.push('terminated'),
      };
    },
    toWorkerPath: () => null,
  };
  const subscriptions: vscode.Disposable[] = [];
  const extensionUri = fake.Uri.file('/extension');
  const { registerCaptureWithQemu } = await import('../../../src/extension/features/capture-with-qemu.ts');
  const context = {
    subscriptions,
    extensionUri,
    globalState: createMemento(),
    workspaceState: createMemento(),
    globalStorageUri: fake.Uri.file('/storage'),
  } as unknown as vscode.ExtensionContext;
  const api = activateOn(
    platform,
    context,
    captureHost && ((services) => registerCaptureWithQemu(captureHost, services)),
  );
  return {
    api,
    workers,
    followed,
    crashWorker: () => crash(),
    stop() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function createMemento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.has(key) ? (values.get(key) as T) : fallback),
    async update(key: string, value: unknown) {
      values.set(key, value);
    },
  };
}

export async function readLog(name: string): Promise<string> {
  const packed = await readFile(new URL(`../../fixtures/logs/${name}.log.gz`, import.meta.url));
  return gunzipSync(packed).toString('latin1').replaceAll('\r\n', '\n');
}

/** Waits for something that needs a few turns of the event loop and no time. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
