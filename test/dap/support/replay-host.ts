import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { refused, succeeded, type Outcome } from '../../../src/protocol/outcome.ts';
import { createRpcClient, type RpcClient } from '../../../src/protocol/rpc.ts';
import type { WorkerCalls } from '../../../src/protocol/worker-calls.ts';
import type { AskReplay } from '../../../src/extension/replay/ask-replay.ts';
import type { DebugHost, OpenLog } from '../../../src/extension/replay/debug-host.ts';
import { serveAnalyses } from '../../../src/worker/serve.ts';
import { createWirePair } from '../../protocol/wire-pair.ts';
import { platformForTests } from '../../worker/connect.ts';

/** The debug adapter's surroundings: the worker's real code, and logs that are texts by their path. */
export interface ReplayHost extends DebugHost {
  readonly logs: Map<string, string>;
  /** Steps that the replay has stood at. */
  readonly cursor: number[];
  /** What is open: a log is opened and closed again. */
  openCount(): number;
  /** Stands between adapter and worker, if it is set. */
  intercept: ((ask: AskReplay) => AskReplay) | null;
}

export function createReplayHost(logs: Readonly<Record<string, string>>): ReplayHost {
  const { host: hostEnd, worker } = createWirePair();
  serveAnalyses(worker, platformForTests);
  const client = createRpcClient<WorkerCalls>(hostEnd);
  let lastAnalysis = 0;
  let openCount = 0;

  const host: ReplayHost = {
    logs: new Map(Object.entries(logs)),
    cursor: [],
    intercept: null,
    openCount: () => openCount,
    listRules: () => client.call('listRules', null),
    async open(program, cancellation) {
      const text = host.logs.get(program);
      if (text === undefined) return refused(`There is no ${program}.`);
      const analysis = ++lastAnalysis;
      const analyzed = await analyze(client, analysis, text);
      if (!analyzed.ok) return analyzed;
      if (cancellation.isCancellationRequested) return refused('Nobody waits any more.');
      openCount++;
      const ask: AskReplay = (name, params, options) => client.call(name, { ...params, analysis }, options);
      return succeeded(toOpenLog(program, host.intercept?.(ask) ?? ask));
    },
  };

  function toOpenLog(path: string, ask: AskReplay): OpenLog {
    return {
      name: path.slice(path.lastIndexOf('/') + 1),
      uri: `file://${path}`,
      path,
      isAt: (other) => other === path || other === `file://${path}`,
      ask,
      showCursor: (step) => void host.cursor.push(step),
      close() {
        openCount--;
      },
    };
  }

  return host;
}

async function analyze(client: RpcClient<WorkerCalls>, analysis: number, text: string): Promise<Outcome<unknown>> {
  await client.call('startAnalysis', { analysis, sourceName: 'a.log', rules: {} });
  await client.call('pushText', { analysis, text });
  return client.call('finishAnalysis', { analysis });
}

export async function readLog(name: string): Promise<string> {
  const packed = await readFile(new URL(`../../fixtures/logs/${name}.log.gz`, import.meta.url));
  return gunzipSync(packed).toString('latin1');
}
