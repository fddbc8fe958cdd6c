import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { startDebugSession, type DebugSession } from './support/debug-session.ts';
import { readNestedLog } from './support/logs.ts';
import { createReplayHost, readLog, type ReplayHost } from './support/replay-host.ts';

const NESTED = '/logs/nested.log';
const LEAKS = '/logs/leaks.log';
/** In that log the eleventh live mapping is made here, and the tenth just before. */
const CROWDED_LINE = 9814;

let host: ReplayHost;
let session: DebugSession;

beforeEach(async () => {
  host = createReplayHost({ [NESTED]: await readNestedLog(), [LEAKS]: await readLog('buggy-no-teardown') });
  session = await startDebugSession(host);
});

afterEach(() => session.end());

async function setLines(
  path: string,
  breakpoints: readonly DebugProtocol.SourceBreakpoint[],
): Promise<DebugProtocol.Breakpoint[]> {
  return (await session.client.setBreakpointsRequest({ source: { path }, breakpoints: [...breakpoints] })).body
    .breakpoints;
}

async function setEvents(
  ...breakpoints: readonly DebugProtocol.FunctionBreakpoint[]
): Promise<DebugProtocol.Breakpoint[]> {
  return (await session.client.setFunctionBreakpointsRequest({ breakpoints: [...breakpoints] })).body.breakpoints;
}

describe('a breakpoint on a line', () => {
  test('stands where it was put, if something happens there', async () => {
    await session.begin({ program: NESTED });
    const [placed] = await setLines(NESTED, [{ line: 18 }]);
    expect(placed).toEqual({ id: 1, verified: true, line: 18, source: { name: 'nested.log', path: NESTED } });
    expect(await session.move('continue')).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [1] });
    expect(await session.line()).toBe(18);
  });

  test('moves to the next line where something happens, and says so', async () => {
    await session.begin({ program: NESTED });
    const [placed] = await setLines(NESTED, [{ line: 12 }]);
    expect(placed).toMatchObject({
      verified: true,
      line: 15,
      message: 'Nothing of the replay happens at line 12; the next line where something does is 15.',
    });
    await session.move('continue');
    expect(await session.line()).toBe(15);
  });

  test('behind the last thing that happens is none, and says so', async () => {
    await session.begin({ program: NESTED });
    const [placed] = await setLines(NESTED, [{ line: 4000 }]);
    expect(placed).toMatchObject({
      verified: false,
      message: 'Nothing of the replay happens at line 4000 or behind it.',
    });
    expect(await session.move('continue')).toMatchObject({ description: 'The log ends here.' });
  });

  test('stops only where its condition holds, in both directions', async () => {
    await session.begin({ program: LEAKS });
    const lines = [4083, CROWDED_LINE].map((line) => ({ line, condition: 'live > 10' }));
    expect(await setLines(LEAKS, lines)).toMatchObject([{ verified: true }, { verified: true }]);
    expect(await session.move('continue')).toMatchObject({ reason: 'breakpoint' });
    expect(await session.line()).toBe(CROWDED_LINE);
    expect(await session.evaluate('live')).toBe('11');
    await session.move('continue');
    expect(await session.move('reverseContinue')).toMatchObject({ reason: 'breakpoint' });
    expect(await session.line()).toBe(CROWDED_LINE);
    expect(await session.move('reverseContinue')).toMatchObject({ description: 'The log begins here.' });
  });

  test('with a condition that is none is not verified, and says what is wrong', async () => {
    await session.begin({ program: NESTED });
    const [bad, worse, good] = await setLines(NESTED, [
      { line: 15, condition: 'life > 10' },
      { line: 16, hitCondition: 'often' },
      { line: 18, condition: 'op == Write', hitCondition: '1' },
    ]);
    expect(bad).toMatchObject({ verified: false, line: 15 });
    expect(bad?.message).toContain('life');
    expect(worse).toMatchObject({ verified: false, message: 'The hit count must be a whole number, such as 3.' });
    expect(good).toMatchObject({ verified: true });
    // The third one is hit, though it is the first that can be.
    expect(await session.move('continue')).toMatchObject({ hitBreakpointIds: [good?.id] });
    expect(await session.line()).toBe(18);
  });

  test('in another file is none of this session', async () => {
    await session.begin({ program: NESTED });
    expect(await setLines(LEAKS, [{ line: 15 }])).toEqual([
      { verified: false, message: 'Only nested.log is replayed in this session.' },
    ]);
    // Nor does it take those of the log away.
    await setLines(NESTED, [{ line: 15 }]);
    await setLines(LEAKS, []);
    expect(await session.move('continue')).toMatchObject({ reason: 'breakpoint' });
  });

  test('is gone when the client does not name it any more', async () => {
    await session.begin({ program: NESTED });
    await setLines(NESTED, [{ line: 15 }]);
    await setLines(NESTED, []);
    expect(await session.move('continue')).toMatchObject({ description: 'The log ends here.' });
  });

  test('can be put where the log tells something', async () => {
    await session.begin({ program: NESTED });
    const { breakpoints } = (
      await session.client.customRequest('breakpointLocations', { source: { path: NESTED }, line: 8, endLine: 16 })
    ).body as DebugProtocol.BreakpointLocationsResponse['body'];
    expect(breakpoints).toEqual([{ line: 8 }, { line: 9 }, { line: 10 }, { line: 11 }, { line: 15 }, { line: 16 }]);
  });
});

