import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { disconnected } from '../../src/protocol/outcome.ts';
import { startDebugSession, type DebugSession } from './support/debug-session.ts';
import { readNestedLog } from './support/logs.ts';
import { createReplayHost, readLog, type ReplayHost } from './support/replay-host.ts';

const NESTED = '/logs/nested.log';
const REBOOTS = '/logs/reboots.log';

let host: ReplayHost;
let session: DebugSession;

beforeEach(async () => {
  host = createReplayHost({ [NESTED]: await readNestedLog() });
  session = await startDebugSession(host);
});

afterEach(() => session.end());

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe('a debug session', () => {
  test('says what it can do, and has an exception for each rule', async () => {
    const { body } = await session.client.initializeRequest();
    expect(body).toMatchObject({
      supportsConfigurationDoneRequest: true,
      supportsStepBack: true,
      supportsRestartRequest: true,
      supportsFunctionBreakpoints: true,
      supportsGotoTargetsRequest: true,
      supportsExceptionInfoRequest: true,
    });
    expect(body?.exceptionBreakpointFilters).toContainEqual({
      filter: 'common-buffer-left-mapped',
      label: 'common-buffer-left-mapped',
      description: 'A CommonBuffer mapping is live at hand-off',
      default: false,
      supportsCondition: false,
    });
  });

  test('goes from initialize to disconnect, and gives the log back', async () => {
    expect(await session.begin({ program: NESTED })).toMatchObject({ reason: 'entry', threadId: 1 });
    expect(await session.line()).toBe(1);
    expect(host.openCount()).toBe(1);
    const terminated = session.client.waitForEvent('terminated');
    await session.client.disconnectRequest();
    await terminated;
    expect(host.openCount()).toBe(0);
    expect(await failureOf(session.client.threadsRequest())).toBe('The replay is over.');
  });

  test('ends when it is asked to terminate, once', async () => {
    await session.begin({ program: NESTED });
    let count = 0;
    session.client.on('terminated', () => count++);
    await session.client.terminateRequest();
    await session.client.disconnectRequest();
    expect(count).toBe(1);
    expect(host.openCount()).toBe(0);
  });

  test('runs to the first breakpoint when it shall not stop on entry', async () => {
    const stopped = await session.begin({ program: NESTED, stopOnEntry: false }, () =>
      session.client.setBreakpointsRequest({ source: { path: NESTED }, breakpoints: [{ line: 18 }] }),
    );
    expect(stopped.reason).toBe('breakpoint');
    expect(await session.line()).toBe(18);
  });

  test('stops at a breakpoint on the very first step when it shall not stop on entry', async () => {
    const stopped = await session.begin({ program: NESTED, stopOnEntry: false }, () =>
      session.client.setBreakpointsRequest({ source: { path: NESTED }, breakpoints: [{ line: 1 }] }),
    );
    expect(stopped.reason).toBe('breakpoint');
    expect(await session.line()).toBe(1);
  });

  test('begins at a line, behind all that had happened until then', async () => {
    await session.begin({ program: NESTED, startAt: 10 });
    expect(await session.line()).toBe(10);
    expect(await session.evaluate('live')).toBe('1');
    await session.move('stepBack');
    expect(await session.evaluate('live')).toBe('0');
  });

  test('begins with the boot that it is told, and knows which there are', async () => {
    host.logs.set(REBOOTS, await readLog('sevlike-reboots'));
    expect(await session.begin({ program: REBOOTS, boot: 3 })).toMatchObject({ reason: 'entry', threadId: 3 });
    const { threads } = (await session.client.threadsRequest()).body;
    expect(threads.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(threads[2]?.name).toMatch(new RegExp(`^Boot 3 \\(lines ${await session.line()}–\\d+\\)$`));
  });

  test.each<[object, string]>([
    [{ program: '/logs/missing.log' }, 'There is no /logs/missing.log.'],
    [{}, 'The launch configuration names no log: `program` is missing.'],
    [{ program: NESTED, boot: 2 }, 'nested.log has no boot 2: there is 1.'],
    [{ program: '/logs/empty.log' }, 'empty.log tells of no DMA call and of no device: there is nothing to replay.'],
  ])('says why it cannot replay %j', async (launch, message) => {
    host.logs.set('/logs/empty.log', 'nothing to see here\n');
    await session.client.initializeRequest();
    expect(await failureOf(session.client.launchRequest(launch as DebugProtocol.LaunchRequestArguments))).toBe(message);
    expect(host.openCount()).toBe(0);
  });

  test('answers requests that come too early or twice with an error', async () => {
    const { client } = session;
    expect(await failureOf(client.threadsRequest())).toContain('`launch` comes first');
    await client.initializeRequest();
    expect(await failureOf(client.initializeRequest())).toContain('comes once');
    expect(await failureOf(client.configurationDoneRequest())).toContain('`launch` comes first');
    await client.launchRequest({ program: NESTED } as object);
    expect(await failureOf(client.nextRequest({ threadId: 1 }))).toContain('`configurationDone` comes first');
    expect(await failureOf(client.launchRequest({ program: NESTED } as object))).toContain('already');
    await client.configurationDoneRequest();
    expect(await failureOf(client.configurationDoneRequest())).toContain('already');
    expect(await failureOf(client.customRequest('constructor'))).toBe(
      'The replay does not know the request “constructor”.',
    );
  });

  test('stays at both ends of the log, says so, and can go back', async () => {
    await session.begin({ program: NESTED });
    expect(await session.move('stepBack')).toMatchObject({ reason: 'step', description: 'The log begins here.' });
    expect(await session.line()).toBe(1);
    expect(await session.move('reverseContinue')).toMatchObject({ description: 'The log begins here.' });

    expect(await session.move('continue')).toMatchObject({ reason: 'step', description: 'The log ends here.' });
    const last = await session.line();
    expect(last).toBeGreaterThan(30);
    for (const request of ['next', 'stepIn', 'stepOut', 'continue'] as const) {
      expect(await session.move(request)).toMatchObject({ description: 'The log ends here.' });
      expect(await session.line()).toBe(last);
    }
    expect(session.output).toContain('The log ends here.');
    expect(await session.move('stepBack')).not.toHaveProperty('description');
    expect(await session.evaluate('step')).toBe(String(host.cursor.at(-1)));
  });

  test('starts anew with the log as it is by then, and keeps the breakpoints', async () => {
    await session.begin({ program: NESTED }, () =>
      session.client.setBreakpointsRequest({ source: { path: NESTED }, breakpoints: [{ line: 18 }, { line: 200 }] }),
    );
    await session.move('continue');
    expect(await session.line()).toBe(18);
    host.logs.set(NESTED, `one more line\n${await readNestedLog()}`);
    const changed: DebugProtocol.Breakpoint[] = [];
    session.client.on('breakpoint', ({ body }: DebugProtocol.BreakpointEvent) => changed.push(body.breakpoint));
    expect(await session.move('restart')).toMatchObject({ reason: 'entry' });
    expect(await session.line()).toBe(2);
    expect(changed).toMatchObject([
      { id: 1, verified: true, line: 19 },
      { id: 2, verified: false },
    ]);
    expect(host.openCount()).toBe(1);
    expect(await session.move('continue')).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [1] });
    expect(await session.line()).toBe(19);
  });

  test('goes on with what it has when it cannot start anew', async () => {
    await session.begin({ program: NESTED, startAt: 10 });
    host.logs.clear();
    expect(await failureOf(session.move('restart'))).toBe(`There is no ${NESTED}.`);
    expect(await session.evaluate('live')).toBe('1');
  });

  test('can be left while the log is still being analysed', async () => {
    host.logs.set(REBOOTS, await readLog('sevlike-reboots'));
    await session.client.initializeRequest();
    const launched = failureOf(session.client.launchRequest({ program: REBOOTS } as object));
    await session.client.disconnectRequest();
    expect(await launched).not.toBe('no failure');
    expect(host.openCount()).toBe(0);
  });

  test('ends when the worker is gone', async () => {
    let gone = false;
    host.intercept = (ask) => (name, params, options) =>
      gone ? Promise.resolve(disconnected('The analysis worker has stopped.')) : ask(name, params, options);
    await session.begin({ program: NESTED });
    gone = true;
    await Promise.all([session.client.waitForEvent('terminated'), session.client.nextRequest({ threadId: 1 })]);
    expect(session.output.at(-1)).toBe('The analysis worker has stopped.');
  });

  test('counts lines and names the log as the client wants it', async () => {
    const { client } = session;
    await client.initializeRequest({
      adapterID: 'dma-handoff',
      linesStartAt1: false,
      columnsStartAt1: false,
      pathFormat: 'uri',
    });
    await client.launchRequest({ program: NESTED, startAt: 10 } as object);
    const source = { path: `file://${NESTED}` };
    const { breakpoints } = (await client.setBreakpointsRequest({ source, breakpoints: [{ line: 17 }] })).body;
    expect(breakpoints).toMatchObject([{ verified: true, line: 17, source }]);
    await Promise.all([client.waitForEvent('stopped'), client.configurationDoneRequest()]);
    const [frame] = await session.frames();
    expect(frame).toMatchObject({ line: 9, column: 0, source });
    await session.move('continue');
    expect(await session.line()).toBe(17);
  });

  test('goes where somebody else moves the cursor, and says nothing in the console', async () => {
    await session.begin({ program: NESTED });
    const said = session.output.length;
    const stopped = session.client.waitForEvent('stopped');
    session.adapter.follow(5);
    expect((await stopped).body).toMatchObject({ reason: 'goto' });
    expect(await session.evaluate('step')).toBe('5');
    expect(session.output).toHaveLength(said);
  });
});
