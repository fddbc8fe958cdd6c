import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { startDebugSession, type DebugSession } from './support/debug-session.ts';
import { readNestedLog } from './support/logs.ts';
import { cancelled, type Outcome } from '../../src/protocol/outcome.ts';
import { createReplayHost, readLog, type ReplayHost } from './support/replay-host.ts';

const NESTED = '/logs/nested.log';
const REBOOTS = '/logs/reboots.log';

let host: ReplayHost;
let session: DebugSession;

beforeEach(async () => {
  host = createReplayHost({ [NESTED]: await readNestedLog(), [REBOOTS]: await readLog('sevlike-reboots') });
  session = await startDebugSession(host);
});

afterEach(() => session.end());

describe('stepping', () => {
  test('goes over whole calls, and into them; back it goes step by step', async () => {
    await session.begin({ program: NESTED, startAt: 11 });
    await session.move('next');
    expect(await session.line()).toBe(24);
    await session.move('goto', { targetId: await targetAt(11) });
    await session.move('stepIn');
    expect(await session.line()).toBe(15);
    await session.move('next');
    expect(await session.line()).toBe(18);
    await session.move('stepBack');
    expect(await session.line()).toBe(16);
    await session.move('stepBack');
    expect(await session.line()).toBe(15);
  });

  test('shows the open calls as frames, the innermost first', async () => {
    await session.begin({ program: NESTED, startAt: 16 });
    const frames = await session.frames();
    expect(frames.map(({ line }) => line)).toEqual([16, 15, 1]);
    expect(frames.map(({ name }) => name)).toEqual([
      'Map(Write, 4 KiB at 0x1e3d1018)',
      'Map(Write, 4 KiB at 0x1e3e0018)',
      'Boot services',
    ]);
  });

  test('goes out of the innermost call, then out of the phase', async () => {
    await session.begin({ program: NESTED, startAt: 16 });
    await session.move('stepOut');
    expect(await session.line()).toBe(18);
    await session.move('stepOut');
    expect(await session.line()).toBe(24);
    await session.move('stepOut');
    expect((await session.frames()).at(-1)?.name).not.toBe('Boot services');
    await session.move('stepBack');
    expect((await session.frames()).at(-1)?.name).toBe('Boot services');
  });

  test('goes out of the last phase of a boot to the next boot', async () => {
    await session.begin({ program: REBOOTS });
    let stopped = await session.move('stepOut');
    while (stopped.threadId === 1) stopped = await session.move('stepOut');
    expect(stopped.threadId).toBe(2);
    expect(await session.evaluate('step')).toBe(await stepAt(await session.line()));
    stopped = await session.move('stepBack');
    expect(stopped.threadId).toBe(1);
  });

  test('there and back leads to the same place, from anywhere', async () => {
    await session.begin({ program: NESTED });
    await session.move('continue');
    const last = Number(await session.evaluate('step'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: last - 1 }), async (step) => {
        await session.move('goto', { targetId: step + 1 });
        const before = await seen();
        await session.move('stepIn');
        expect(await session.evaluate('step')).toBe(String(step + 1));
        await session.move('stepBack');
        expect(await seen()).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test('passes on the cursor wherever it goes', async () => {
    await session.begin({ program: NESTED });
    await session.move('stepIn');
    await session.move('goto', { targetId: 11 });
    await session.move('reverseContinue');
    expect(host.cursor).toEqual([0, 1, 10, 0]);
  });
});

describe('a long search', () => {
  /** A log so long that searching never ends, unless it is cancelled. */
  function searchForever(): void {
    host.intercept = (ask) => (name, params, options) =>
      name === 'findReplayStop'
        ? new Promise((resolve) => {
            const outcome: Outcome<never> = cancelled();
            options?.cancellation?.onCancellationRequested(() => resolve(outcome));
          })
        : ask(name, params, options);
  }

  test('can be paused, and leaves the replay where it was', async () => {
    searchForever();
    await session.begin({ program: NESTED, startAt: 10 });
    await session.client.continueRequest({ threadId: 1 });
    expect(await session.evaluate('live')).toBe('1');
    expect(await session.move('pause')).toMatchObject({
      reason: 'pause',
      description: 'Stopped on the way: the replay stands where it was.',
    });
    expect(await session.line()).toBe(10);
  });

  test('refuses other movements, and can be left', async () => {
    searchForever();
    await session.begin({ program: NESTED });
    await session.client.reverseContinueRequest({ threadId: 1 });
    await expect(session.client.nextRequest({ threadId: 1 })).rejects.toThrow('under way');
    await session.client.disconnectRequest();
    expect(host.openCount()).toBe(0);
  });

  test('gives way to whoever moves the cursor', async () => {
    searchForever();
    await session.begin({ program: NESTED });
    await session.client.continueRequest({ threadId: 1 });
    const stopped = session.client.waitForEvent('stopped');
    session.adapter.follow(3);
    expect((await stopped).body).toMatchObject({ reason: 'goto' });
    expect(await session.evaluate('step')).toBe('3');
  });
});

async function targetAt(line: number): Promise<number> {
  const { targets } = (await session.client.gotoTargetsRequest({ source: { path: NESTED }, line })).body;
  return targets[0]!.id;
}

async function stepAt(line: number): Promise<string> {
  const { targets } = (await session.client.gotoTargetsRequest({ source: { path: REBOOTS }, line })).body;
  return String(targets[0]!.id - 1);
}

async function seen(): Promise<unknown> {
  const frames = await session.frames();
  return [frames.map(({ name, line }) => `${name} ${line}`), await session.evaluate('where', 'repl')];
}
