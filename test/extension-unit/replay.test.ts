import type { DebugProtocol } from '@vscode/debugprotocol';
import type * as vscode from 'vscode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS, LANGUAGE_ID } from '../../src/extension/ids.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog, startExtension, until, type Started } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';

afterEach(() => fake.reset());

/** A debug session as VS Code runs one: it starts the adapter that the extension gives it, and talks to it. */
interface Session {
  request(command: string, args?: object): Promise<DebugProtocol.Response>;
  /** All events so far, by their names. */
  readonly events: { readonly event: string; readonly body?: unknown }[];
  readonly customRequests: string[];
  /** Initializes, launches and waits for the first stop. */
  begin(program: string): Promise<void>;
  dispose(): void;
}

async function debugSession(): Promise<Session> {
  const customRequests: string[] = [];
  const descriptor = (await fake.debugging.factory?.createDebugAdapterDescriptor(
    { customRequest: async (name: string) => customRequests.push(name) } as unknown as vscode.DebugSession,
    undefined,
  )) as { implementation: vscode.DebugAdapter };
  const adapter = descriptor.implementation;
  const responses = new Map<number, DebugProtocol.Response>();
  const events: Session['events'] = [];
  adapter.onDidSendMessage((message) => {
    const sent = message as DebugProtocol.ProtocolMessage;
    if (sent.type === 'response')
      responses.set((sent as DebugProtocol.Response).request_seq, sent as DebugProtocol.Response);
    else events.push(sent as DebugProtocol.Event);
  });
  let seq = 0;
  const session: Session = {
    events,
    customRequests,
    async request(command, args = {}) {
      const own = ++seq;
      adapter.handleMessage({ seq: own, type: 'request', command, arguments: args });
      await until(`${command} is answered`, () => responses.has(own));
      return responses.get(own)!;
    },
    async begin(program) {
      await session.request('initialize', { linesStartAt1: true });
      const launched = await session.request('launch', { program });
      expect(launched.message).toBeUndefined();
      await session.request('configurationDone');
      await until('the replay stands', () => events.some(({ event }) => event === 'stopped'));
    },
    dispose: () => adapter.dispose() as unknown,
  };
  return session;
}

async function startWithLog(): Promise<{ started: Started; document: fake.FakeDocument }> {
  const started = await startExtension();
  const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('buggy-no-teardown'));
  fake.showEditor(document);
  return { started, document };
}

async function resolve(config: object): Promise<vscode.DebugConfiguration | null | undefined> {
  const provider = fake.debugging.providers.find((each) => each.resolveDebugConfiguration !== undefined);
  const { token } = new fake.CancellationTokenSource();
  const first = await provider?.resolveDebugConfiguration?.(undefined, config as vscode.DebugConfiguration, token);
  return first ? provider?.resolveDebugConfigurationWithSubstitutedVariables?.(undefined, first, token) : first;
}

