import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { REPLAY_COMMANDS, createReplay, type Replay } from '../../../src/core/index.ts';
import { STEP_KINDS } from '../../../src/core/model/step.ts';
import { syntheticSteps } from '../../bench/synthetic-steps.mjs';
import { BOOT_START, allocate, map, unmap } from '../support/firmware.ts';
import { analyseSteps } from '../support/journals.ts';
import { readLog } from '../support/logs.ts';

function replayOf(text: string): Replay {
  const { report, journals } = analyseSteps(text);
  return createReplay(report, journals);
}

const common = { handle: 0x1e3edb98, operation: 'CommonBuffer', host: 0x1e6bc000, device: 0x1e6bc000, bytes: 0x10000 };
const transfer = { handle: 0x2000, operation: 'Write', host: 0x20000, device: 0x30000, bytes: 0x200 };
const replay = replayOf(
  `${[BOOT_START, ...allocate(common), ...map(common), ...map(transfer), unmap(transfer), ...map({ ...transfer, device: 0x40000 })].join('\n')}\n`,
);
/** Behind the first transfer, before it is unmapped. */
const middle = replay.stepAt(7);
const end = replay.outline.stepCount - 1;

function ask(step: number, text: string): string {
  const { understood, text: told } = replay.answer(step, text, 'question');
  return understood ? told : `not understood: ${told}`;
}

describe('the debug console', () => {
  test.each([
    [
      'live',
      '0x1e3edb98: CommonBuffer, 64 KiB at 0x1e6bc000, mapped at line 5\n0x2000: Write, 512 bytes at 0x30000, mapped at line 7',
    ],
    ['live write', '0x2000: Write, 512 bytes at 0x30000, mapped at line 7'],
    ['live write 1e6bc', 'There is no live mapping.'],
    ['who 0x30010', 'a driver that the log does not tell: 0x2000, Write, mapped at line 7'],
    ['who 0x90000', 'Nothing that is live covers 0x90000.'],
    [
      'covers 1e6bc010',
      'mapping 0x1e3edb98: CommonBuffer, 64 KiB at 0x1e6bc000, mapped at line 5\nbuffer of 64 KiB at 0x1e6bc000, allocated at line 3, not freed in the log',
    ],
    ['0x20010', 'mapping, by its host address: 0x2000: Write, 512 bytes at 0x30000, mapped at line 7'],
    [
      'history 0x2000',
      'mapping 0x2000: Write, 512 bytes at 0x30000, mapped at line 7, unmapped at line 8\nmapping 0x2000 #2: Write, 512 bytes at 0x40000, mapped at line 10, its end is not in the log',
    ],
    ['leaks', 'The log ends before hand-off: nothing is known to leak.'],
    ['devices', 'The log has told of no device so far.'],
    [
      'where',
      'line 7: Map() returned 0x2000: Write, 512 bytes at 0x30000\n  in Boot services, line 7\n2 live mappings (64.5 KiB), 1 buffer',
    ],
    ['live > 1', 'true'],
    ['live - 1', '1'],
    ['live("XhciDxe")', '0'],
    ['live in 1..3', 'true'],
    ['  device + 0x10 ', '0x30010'],
    ['device - host', '65536 (64 KiB)'],
    ['time', 'null'],
    ['who', 'not understood: who wants an address in hexadecimal, such as who 0x1e6bc010.'],
    [
      'history 12345678901234567',
      'not understood: history wants an address in hexadecimal, such as history 0x1e6bc010.',
    ],
    ['covers(0x1e6bc010)', '1'],
    ['nonsense', 'not understood: `nonsense` is not known here. Other texts stand in quotes. (at character 1)'],
    ['', 'not understood: Something is missing at the end. (at character 1)'],
  ])('answers %j', (question, answer) => expect(ask(middle, question)).toBe(answer));

  test('tells of each command in its help, and understands each', () => {
    const help = ask(middle, 'help');
    for (const { name, meaning } of REPLAY_COMMANDS) {
      expect(help).toContain(meaning);
      expect(ask(middle, `${name} 0x1000`)).not.toMatch(/is not known here/);
    }
  });

  test('knows what is leaked where the log has a hand-off', () => {
    const leaking = replayOf(readLog('buggy-no-teardown'));
    const lines = leaking.answer(100, 'leaks', 'question').text.split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(
      'mapping 0x1e3e9a18: CommonBuffer, 64 KiB at 0x1e6bc000, XhciDxe, mapped at line 4083, still there at hand-off',
    );
    expect(leaking.answer(leaking.outline.stepCount - 1, 'who 0x1e6bc000', 'question').text).toBe(
      'XhciDxe (XhciDxe printed an address inside this mapping, line 4086): 0x1e3e9a18, CommonBuffer, mapped at line 4083',
    );
  });

  test('understands commands where questions are asked only', () => {
    expect(replay.answer(end, 'where', 'expression').understood).toBe(false);
    expect(replay.answer(end, '0x1e6bc010', 'expression').text).toBe('0x1e6bc010');
    expect(replay.answer(end, 'live', 'expression')).toMatchObject({ text: '2', type: 'number' });
    expect(replay.answer(end, 'live', 'question')).toMatchObject({ path: 'mappings', indexedCount: 2 });
  });

  test('names a bounded number of things and counts the rest', () => {
    const { trace, journal } = syntheticSteps({ kinds: STEP_KINDS, steps: 20_000, unmapShare: 0, seed: 1 });
    const many = createReplay({ traces: [trace] }, [journal]);
    for (const question of ['live', 'live write']) {
      const lines = many.answer(19_999, question, 'question').text.split('\n');
      expect(lines).toHaveLength(51);
      expect(lines[50]).toBe(`… and ${question === 'live' ? 9950 : 4950} more live mappings`);
    }
  });

  test('has an answer to anything', () => {
    const word = fc.constantFrom(...REPLAY_COMMANDS.map(({ name }) => name), '0x2000', '(', 'ffffffffffffffffff', '\n');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('expression' as const, 'question' as const), (question, context) => {
        expect(replay.answer(middle, question, context).text).not.toBe('');
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});
