import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { afterEach, expect, test, vi } from 'vitest';
import type { Platform } from '../../src/extension/platform.ts';
import { serveAnalyses } from '../../src/worker/serve.ts';
import { createWirePair } from '../protocol/wire-pair.ts';
import { platformForTests } from '../worker/connect.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog, until } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

afterEach(() => fake.reset());

const platform: Platform = {
  host: 'node',
  async startWorker() {
    const { host, worker } = createWirePair();
    serveAnalyses(worker, platformForTests);
    return { wire: host, onDidEnd: () => undefined, terminate: () => undefined };
  },
  toWorkerPath: () => null,
};

test('a debug session and a timeline of the same log show the same place', async () => {
  const { createAnalyzer } = await import('../../src/extension/analyzer.ts');
  const { createCursorStore } = await import('../../src/extension/cursors.ts');
  const { createInlineAdapter } = await import('../../src/extension/replay/inline-adapter.ts');
  const uri = fake.Uri.file('/logs/boot.log') as unknown as vscode.Uri;
  const analyzer = createAnalyzer(platform, uri);
  const { token } = new fake.CancellationTokenSource();
  const input = { sourceName: 'boot.log', rules: {}, platform: 'auto' } as const;
  const analyzed = await analyzer.analyzeText(input, [await readLog('sevlike-xhci')], token);
  if (!analyzed.ok) throw new Error(analyzed.failure.message);
  const cursors = createCursorStore();
  const demand = async (): Promise<object> => ({
    state: 'done',
    uri,
    origin: { kind: 'disk' },
    analysis: analyzed.value,
  });

  const adapter = createInlineAdapter({} as vscode.DebugSession, analyzer, demand as never, cursors);
  const stops: string[] = [];
  adapter.onDidSendMessage((message) => {
    const { event, body } = message as DebugProtocol.StoppedEvent;
    if (event === 'stopped') stops.push(body.reason);
  });
  let seq = 0;
  const send = (command: string, args: object = {}): void =>
    adapter.handleMessage({ seq: ++seq, type: 'request', command, arguments: args });
  send('initialize');
  send('launch', { program: uri.toString() });
  send('configurationDone');
  await until('the replay stands', () => stops.length === 1);
  expect(cursors.get(uri)).toBe(0);

  send('stepIn', { threadId: 1 });
  await until('the replay stands again', () => stops.length === 2);
  expect(cursors.get(uri)).toBe(1);

  cursors.set(fake.Uri.file('/logs/other.log') as unknown as vscode.Uri, 7, 'timeline');
  // A timeline that plays moves faster than a debugger can show; in the end both stand at the same place.
  for (let step = 10; step <= 40; step++) cursors.set(uri, step, 'timeline');
  await until('the replay stands where the timeline does', () => stops.length === 4);
  expect(stops).toEqual(['entry', 'step', 'goto', 'goto']);
  expect(cursors.get(uri)).toBe(40);

  adapter.dispose();
  expect(cursors.get(uri)).toBeNull();
});
