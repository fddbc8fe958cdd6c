import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Analysis, Analyzer } from '../../src/extension/analyzer.ts';
import { LANGUAGE_ID } from '../../src/extension/ids.ts';
import type { ResultStore } from '../../src/extension/results.ts';
import type { Session } from '../../src/extension/session.ts';
import { disconnected, succeeded, type Outcome } from '../../src/protocol/outcome.ts';
import * as fake from './support/fake-vscode.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';

/** An analyzer whose analyses end when the test says so. */
interface Under {
  readonly text: string;
  readonly rules: object;
  isCancelled(): boolean;
  end(outcome?: Outcome<Analysis>): Promise<void>;
}

let runs: Under[];
let disposed: number;
let lose: fake.EventEmitter<undefined>;
let results: ResultStore;
let session: Session;

beforeEach(async () => {
  vi.useFakeTimers();
  runs = [];
  disposed = 0;
  lose = new fake.EventEmitter();
  const { createResultStore } = await import('../../src/extension/results.ts');
  const { createSession } = await import('../../src/extension/session.ts');
  results = createResultStore();
  const failures = { explain: ({ message }: { message: string }) => message, dispose: () => undefined };
  session = createSession(createFakeAnalyzer(), results, failures);
});

afterEach(() => {
  session.dispose();
  results.dispose();
  fake.reset();
  vi.useRealTimers();
});

function createFakeAnalyzer(): Analyzer {
  return {
    analyzeText(input, slices, token) {
      const text = [...slices].join('');
      return new Promise((resolve) => {
        runs.push({
          text,
          rules: input.rules,
          isCancelled: () => token.isCancellationRequested,
          async end(outcome = succeeded(createAnalysis())) {
            resolve(outcome);
            await vi.advanceTimersByTimeAsync(0);
          },
        });
      });
    },
    onDidLoseReports: lose.event,
  } as Partial<Analyzer> as Analyzer;
}

function createAnalysis(): Analysis {
  return { dispose: () => (disposed += 1) } as Partial<Analysis> as Analysis;
}

async function openLog(text = 'first'): Promise<fake.FakeDocument> {
  const document = fake.openDocument(PATH, LANGUAGE_ID, text);
  await vi.advanceTimersByTimeAsync(0);
  return document;
}

const stateOf = (document: fake.FakeDocument): string | undefined => results.get(document.uri as never)?.state;

describe('the session', () => {
  test('analyses a log when it opens', async () => {
    const document = await openLog();
    expect(stateOf(document)).toBe('running');
    await runs[0]?.end();
    expect(stateOf(document)).toBe('done');
  });

  test('leaves other languages alone, unless it is asked', async () => {
    const document = fake.openDocument(PATH, 'log', 'text');
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toEqual([]);
    session.analyze(document as never);
    await vi.advanceTimersByTimeAsync(0);
    expect(runs).toHaveLength(1);
  });

  test('leaves the documents of other extensions alone', async () => {
    fake.openDocument('git:/logs/boot.log', LANGUAGE_ID, 'text');
    fake.openDocument('output:/log', LANGUAGE_ID, 'text');
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toEqual([]);
  });

  test('waits until edits pause, and analyses the last text once', async () => {
    const document = await openLog();
    await runs[0]?.end();
    for (const text of ['a', 'ab', 'abc']) {
      document.edit(text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(300);
    expect(runs.map(({ text }) => text)).toEqual(['first', 'abc']);
  });

  test('cancels an analysis that an edit has overtaken, and drops what it still gives', async () => {
    const document = await openLog();
    document.edit('second');
    expect(runs[0]?.isCancelled()).toBe(true);
    await runs[0]?.end();
    expect(stateOf(document)).toBe('running');
    expect(disposed).toBe(1);
    await vi.advanceTimersByTimeAsync(300);
    await runs[1]?.end();
    expect(results.get(document.uri as never)).toMatchObject({ state: 'done', origin: { version: 2 } });
  });

  test('forgets a log that closes, whatever state it is in', async () => {
    const document = await openLog();
    await runs[0]?.end();
    fake.closeDocument(document);
    expect(results.all()).toEqual([]);
    expect(disposed).toBe(1);

    const again = await openLog();
    fake.closeDocument(again);
    await runs[1]?.end();
    expect(results.all()).toEqual([]);
    expect(disposed).toBe(2);
  });

  test('analyses again when the settings change', async () => {
    await openLog();
    await runs[0]?.end();
    fake.changeSetting('dmaHandoff.rules', { 'double-unmap': 'off', 'double-free': 'default', 'map-failed': 42 });
    await vi.advanceTimersByTimeAsync(0);
    expect(runs.map(({ rules }) => rules)).toEqual([{}, { 'double-unmap': 'off' }]);
  });

  test('does not analyse on open when the user does not want it, and begins when he does', async () => {
    fake.settings.set('dmaHandoff.analyzeOnOpen', false);
    await openLog();
    expect(runs).toEqual([]);
    fake.changeSetting('dmaHandoff.analyzeOnOpen', true);
    await vi.advanceTimersByTimeAsync(0);
    expect(runs).toHaveLength(1);
  });

  test('tries once more when the worker died, then says what is wrong', async () => {
    const document = await openLog();
    await runs[0]?.end(disconnected('It fell over.'));
    expect(stateOf(document)).toBe('running');
    await runs[1]?.end(disconnected('It fell over again.'));
    expect(results.get(document.uri as never)).toMatchObject({ state: 'failed', message: 'It fell over again.' });
    expect(runs).toHaveLength(2);
  });

  test('gets reports back that died with the worker, but not those that killed it', async () => {
    const good = await openLog();
    await runs[0]?.end();
    const bad = fake.openDocument('file:///logs/bad.log', LANGUAGE_ID, 'bad');
    await vi.advanceTimersByTimeAsync(0);
    await runs[1]?.end(disconnected('It fell over.'));
    await runs[2]?.end(disconnected('It fell over.'));
    expect(stateOf(bad)).toBe('failed');
    lose.fire(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(runs.slice(3).map(({ text }) => text)).toEqual([good.getText()]);
  });

  test('whenSettled waits for the text as it is by then', async () => {
    const document = await openLog();
    let settled = false;
    const waiting = session.whenSettled(document.uri as never).then(() => (settled = true));
    document.edit('second');
    await runs[0]?.end();
    expect(settled).toBe(false);
    await vi.advanceTimersByTimeAsync(300);
    await runs[1]?.end();
    await waiting;
    await session.whenSettled(fake.Uri.parse('file:///not/open.log') as never);
  });
});
