import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTimelineAssembler } from '../../src/core/timeline/assemble.ts';
import type { AnalysisCalls } from '../../src/protocol/analysis-calls.ts';
import type { Outcome } from '../../src/protocol/outcome.ts';
import { createRpcClient, type RpcClient } from '../../src/protocol/rpc.ts';
import type { TimelineCalls } from '../../src/protocol/timeline-calls.ts';
import { serveAnalyses } from '../../src/worker/serve.ts';
import { bootsOf } from '../core/timeline/support/boots.ts';
import { createWirePair } from '../protocol/wire-pair.ts';
import { platformForTests } from './connect.ts';

const text = gunzipSync(readFileSync(new URL('../fixtures/logs/sevlike-reboots.log.gz', import.meta.url))).toString(
  'latin1',
);

type Client = RpcClient<AnalysisCalls & TimelineCalls>;

async function analysed(): Promise<Client> {
  const { host, worker } = createWirePair();
  serveAnalyses(worker, platformForTests);
  const client: Client = createRpcClient(host);
  valueOf(await client.call('startAnalysis', { analysis: 1, sourceName: 'a.log', rules: {} }));
  valueOf(await client.call('pushText', { analysis: 1, text }));
  valueOf(await client.call('finishAnalysis', { analysis: 1 }));
  return client;
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

describe('the timeline of a boot', () => {
  test('arrives in pieces that make the whole', async () => {
    const client = await analysed();
    const place = { analysis: 1, boot: 2 };
    const opened = valueOf(await client.call('openTimeline', place));
    const assembler = createTimelineAssembler(opened);
    const { barCount, underlayCount } = opened.outline;
    expect(assembler.finish()).toBeNull();
    for (let from = 0; from < barCount; from += 100) {
      expect(assembler.progress).toBeLessThan(1);
      assembler.addBars(from, valueOf(await client.call('readTimelineBars', { ...place, from, to: from + 100 })));
    }
    const underlays = await client.call('readTimelineUnderlays', { ...place, from: 0, to: underlayCount });
    assembler.addUnderlays(0, valueOf(underlays));
    expect(assembler.progress).toBe(1);
    expect(assembler.finish()).toEqual(bootsOf(text)[2]!.timeline);
  });

  test('can be read again: what moved was a copy', async () => {
    const client = await analysed();
    const piece = { analysis: 1, boot: 0, from: 10, to: 20 };
    const first = valueOf(await client.call('readTimelineBars', piece));
    expect(valueOf(await client.call('readTimelineBars', piece))).toEqual(first);
    expect(first.ids).toHaveLength(10);
  });

  test('begins where the boots before it end', async () => {
    const client = await analysed();
    const boots = bootsOf(text);
    const { firstStep } = valueOf(await client.call('openTimeline', { analysis: 1, boot: 2 }));
    expect(firstStep).toBe(boots[0]!.journal.stepCount + boots[1]!.journal.stepCount);
  });

  test('can be searched, and tells the facts of what was found', async () => {
    const client = await analysed();
    const place = { analysis: 1, boot: 0 };
    const { bars } = valueOf(await client.call('searchTimeline', { ...place, query: 'op:commonbuffer' }));
    expect(bars.length).toBeGreaterThan(0);
    const { ids } = valueOf(await client.call('readTimelineBars', { ...place, from: bars[0]!, to: bars[0]! + 1 }));
    const [facts] = valueOf(await client.call('describeMapping', { ...place, mapping: ids[0]! }));
    expect(facts).toMatchObject({ kind: 'mapping', mapping: { id: ids[0], operation: 'CommonBuffer' } });
    expect(valueOf(await client.call('describeMapping', { ...place, mapping: 1e6 }))).toEqual([]);
  });

  test('is gone with its analysis', async () => {
    const client = await analysed();
    valueOf(await client.call('openTimeline', { analysis: 1, boot: 0 }));
    expect(await client.call('openTimeline', { analysis: 1, boot: 9 })).toMatchObject({ ok: false });
    valueOf(await client.call('forget', { analysis: 1 }));
    expect(await client.call('openTimeline', { analysis: 1, boot: 0 })).toMatchObject({
      ok: false,
      failure: { kind: 'refused' },
    });
  });
});
