import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnalysisCalls } from '../../src/protocol/analysis-calls.ts';
import { createRpcClient, type RpcClient, type WireMessage } from '../../src/protocol/rpc.ts';

// Vitest's global setup has built it.
const BUNDLE = fileURLToPath(new URL('../../dist/worker/main.node.js', import.meta.url));
const LOG = fileURLToPath(new URL('../fixtures/logs/buggy-no-teardown.log.gz', import.meta.url));

let worker: Worker;
let client: RpcClient<AnalysisCalls>;

beforeEach(() => {
  worker = new Worker(BUNDLE);
  client = createRpcClient<AnalysisCalls>({
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (listener) => void worker.on('message', (message: WireMessage) => listener(message)),
  });
});

afterEach(async () => {
  await worker.terminate();
});

function analyze(path: string): ReturnType<typeof client.call<'analyzeFile'>> {
  return client.call('analyzeFile', { analysis: 1, sourceName: 'a.log', rules: {}, path });
}

describe('the bundled worker of the desktop', () => {
  test('streams a compressed file from disk', async () => {
    expect(await analyze(LOG)).toMatchObject({ ok: true, value: { verdict: { liveAtHandoff: 10 } } });
  });

  test('reads an empty file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dma-handoff-'));
    try {
      await writeFile(join(folder, 'empty.log'), '');
      expect(await analyze(join(folder, 'empty.log'))).toMatchObject({
        ok: true,
        value: { verdict: { level: 'no-trace' } },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ['is not there', '/nowhere/at/all.log'],
    ['is a folder', tmpdir()],
  ])('refuses a file that %s, with the reason', async (_what, path) => {
    const outcome = await analyze(path);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'refused' } });
    expect(outcome.ok ? '' : outcome.failure.message).toMatch(/ENOENT|EISDIR/);
  });
});
