import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createDebugAdapter } from '../../src/extension/replay/debug-adapter.ts';
import { readNestedLog } from './support/logs.ts';
import { createReplayHost } from './support/replay-host.ts';

const NESTED = '/logs/nested.log';

const COMMANDS = [
  'initialize',
  'launch',
  'configurationDone',
  'setBreakpoints',
  'setFunctionBreakpoints',
  'setExceptionBreakpoints',
  'breakpointLocations',
  'threads',
  'stackTrace',
  'scopes',
  'variables',
  'evaluate',
  'completions',
  'locations',
  'exceptionInfo',
  'gotoTargets',
  'goto',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'continue',
  'reverseContinue',
  'pause',
  'restart',
  'attach',
  'source',
  '__proto__',
  'toString',
];

const integer = fc.oneof(fc.integer({ min: -3, max: 50 }), fc.constantFrom(NaN, -0, 2 ** 31, 2 ** 53, 1e300));
const words = fc.oneof(
  fc.constantFrom(NESTED, 'live > 1', 'live', 'covers 0x1e674000', 'handoff', 'double-unmap', '(', '{0}', ''),
  fc.string(),
);
const item = fc.record(
  { line: integer, column: integer, condition: words, hitCondition: words, name: words, filterId: words },
  { requiredKeys: [] },
);

/** Arguments that look right, and such that do not at all. */
const args = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      {
        program: fc.constantFrom(NESTED, '', '/logs/missing.log'),
        source: fc.record({ path: words }, { requiredKeys: [] }),
        breakpoints: fc.array(item, { maxLength: 4 }),
        lines: fc.array(integer, { maxLength: 3 }),
        filters: fc.array(words, { maxLength: 3 }),
        filterOptions: fc.array(item, { maxLength: 2 }),
        line: integer,
        endLine: integer,
        column: integer,
        threadId: integer,
        frameId: integer,
        variablesReference: integer,
        locationReference: integer,
        targetId: integer,
        start: integer,
        count: integer,
        startFrame: integer,
        levels: integer,
        expression: words,
        text: words,
        context: fc.constantFrom('watch', 'repl', 'hover'),
        stopOnEntry: fc.boolean(),
        boot: integer,
        startAt: integer,
        linesStartAt1: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.anything() },
);

const request = fc.record({ command: fc.constantFrom(...COMMANDS), arguments: args });

/** Sends requests one after the other without waiting; gives all that came back when the last one is answered. */
async function converse(
  requests: readonly { readonly command: string; readonly arguments: unknown }[],
): Promise<readonly DebugProtocol.ProtocolMessage[]> {
  const host = createReplayHost({ [NESTED]: await readNestedLog() });
  const received: DebugProtocol.ProtocolMessage[] = [];
  const answered = new Promise<void>((resolve) => {
    const adapter = createDebugAdapter(host, (message) => {
      received.push(message);
      // The adapter answers in order, but for what ends something.
      if ('request_seq' in message && received.filter(isResponse).length === requests.length) {
        adapter.dispose();
        resolve();
      }
    });
    requests.forEach((each, index) => adapter.handle({ seq: index + 1, type: 'request', ...each }));
  });
  await answered;
  expect(host.openCount()).toBe(0);
  return received;
}

function isResponse(message: DebugProtocol.ProtocolMessage): message is DebugProtocol.Response {
  return message.type === 'response';
}

describe('the debug adapter', () => {
  test('gives every request one response, whatever comes in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), fc.boolean(), async (requests, begins) => {
        const opening = [
          { command: 'initialize', arguments: {} },
          { command: 'launch', arguments: { program: NESTED } },
          { command: 'configurationDone', arguments: {} },
        ];
        const sent = begins ? [...opening, ...requests] : requests;
        const received = await converse(sent);
        const responses = received.filter(isResponse);
        const answers = responses.map(({ request_seq }) => request_seq).sort((a, b) => a - b);
        expect(answers).toEqual(sent.map((_request, index) => index + 1));
        expect(received.map(({ seq }) => seq)).toEqual(received.map((_message, index) => index + 1));
        for (const { success, message, command, request_seq } of responses) {
          expect(command).toBe(sent[request_seq - 1]?.command);
          // An error that the adapter did not foresee would be a mistake in it.
          if (!success) expect(message).not.toContain('met an error');
        }
      }),
      { numRuns: 60 },
    );
  });

  test('ignores what is no request', async () => {
    const host = createReplayHost({});
    const received: unknown[] = [];
    const adapter = createDebugAdapter(host, (message) => received.push(message));
    fc.assert(
      fc.property(
        fc.anything().filter((value) => !(typeof value === 'object' && value !== null && 'type' in value)),
        (message) => adapter.handle(message),
      ),
    );
    adapter.handle({ seq: 1, type: 'response', command: 'initialize', request_seq: 1, success: true });
    adapter.handle({ seq: 2, type: 'event', event: 'stopped' });
    await Promise.resolve();
    expect(received).toEqual([]);
  });

  test('answers requests without a number or a name with an error', async () => {
    const host = createReplayHost({});
    const answered = new Promise<unknown>((resolve) => {
      createDebugAdapter(host, resolve).handle({ type: 'request', seq: 'one' });
    });
    expect(await answered).toMatchObject({ type: 'response', request_seq: 0, success: false });
  });
});
