import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import type { AnalysisCalls, AnalysisDigest } from '../../src/protocol/analysis-calls.ts';
import { succeeded, type Outcome } from '../../src/protocol/outcome.ts';
import type { RpcClient } from '../../src/protocol/rpc.ts';
import { connectToAnalyses } from './connect.ts';

const LOG = new URL('../fixtures/logs/buggy-no-teardown.log.gz', import.meta.url);

let packed: Uint8Array<ArrayBuffer>;
let text: string;

beforeAll(async () => {
  packed = Uint8Array.from(await readFile(LOG));
  text = gunzipSync(packed).toString('latin1');
});

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

async function analyzeText(client: RpcClient<AnalysisCalls>, analysis: number, log = text): Promise<AnalysisDigest> {
  valueOf(await client.call('startAnalysis', { analysis, sourceName: 'a.log', rules: {} }));
  for (let at = 0; at < log.length; at += 100_000) {
    valueOf(await client.call('pushText', { analysis, text: log.slice(at, at + 100_000) }));
  }
  return valueOf(await client.call('finishAnalysis', { analysis }));
}

async function analyzeBytes(
  client: RpcClient<AnalysisCalls>,
  bytes: Uint8Array,
  size: number,
): Promise<Outcome<AnalysisDigest>> {
  valueOf(await client.call('startAnalysis', { analysis: 1, sourceName: 'a.log', rules: {} }));
  for await (const chunk of chunksOf(bytes, size)) {
    valueOf(await client.call('pushBytes', { analysis: 1, bytes: Uint8Array.from(chunk).buffer }));
  }
  return client.call('finishAnalysis', { analysis: 1 });
}

