import type { AnalysisCalls } from '../../src/protocol/analysis-calls.ts';
import { refused } from '../../src/protocol/outcome.ts';
import { createRpcClient, type RpcClient } from '../../src/protocol/rpc.ts';
import { createGunzip } from '../../src/worker/gunzip.node.ts';
import type { WorkerPlatform } from '../../src/worker/platform.ts';
import { serveAnalyses } from '../../src/worker/serve.ts';
import { createWirePair } from '../protocol/wire-pair.ts';

/** A client of the worker's code, both in this thread. */
export function connectToAnalyses(platform: Partial<WorkerPlatform> = {}): RpcClient<AnalysisCalls> {
  const { host, worker } = createWirePair();
  serveAnalyses(worker, { ...platformForTests, ...platform });
  return createRpcClient<AnalysisCalls>(host);
}

export const platformForTests: WorkerPlatform = {
  decodeBytes: (bytes) => Buffer.from(bytes).toString('latin1'),
  createGunzip,
  openFile: async () => refused('There are no files in this test.'),
  followFile: null,
};
