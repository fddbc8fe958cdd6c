import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { startDebugSession, type DebugSession } from './support/debug-session.ts';
import { readNestedLog } from './support/logs.ts';
import { createReplayHost, readLog, type ReplayHost } from './support/replay-host.ts';

const NESTED = '/logs/nested.log';
const LEAKS = '/logs/leaks.log';
const REBOOTS = '/logs/reboots.log';

let host: ReplayHost;
let session: DebugSession;

beforeEach(async () => {
  host = createReplayHost({ [NESTED]: await readNestedLog(), [LEAKS]: await readLog('buggy-no-teardown') });
  session = await startDebugSession(host);
});

afterEach(() => session.end());

async function scopeNamed(name: string): Promise<DebugProtocol.Scope> {
  const [frame] = await session.frames();
  const { scopes } = (await session.client.scopesRequest({ frameId: frame!.id })).body;
  return scopes.find((scope) => scope.name === name)!;
}

async function variables(args: DebugProtocol.VariablesArguments): Promise<DebugProtocol.Variable[]> {
  return (await session.client.variablesRequest(args)).body.variables;
}

describe('variables', () => {
  test('are the live mappings, page by page', async () => {
    await session.begin({ program: LEAKS, startAt: 9814 });
    const scope = await scopeNamed('Live mappings');
    expect(scope.indexedVariables).toBe(11);
    const { variablesReference } = scope;
    const all = await variables({ variablesReference });
    expect(all).toHaveLength(11);
    expect(await variables({ variablesReference, filter: 'indexed', start: 4, count: 3 })).toEqual(all.slice(4, 7));
    expect(await variables({ variablesReference, start: 9, count: 100 })).toEqual(all.slice(9));
    expect(await variables({ variablesReference, filter: 'named' })).toEqual([]);
    expect(all[0]).toMatchObject({ name: '0x1e3e9a18', declarationLocationReference: 4083 });
  });

  test('unfold to what a mapping is', async () => {
    await session.begin({ program: LEAKS, startAt: 4083 });
    const { variablesReference } = await scopeNamed('Live mappings');
    const [mapping] = await variables({ variablesReference });
    const inside = await variables({ variablesReference: mapping!.variablesReference });
    const values = new Map(inside.map(({ name, value }) => [name, value]));
    expect(values.get('operation') ?? values.get('op')).toBe('CommonBuffer');
    expect([...values.values()].some((value) => value.includes('0x1e6bc000'))).toBe(true);
  });

  test('lead to the line where they began', async () => {
    await session.begin({ program: LEAKS, startAt: 4083 });
    const response = await session.client.customRequest('locations', { locationReference: 4083 });
    expect(response.body).toEqual({ source: { name: 'leaks.log', path: LEAKS }, line: 4083 });
    await expect(session.client.customRequest('locations', { locationReference: 0 })).rejects.toThrow('no such place');
  });

  test('show numbers as the client wants them', async () => {
    await session.begin({ program: LEAKS, startAt: 9814 });
    const { variablesReference } = await scopeNamed('Counters');
    const [decimal] = await variables({ variablesReference });
    const [hexadecimal] = await variables({ variablesReference, format: { hex: true } });
    expect([decimal?.value, hexadecimal?.value]).toEqual(['11', '0xb']);
  });

  test('of a step that was left are not to be had any more', async () => {
    await session.begin({ program: LEAKS, startAt: 4083 });
    const { variablesReference } = await scopeNamed('Live mappings');
    const [frame] = await session.frames();
    await session.move('stepIn');
    await expect(variables({ variablesReference })).rejects.toThrow('a step that the replay has left');
    await expect(session.client.scopesRequest({ frameId: frame!.id })).rejects.toThrow(
      'a step that the replay has left',
    );
  });
});

describe('threads', () => {
  test('are the boots; those where the replay does not stand say where they are', async () => {
    host.logs.set(REBOOTS, await readLog('sevlike-reboots'));
    await session.begin({ program: REBOOTS, boot: 2 });
    const frames = async (threadId: number): Promise<DebugProtocol.StackFrame[]> =>
      (await session.client.stackTraceRequest({ threadId })).body.stackFrames;
    expect(await frames(1)).toMatchObject([{ name: 'this boot is over' }]);
    expect(await frames(2)).toMatchObject([{ name: 'Boot services · boot 2 of 5' }]);
    const [later] = await frames(3);
    expect(later?.name).toBe('this boot comes later');
    expect((await session.client.scopesRequest({ frameId: later!.id })).body.scopes).toEqual([]);
    await expect(frames(17)).rejects.toThrow('no such boot');
  });

  test('give their frames page by page', async () => {
    await session.begin({ program: NESTED, startAt: 16 });
    const { body } = await session.client.stackTraceRequest({ threadId: 1, startFrame: 1, levels: 1 });
    expect(body.stackFrames.map(({ line }) => line)).toEqual([15]);
    expect(body.totalFrames).toBe(3);
  });
});

describe('evaluating', () => {
  beforeEach(() => session.begin({ program: LEAKS, startAt: 4083 }));

  test.each(['watch', 'hover', 'clipboard', 'repl', 'variables'])(
    'gives the value of an expression, for %s',
    async (context) => {
      expect(await session.evaluate('live + 1', context)).toBe('2');
      await expect(session.evaluate('life', context)).rejects.toThrow('life');
    },
  );

  test('answers questions in the debug console only', async () => {
    expect(await session.evaluate('who 0x1e6bc000', 'repl')).toContain('XhciDxe');
    await expect(session.evaluate('who 0x1e6bc000', 'watch')).rejects.toThrow();
  });

  test('tells on hovering what covers an address', async () => {
    expect(await session.evaluate('0x1E6BC010', 'hover')).toContain('0x1e3e9a18');
    expect(await session.evaluate('0x1E6BC010', 'watch')).toMatch(/^0x1e6bc010/);
  });

  test('gives things that can be unfolded', async () => {
    const { body } = await session.client.evaluateRequest({ expression: 'live', context: 'repl' });
    expect(body.indexedVariables).toBe(1);
    expect(await variables({ variablesReference: body.variablesReference })).toMatchObject([{ name: '0x1e3e9a18' }]);
  });

  test('completes commands and names', async () => {
    const labels = async (text: string, column = text.length + 1): Promise<string[]> =>
      (await session.client.completionsRequest({ text, column })).body.targets.map(({ label }) => label);
    expect(await labels('liv')).toEqual(['live', 'live', 'liveBytes']);
    expect(await labels('live > 1 && own')).toEqual(['owner']);
    expect(await labels('op == com')).toEqual(['CommonBuffer', 'CommonBuffer64']);
    expect(await labels('live > 1', 3)).toContain('liveBytes');
    expect(await labels('')).toContain('covers');
    const { targets } = (await session.client.completionsRequest({ text: 'live > ma', column: 10 })).body;
    expect(targets[0]).toMatchObject({ label: 'maps', type: 'variable', start: 8, length: 2 });
  });
});