async function readJson(client: RpcClient<AnalysisCalls>, analysis: number): Promise<Report> {
  const bytes = valueOf(await client.call('renderReport', { analysis, format: 'json' }));
  return JSON.parse(new TextDecoder().decode(bytes)) as Report;
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('the analysis worker', () => {
  test('analyses pushed text', async () => {
    const digest = await analyzeText(connectToAnalyses(), 1);
    expect(digest.verdict).toMatchObject({ level: 'error', liveAtHandoff: 10, errors: 10 });
    expect(digest.source).toMatchObject({ name: 'a.log', bytes: text.length });
    expect(digest.traces[0]).not.toHaveProperty('mappings');
  });

  test.each([
    ['as they are', () => Uint8Array.from(Buffer.from(text, 'latin1'))],
    ['compressed, whatever the file is called', () => packed],
  ])('analyses pushed bytes %s', async (_how, bytesOf) => {
    const client = connectToAnalyses();
    valueOf(await client.call('startAnalysis', { analysis: 1, sourceName: 'a.log', rules: {} }));
    for await (const chunk of chunksOf(bytesOf(), 10_000)) {
      valueOf(await client.call('pushBytes', { analysis: 1, bytes: Uint8Array.from(chunk).buffer }));
    }
    const digest = valueOf(await client.call('finishAnalysis', { analysis: 1 }));
    expect(digest.verdict.liveAtHandoff).toBe(10);
    expect(digest.source.bytes).toBe(text.length);
  });

  test.each([
    ['UTF-16, as PowerShell writes it', () => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['big-endian UTF-16', () => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16 without a byte order mark', () => Buffer.from(text, 'utf16le')],
    ['UTF-8 with a byte order mark', () => Buffer.from(`\uFEFF${text}`, 'utf8')],
  ])('understands %s', async (_how, bytesOf) => {
    // An odd length cuts a character in two.
    const digest = valueOf(await analyzeBytes(connectToAnalyses(), bytesOf(), 99_999));
    expect(digest.verdict.liveAtHandoff).toBe(10);
    expect(digest.source.bytes).toBe(bytesOf().length);
  });

  test('reads a file by itself and tells how far it is', async () => {
    const bytes = Buffer.from(text.repeat(5), 'latin1');
    const openFile = async (): Promise<Outcome<never>> =>
      succeeded({ sizeBytes: bytes.length, chunks: chunksOf(bytes, 20_000) }) as Outcome<never>;
    const seen: number[] = [];
    const outcome = await connectToAnalyses({ openFile }).call(
      'analyzeFile',
      { analysis: 1, sourceName: 'a.log', rules: {}, path: '/a.log' },
      { onProgress: ({ bytesRead, bytesTotal }) => seen.push(bytesRead / bytesTotal) },
    );
    expect(valueOf(outcome).traces).toHaveLength(5);
    expect(seen.every((part, index) => part > (seen[index - 1] ?? 0) && part <= 1)).toBe(true);
  });

  test('stops reading a file when it is cancelled', async () => {
    let chunks = 0;
    let tellClosed: () => void;
    const closed = new Promise<void>((resolve) => (tellClosed = resolve));
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          chunks++;
          // As a disk would: otherwise no message could come through.
          await new Promise((resolve) => setTimeout(resolve));
          yield Buffer.from('a line\n');
        }
      } finally {
        tellClosed();
      }
    }
    const openFile = async (): Promise<Outcome<never>> =>
      succeeded({ sizeBytes: 0, chunks: endless() }) as Outcome<never>;
    const listeners: (() => void)[] = [];
    const call = connectToAnalyses({ openFile }).call(
      'analyzeFile',
      { analysis: 1, sourceName: 'a.log', rules: {}, path: '/dev/zero' },
      {
        cancellation: {
          isCancellationRequested: false,
          onCancellationRequested(listener) {
            listeners.push(listener);
            return { dispose: () => undefined };
          },
        },
      },
    );
    while (chunks < 3) await new Promise((resolve) => setTimeout(resolve));
    for (const listener of listeners) listener();
    expect(await call).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
    await closed;
  });

  test('refuses compressed data of which nothing can be unpacked, with the reason', async () => {
    const client = connectToAnalyses();
    valueOf(await client.call('startAnalysis', { analysis: 1, sourceName: 'a.log', rules: {} }));
    const damaged = packed.slice(0, 5000);
    damaged.fill(0xff, 3);
    const pushed = await client.call('pushBytes', { analysis: 1, bytes: damaged.buffer });
    expect(pushed).toMatchObject({ ok: false, failure: { kind: 'refused' } });
  });

  test('reads what stands before the damage of compressed data, and notes the damage', async () => {
    const damaged = packed.slice();
    damaged.fill(0xff, 40_000, 40_200);
    const digest = valueOf(await analyzeBytes(connectToAnalyses(), damaged, 4000));
    expect(digest.source.bytes).toBeGreaterThan(100_000);
    expect(digest.source.bytes).toBeLessThan(text.length);
    expect(digest.input.notes[0]).toMatch(
      /^The gzip data of the log is damaged or cut \(.+\): only what stands before/,
    );
  });

  test('reads compressed data that ends too soon, and notes it', async () => {
    const digest = valueOf(await analyzeBytes(connectToAnalyses(), packed.slice(0, -5000), 4000));
    expect(digest.input).toMatchObject({ truncated: true });
    expect(digest.input.notes[0]).toMatch(/damaged or cut/);
    expect(digest.traces[0]?.firstLine).toBe(1);
  });

  test('reads compressed data of several members, and with something else behind it', async () => {
    const half = Math.floor(text.length / 2);
    const members = [text.slice(0, half), text.slice(half)].map((part) => gzipSync(Buffer.from(part, 'latin1')));
    for (const bytes of [Buffer.concat(members), Buffer.concat([...members, Buffer.from('garbage')])]) {
      const digest = valueOf(await analyzeBytes(connectToAnalyses(), bytes, 5000));
      expect(digest.source.bytes).toBe(text.length);
      expect(digest.verdict.liveAtHandoff).toBe(10);
      expect(digest.input.notes).toEqual([]);
    }
  });

  test('gives the whole report in pages', async () => {
    const client = connectToAnalyses();
    await analyzeText(client, 1);
    const { traces } = valueOf(await client.call('readOutline', { analysis: 1 }));
    const [outline] = traces;
    const report = await readJson(client, 1);
    for (const list of ['buffers', 'mappings', 'failedMaps', 'findings'] as const) {
      const items = [];
      const count = outline?.counts[list] ?? 0;
      for (let from = 0; from < count; from += 700) {
        const page = { traceIndex: 0, list, from, to: from + 700 };
        items.push(...valueOf(await client.call('readPage', { analysis: 1, page })));
      }
      expect(items).toEqual(report.traces[0]?.[list]);
    }
  });

  test('gives findings the gravest first', async () => {
    const client = connectToAnalyses();
    const { findingCount } = await analyzeText(client, 1, text.repeat(2));
    const findings = valueOf(await client.call('readFindings', { analysis: 1, from: 0, to: findingCount + 5 }));
    expect(findings).toHaveLength(findingCount);
    const ranks = findings.map(
      ({ severity, line }) => ['error', 'warning', 'information'].indexOf(severity) * 1e6 + line,
    );
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test('obeys the settings of rules', async () => {
    const client = connectToAnalyses();
    const rules = { 'common-buffer-left-mapped': 'off', 'read-write-pending-at-exit': 'information' } as const;
    valueOf(await client.call('startAnalysis', { analysis: 1, sourceName: 'a.log', rules }));
    valueOf(await client.call('pushText', { analysis: 1, text }));
    const digest = valueOf(await client.call('finishAnalysis', { analysis: 1 }));
    expect(digest.verdict).toMatchObject({ errors: 0, liveAtHandoff: 10 });
  });

  test('tells the facts of a line', async () => {
    const client = connectToAnalyses();
    await analyzeText(client, 1);
    const facts = valueOf(await client.call('describeLine', { analysis: 1, line: 4083 }));
    expect(facts).toMatchObject([{ kind: 'mapping', role: 'mapped', mapping: { liveAtHandoff: true } }]);
    expect(valueOf(await client.call('describeLine', { analysis: 1, line: 2 }))).toEqual([]);
  });

  test('forgets what it is told to forget, and says so', async () => {
    const client = connectToAnalyses();
    await analyzeText(client, 1);
    await analyzeText(client, 2);
    valueOf(await client.call('forget', { analysis: 1 }));
    expect(await client.call('readOutline', { analysis: 1 })).toMatchObject({ failure: { kind: 'refused' } });
    expect(await client.call('readOutline', { analysis: 2 })).toMatchObject({ ok: true });
    expect(await client.call('pushText', { analysis: 1, text })).toMatchObject({ failure: { kind: 'refused' } });
  });

  test('lists the rules', async () => {
    const rules = valueOf(await connectToAnalyses().call('listRules', null));
    expect(rules.find(({ id }) => id === 'double-unmap')?.summary).toMatch(/\w/);
  });
});
