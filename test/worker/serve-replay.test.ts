import { beforeAll, describe, expect, test } from 'vitest';
import type { Finished } from '../../src/worker/finished.ts';
import type { ReplayCalls } from '../../src/protocol/replay-calls.ts';
import type { WorkerCalls } from '../../src/protocol/worker-calls.ts';
import { createRpcClient, serveRpc, type Cancellation, type RpcClient } from '../../src/protocol/rpc.ts';
import { serveAnalyses } from '../../src/worker/serve.ts';
import { serveReplay } from '../../src/worker/serve-replay.ts';
import { STEP_KINDS } from '../../src/core/model/step.ts';
import { syntheticSteps } from '../bench/synthetic-steps.mjs';
import { readLog } from '../core/support/logs.ts';
import { analyse } from '../core/support/analyse.ts';
import { createWirePair } from '../protocol/wire-pair.ts';
import { platformForTests } from './connect.ts';

const NO_STOPS = { lines: [], events: [], rules: [] };

describe('the replay of an analysed log', () => {
  const { host, worker } = createWirePair();
  serveAnalyses(worker, platformForTests);
  const client = createRpcClient<WorkerCalls>(host);

  beforeAll(async () => {
    for (const [analysis, text] of [
      [1, readLog('buggy-no-teardown')],
      [2, 'Nothing about DMA.'],
    ] as const) {
      await client.call('startAnalysis', { analysis, sourceName: 'a.log', rules: {} });
      await client.call('pushText', { analysis, text });
      await client.call('finishAnalysis', { analysis });
    }
  });

  test('opens, moves, stops, shows and answers', async () => {
    const analysis = 1;
    const outline = await client.call('openReplay', { analysis });
    expect(outline).toMatchObject({ ok: true, value: { stepCount: 9588, boots: [{ firstLine: 1, lastLine: 19035 }] } });
    const stops = { ...NO_STOPS, events: [{ event: 'leak', condition: '', hits: 0 } as const] };
    const stop = await client.call('findReplayStop', { analysis, step: 0, direction: 'forward', stops });
    expect(stop).toEqual({ ok: true, value: { step: 120, reason: 'event', index: 0, message: null } });
    const moment = await client.call('replayMoment', { analysis, step: 120 });
    expect(moment).toMatchObject({ ok: true, value: { line: 4083, kind: 'mapped', live: 1, liveBytes: 65536 } });
    const lines = await client.call('findReplayLines', { analysis, lines: [1, 4080, 19035] });
    expect(lines).toEqual({ ok: true, value: [1, 4081, null] });
    expect(await client.call('findReplayStep', { analysis, line: 4083 })).toEqual({ ok: true, value: 120 });
    const scopes = await client.call('readReplayVariables', { analysis, step: 120, path: '', start: 0, count: 0 });
    expect(scopes.ok && scopes.value.length).toBe(8);
    const answer = await client.call('askReplay', { analysis, step: 120, text: 'live', context: 'expression' });
    expect(answer).toMatchObject({ ok: true, value: { text: '1' } });
    const wrong = await client.call('checkReplayCondition', { text: 'live >' });
    expect(wrong).toEqual({ ok: true, value: 'Something is missing at the end. (at character 7)' });
    expect(await client.call('checkReplayCondition', { text: 'live > 1' })).toEqual({ ok: true, value: null });
  });

  test('of a log without a step says that there is nothing to replay', async () => {
    const analysis = 2;
    expect(await client.call('openReplay', { analysis })).toMatchObject({ ok: true, value: { stepCount: 0 } });
    expect(await client.call('findReplayLines', { analysis, lines: [1] })).toEqual({ ok: true, value: [null] });
    expect(await client.call('findReplayStep', { analysis, line: 1 })).toEqual({ ok: true, value: 0 });
    for (const outcome of [
      await client.call('replayMoment', { analysis, step: 0 }),
      await client.call('findReplayStop', { analysis, step: 0, direction: 'forward', stops: NO_STOPS }),
      await client.call('readReplayVariables', { analysis, step: 0, path: '', start: 0, count: 0 }),
      await client.call('askReplay', { analysis, step: 0, text: 'live', context: 'question' }),
    ])
      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'refused', message: /nothing to replay/ } });
  });

  test('is gone when its analysis is forgotten', async () => {
    await client.call('startAnalysis', { analysis: 3, sourceName: 'a.log', rules: {} });
    await client.call('finishAnalysis', { analysis: 3 });
    expect(await client.call('openReplay', { analysis: 3 })).toMatchObject({ ok: true });
    await client.call('forget', { analysis: 3 });
    expect(await client.call('openReplay', { analysis: 3 })).toMatchObject({
      ok: false,
      failure: { kind: 'refused', message: /no longer at hand/ },
    });
  });
});

describe('a search through a long log', () => {
  const { trace, journal } = syntheticSteps({ kinds: STEP_KINDS, steps: 1_000_000, unmapShare: 0.6, seed: 2 });
  const finished: Finished = {
    report: { ...analyse(''), traces: [trace] },
    journals: [journal],
    findings: [],
    lineIndex: null,
  };
  const never = { ...NO_STOPS, events: [{ event: 'map', condition: 'live < 0', hits: 0 } as const] };

  function connect(): RpcClient<ReplayCalls> {
    const { host, worker } = createWirePair();
    serveRpc<ReplayCalls>(
      worker,
      serveReplay(() => finished),
    );
    return createRpcClient<ReplayCalls>(host);
  }

  test('lets other calls in', async () => {
    const client = connect();
    await client.call('openReplay', { analysis: 1 });
    const answers: string[] = [];
    const search = client.call('findReplayStop', { analysis: 1, step: 0, direction: 'forward', stops: never });
    await Promise.all([
      search.then(() => answers.push('search')),
      client.call('findReplayStep', { analysis: 1, line: 1 }).then(() => answers.push('step')),
    ]);
    expect(answers).toEqual(['step', 'search']);
    expect(await search).toMatchObject({ ok: true, value: { reason: 'last-step', step: 999_999 } });
  });

  test('can be cancelled, and the worker is free again', async () => {
    const client = connect();
    const listeners: (() => void)[] = [];
    const cancellation: Cancellation = {
      isCancellationRequested: false,
      onCancellationRequested(listener) {
        listeners.push(listener);
        return { dispose: () => undefined };
      },
    };
    const search = client.call(
      'findReplayStop',
      { analysis: 1, step: 0, direction: 'forward', stops: never },
      { cancellation },
    );
    for (const cancel of listeners) cancel();
    expect(await search).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    expect(await client.call('replayMoment', { analysis: 1, step: 5 })).toMatchObject({ ok: true, value: { step: 5 } });
  });
});