describe('a function breakpoint', () => {
  test('stops where its event happens', async () => {
    await session.begin({ program: LEAKS });
    expect(await setEvents({ name: 'handoff' })).toEqual([{ id: 1, verified: true }]);
    expect(await session.move('continue')).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [1] });
    expect(await session.evaluate('kind')).toBe('handoff');
    expect(await session.evaluate('live')).toBe('10');
  });

  test('counts hits, from where the search begins', async () => {
    await session.begin({ program: LEAKS });
    await setEvents({ name: 'leak', hitCondition: '3' });
    await session.move('continue');
    expect(await session.line()).toBe(4334);
    await session.move('continue');
    expect(await session.line()).toBe(4352);
  });

  test('stops at the leaks of one driver', async () => {
    await session.begin({ program: LEAKS });
    await setEvents({ name: 'leak', condition: 'owner == "NvmExpressDxe"' });
    await session.move('continue');
    expect(await session.line()).toBe(5781);
    expect(await session.move('continue')).toMatchObject({ description: 'The log ends here.' });
  });

  test('for an event that does not exist is not verified, and says which do', async () => {
    await session.begin({ program: NESTED });
    const [unknown, known] = await setEvents({ name: 'main' }, { name: ' unmap ' });
    expect(unknown).toMatchObject({ verified: false });
    expect(unknown?.message).toMatch(/^There is no event “main”\. Events are map, unmap, .*boot\.$/);
    expect(known).toMatchObject({ verified: true });
  });
});

describe('an exception breakpoint', () => {
  test('stops where its rule has a finding, and says which', async () => {
    await session.begin({ program: LEAKS });
    const { body } = await session.client.setExceptionBreakpointsRequest({ filters: ['common-buffer-left-mapped'] });
    expect(body?.breakpoints).toEqual([{ verified: true }]);
    const stopped = await session.move('continue');
    expect(stopped).toMatchObject({ reason: 'exception', text: 'common-buffer-left-mapped' });
    expect(await session.line()).toBe(4083);
    const info = (await session.client.exceptionInfoRequest({ threadId: 1 })).body;
    expect(info).toMatchObject({ exceptionId: 'common-buffer-left-mapped', breakMode: 'always' });
    expect(stopped.description).toBe(`common-buffer-left-mapped: ${info.description}`);
    await session.move('continue');
    expect(await session.line()).toBe(4334);
  });

  test('names the rules that there are not', async () => {
    await session.begin({ program: NESTED });
    const { body } = await session.client.setExceptionBreakpointsRequest({
      filters: ['uncaught'],
      filterOptions: [{ filterId: 'double-unmap' }],
    });
    expect(body?.breakpoints).toEqual([{ verified: false, message: 'There is no such rule.' }, { verified: true }]);
  });

  test('has nothing to tell where the replay stopped for another reason', async () => {
    await session.begin({ program: NESTED });
    await expect(session.client.exceptionInfoRequest({ threadId: 1 })).rejects.toThrow('not stop because of a finding');
  });
});

describe('going to a line', () => {
  test('leads to what happened last until there, back and forth', async () => {
    await session.begin({ program: NESTED });
    for (const [line, expected] of [
      [23, 21],
      [13, 11],
      [4000, 35],
    ] as const) {
      const { targets } = (await session.client.gotoTargetsRequest({ source: { path: NESTED }, line })).body;
      expect(targets).toHaveLength(1);
      expect(await session.move('goto', { targetId: targets[0]!.id })).toMatchObject({ reason: 'goto' });
      expect([line, await session.line()]).toEqual([line, expected]);
    }
  });

  test('needs a place that exists', async () => {
    await session.begin({ program: NESTED });
    for (const targetId of [0, -1, 1e9]) {
      await expect(session.client.gotoRequest({ threadId: 1, targetId })).rejects.toThrow('no such place');
    }
    const { targets } = (await session.client.gotoTargetsRequest({ source: { path: LEAKS }, line: 1 })).body;
    expect(targets).toEqual([]);
  });
});