describe('replaying in VS Code', () => {
  test('begins with the command, for the log in the editor', async () => {
    const { started } = await startWithLog();
    await fake.commands.executeCommand(COMMANDS.replayTrace);
    expect(fake.debugging.started).toEqual([
      { type: 'dma-handoff', request: 'launch', name: 'Replay boot.log', program: PATH },
    ]);
    started.stop();
  });

  test('needs a log', async () => {
    const started = await startExtension();
    await fake.commands.executeCommand(COMMANDS.replayTrace);
    expect(await resolve({})).toBeUndefined();
    expect(fake.debugging.started).toEqual([]);
    expect(fake.messages).toHaveLength(2);
    for (const message of fake.messages) expect(message).toMatch(/^Open the log that you want to replay first/);
    started.stop();
  });

  test('needs no launch.json, and fills in what one leaves out', async () => {
    const { started } = await startWithLog();
    const whole = { type: 'dma-handoff', request: 'launch', name: 'Replay boot.log', program: PATH };
    expect(await resolve({})).toEqual(whole);
    const named = { type: 'dma-handoff', request: 'launch', name: 'Mine', stopOnEntry: false };
    expect(await resolve({ ...named, program: '${file}' })).toEqual({ ...named, program: PATH });
    for (const [program, expected] of [
      ['/logs/other.log', 'file:///logs/other.log'],
      ['memfs:/logs/other.log', 'memfs:/logs/other.log'],
    ] as const) {
      expect(await resolve({ ...named, program })).toMatchObject({ program: expected });
    }
    started.stop();
  });

  test('offers the open logs where VS Code asks what to debug', async () => {
    const { started } = await startWithLog();
    fake.openDocument('file:///notes.txt', 'plaintext', 'no log');
    const offered = fake.debugging.providers.map((provider) => provider.provideDebugConfigurations?.(undefined));
    expect(offered.flat().filter(Boolean)).toMatchObject([{ name: 'Replay boot.log', program: PATH }]);
    started.stop();
  });

  test('walks through the log of an open document', async () => {
    const { started } = await startWithLog();
    const session = await debugSession();
    await session.begin(PATH);
    await session.request('setFunctionBreakpoints', { breakpoints: [{ name: 'handoff' }] });
    await session.request('continue', { threadId: 1 });
    await until(
      'the replay stands at hand-off',
      () => session.events.filter(({ event }) => event === 'stopped').length > 1,
    );
    expect((await session.request('evaluate', { expression: 'live' })).body).toMatchObject({ result: '10' });
    const stack = (await session.request('stackTrace', { threadId: 1 })) as DebugProtocol.StackTraceResponse;
    expect(stack.body.stackFrames[0]?.source).toEqual({ name: 'boot.log', path: '/logs/boot.log' });
    session.dispose();
    started.stop();
  });

  test('goes on with the text as it was when the log changes, and offers to start anew', async () => {
    const { started, document } = await startWithLog();
    const session = await debugSession();
    await session.begin(PATH);
    document.edit(`one more line\n${document.getText()}`);
    document.edit(`yet another line\n${document.getText()}`);
    await started.api.whenAnalyzed(PATH);
    expect(fake.messages).toEqual(['boot.log has changed. The replay goes on with the text as it was.']);
    const goto = (await session.request('gotoTargets', {
      source: { path: '/logs/boot.log' },
      line: 4083,
    })) as DebugProtocol.GotoTargetsResponse;
    expect(goto.body.targets[0]?.label).toContain('Map() returned 0x1e3e9a18');
    session.dispose();
    started.stop();
  });

  test('streams a compressed log, which no editor shows', async () => {
    const started = await startExtension();
    const uri = 'file:///logs/boot.log.gz';
    const { gzipSync } = await import('node:zlib');
    fake.files.set(uri, gzipSync(Buffer.from(await readLog('sevlike-xhci'), 'latin1')));
    const session = await debugSession();
    await session.begin(uri);
    const stack = (await session.request('stackTrace', { threadId: 1 })) as DebugProtocol.StackTraceResponse;
    expect(stack.body.stackFrames[0]?.source).toEqual({ name: 'boot.log.gz', sourceReference: 1 });
    expect((await session.request('source', { sourceReference: 1 })).body).toEqual({
      content: 'boot.log.gz is compressed: its lines cannot be shown here. Unpack it to see them.\n',
    });
    session.dispose();
    started.stop();
  });

  test('says why a log cannot be replayed', async () => {
    const started = await startExtension();
    const session = await debugSession();
    await session.request('initialize');
    const { success, message } = await session.request('launch', { program: 'file:///logs/missing.log.gz' });
    expect({ success, message }).toEqual({ success: false, message: 'missing.log.gz could not be analyzed.' });
    session.dispose();
    started.stop();
  });

  test('leaves nothing behind when the session ends', async () => {
    const { started } = await startWithLog();
    await started.api.whenAnalyzed(PATH);
    const before = fake.openResources();
    const session = await debugSession();
    await session.begin(PATH);
    expect(fake.openResources().length).toBeGreaterThan(before.length);
    await session.request('disconnect');
    session.dispose();
    expect(fake.openResources()).toEqual(before);
    started.stop();
  });
});
