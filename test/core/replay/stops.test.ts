import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Replay, ReplayStop, ReplayStops } from '../../../src/core/index.ts';
import { REPLAY_EVENTS, createReplay } from '../../../src/core/index.ts';
import {
  BOOT_START,
  LINUX_DUMMY,
  PROTECTION_LIFTED,
  allocate,
  free,
  map,
  mapCalled,
  unmap,
} from '../support/firmware.ts';
import { analyseSteps } from '../support/journals.ts';
import { readLog } from '../support/logs.ts';

type Direction = 'forward' | 'backward';

const NO_STOPS: ReplayStops = { lines: [], events: [], rules: [] };

function replayOf(text: string): Replay {
  const { report, journals } = analyseSteps(text);
  return createReplay(report, journals);
}

function find(replay: Replay, from: number, direction: Direction, stops: Partial<ReplayStops>): ReplayStop {
  const search = replay.searchStop(from, direction, { ...NO_STOPS, ...stops });
  for (;;) {
    const { done, value } = search.next();
    if (done === true) return value;
  }
}

/** All stops on the way from one end to the other, the end of the way itself included. */
function findAll(replay: Replay, direction: Direction, stops: Partial<ReplayStops>): ReplayStop[] {
  const all: ReplayStop[] = [];
  let step = direction === 'forward' ? 0 : replay.outline.stepCount - 1;
  for (;;) {
    const stop = find(replay, step, direction, stops);
    all.push(stop);
    if (stop.reason === 'first-step' || stop.reason === 'last-step') return all;
    step = stop.step;
  }
}

function linesOf(replay: Replay, stops: readonly ReplayStop[]): number[] {
  return stops.map(({ step }) => replay.momentAt(step).line);
}

const first = { handle: 0x1000, operation: 'CommonBuffer', host: 0x10000, device: 0x10000, bytes: 0x2000 };
const second = { handle: 0x2000, operation: 'Write', host: 0x20000, device: 0x20000, bytes: 0x200 };

const LOG = [
  BOOT_START, // 1
  ...allocate(first), // 2, 3
  ...map(first), // 4, 5
  ...map(second), // 6, 7
  unmap(second), // 8
  mapCalled({ ...second, bytes: 0x300 }), // 9: fails
  ...map(second), // 10, 11
  unmap(second), // 12
  unmap(second), // 13: refused
  free({ host: 0x90000, bytes: 0x1000 }), // 14: refused
  ...PROTECTION_LIFTED, // 15 to 26
  LINUX_DUMMY, // 27
  'IoMmuUnmapWorker: Mapping=', // 28: damaged
];
const replay = replayOf(`${LOG.join('\n')}\n`);
const last = replay.outline.stepCount - 1;

const lineAt = (line: number, condition = '', hits = 0): Partial<ReplayStops> => ({
  lines: [{ line, condition, hits }],
});
const event = (name: (typeof REPLAY_EVENTS)[number], condition = '', hits = 0): Partial<ReplayStops> => ({
  events: [{ event: name, condition, hits }],
});

describe('a search without stops', () => {
  test('ends at both ends of the log', () => {
    expect(find(replay, 0, 'forward', {})).toEqual({ step: last, reason: 'last-step', index: 0, message: null });
    expect(find(replay, last, 'backward', {})).toEqual({ step: 0, reason: 'first-step', index: 0, message: null });
    expect(find(replay, last, 'forward', {})).toMatchObject({ step: last, reason: 'last-step' });
    expect(find(replay, 0, 'backward', {})).toMatchObject({ step: 0, reason: 'first-step' });
  });
});

describe('a breakpoint on a line', () => {
  test('is hit once on each visit of the line, from both sides', () => {
    expect(linesOf(replay, findAll(replay, 'forward', lineAt(7)))).toEqual([7, replay.momentAt(last).line]);
    expect(linesOf(replay, findAll(replay, 'backward', lineAt(7)))).toEqual([7, 1]);
  });

  test('is not hit where the replay stands', () => {
    const step = replay.stepAt(7);
    expect(find(replay, step, 'forward', lineAt(7)).reason).toBe('last-step');
    expect(find(replay, step, 'backward', lineAt(7)).reason).toBe('first-step');
  });

  test('stops at the first of the line’s steps going forward, at the last going back', () => {
    // The same handle again: the log lost the end of the one before, and tells both in one line.
    const lost = replayOf(`${[BOOT_START, ...map(first), ...map(first), unmap(first)].join('\n')}\n`);
    const [forward] = findAll(lost, 'forward', lineAt(5));
    const [backward] = findAll(lost, 'backward', lineAt(5));
    expect(lost.momentAt(forward?.step ?? 0)).toMatchObject({ line: 5, kind: 'mapping-lost' });
    expect(lost.momentAt(backward?.step ?? 0)).toMatchObject({ line: 5, kind: 'mapped' });
    // From inside of the line there is nothing left of it.
    expect(find(lost, forward?.step ?? 0, 'forward', lineAt(5)).reason).toBe('last-step');
  });

  test('on a line without a step is never hit', () => {
    expect(find(replay, 0, 'forward', lineAt(16)).reason).toBe('last-step');
    expect(find(replay, 0, 'forward', lineAt(4000)).reason).toBe('last-step');
  });

  test('asks its condition behind the step', () => {
    expect(find(replay, 0, 'forward', lineAt(7, 'live == 2')).reason).toBe('line');
    expect(find(replay, 0, 'forward', lineAt(7, 'live == 1')).reason).toBe('last-step');
  });

  test('with a condition that is none stops and tells why', () => {
    expect(find(replay, 0, 'forward', lineAt(7, 'live ==', 7))).toMatchObject({
      reason: 'line',
      message: 'Something is missing at the end. (at character 8)',
    });
  });
});

describe('a breakpoint on an event', () => {
  test.each<[(typeof REPLAY_EVENTS)[number], number[]]>([
    ['map', [5, 7, 11]],
    ['unmap', [8, 12, 13]],
    ['allocate', [3]],
    ['free', [14]],
    ['failure', [9]],
    ['leak', [5]],
    ['handoff', [15]],
    ['exit-boot-services', [15]],
    ['callback', []],
    ['cleanup', []],
    ['fault', []],
    ['device', []],
  ])('%s stops at its lines, from both sides', (name, lines) => {
    expect(linesOf(replay, findAll(replay, 'forward', event(name)).slice(0, -1))).toEqual(lines);
    expect(linesOf(replay, findAll(replay, 'backward', event(name)).slice(0, -1))).toEqual([...lines].reverse());
  });

  test.each([
    ['live > 1', [7, 11]],
    ['op == Write', [7, 11]],
    ['op == CommonBuffer && bytes == 8192', [5]],
    ['address in 0x10000..0x20000', [5]],
    ['covers(0x10fff) && count(Write) == 1', [7, 11]],
    ['live("XhciDxe")', []],
    ['failures > 0', [11]],
    ['line == 7', [7]],
  ])('with the condition %s', (condition, lines) => {
    expect(linesOf(replay, findAll(replay, 'forward', event('map', condition)).slice(0, -1))).toEqual(lines);
    expect(linesOf(replay, findAll(replay, 'backward', event('map', condition)).slice(0, -1))).toEqual(
      [...lines].reverse(),
    );
  });

  test('with hits stops at the n-th, counted from where it began', () => {
    expect(linesOf(replay, [find(replay, 0, 'forward', event('map', '', 2))])).toEqual([7]);
    expect(linesOf(replay, [find(replay, replay.stepAt(5), 'forward', event('map', '', 2))])).toEqual([11]);
    expect(linesOf(replay, [find(replay, last, 'backward', event('map', 'op == Write', 2))])).toEqual([7]);
    expect(find(replay, 0, 'forward', event('map', '', 4)).reason).toBe('last-step');
  });
});

describe('a breakpoint on a rule', () => {
  test('stops where the rule has a finding, with its message', () => {
    const rules = ['common-buffer-left-mapped', 'double-unmap'];
    const stops = findAll(replay, 'forward', { rules });
    expect(stops.map(({ reason, index }) => `${reason} ${index}`)).toEqual(['rule 0', 'rule 1', 'last-step 0']);
    expect(linesOf(replay, stops)).toEqual([5, 13, replay.momentAt(last).line]);
    expect(stops[0]?.message).toMatch(/^CommonBuffer mapping 0x10000 .* is still mapped/);
    expect(linesOf(replay, findAll(replay, 'backward', { rules }))).toEqual([13, 5, 1]);
  });
});

describe('a search through several boots', () => {
  const reboots = replayOf(readLog('sevlike-reboots'));

  test('stops at the begin of each', () => {
    const places = reboots.outline.boots.map(({ firstStep }) => firstStep);
    expect(places).toHaveLength(5);
    const backward = findAll(reboots, 'backward', event('boot'));
    expect(backward.map(({ step }) => step)).toEqual([...places.reverse(), 0]);
    const forward = findAll(reboots, 'forward', event('boot')).slice(0, -1);
    expect(forward.map(({ step }) => step)).toEqual(places.reverse().slice(1));
  });

  test('asks for the state of the boot where it is', () => {
    const [stop] = findAll(reboots, 'forward', event('map', 'boot == 3 && maps == 1'));
    expect(reboots.momentAt(stop?.step ?? 0)).toMatchObject({ boot: 2, kind: 'mapped' });
  });
});

describe('any stops', () => {
  const real = replayOf(readLog('buggy-xhci-free-in-ebs'));
  const { stepCount } = real.outline;
  const conditions = fc.constantFrom('', 'live > 3', 'op == CommonBuffer', 'count(CommonBuffer) == 2', 'bytes < 64');
  const anyStops = fc.record({
    lines: fc.array(
      // A condition on a line is asked at its first step going forward and at its last going back.
      fc.record({ line: fc.integer({ min: 1, max: 9_762 }), condition: fc.constant(''), hits: fc.constant(0) }),
      { maxLength: 3 },
    ),
    events: fc.array(
      fc.record({ event: fc.constantFrom(...REPLAY_EVENTS), condition: conditions, hits: fc.constant(0) }),
      { maxLength: 3 },
    ),
    rules: fc.subarray(['read-write-pending-at-exit', 'unmapped-in-exit-callback', 'double-free']),
  });

  test('that are found one by one going forward are all found going back', () => {
    fc.assert(
      fc.property(anyStops, (stops) => {
        const places = (direction: Direction): number[] =>
          findAll(real, direction, stops)
            .filter(({ reason }) => reason !== 'first-step' && reason !== 'last-step')
            .map(({ step }) => real.momentAt(step).line);
        const ends = new Set([real.momentAt(0).line, real.momentAt(stepCount - 1).line]);
        const inside = (lines: number[]): number[] => [...new Set(lines)].filter((line) => !ends.has(line));
        expect(inside(places('backward')).reverse()).toEqual(inside(places('forward')));
      }),
      { numRuns: 25, seed: 8 },
    );
  });

  test('are given up when nobody wants to know any more', () => {
    const search = real.searchStop(0, 'forward', { ...NO_STOPS, ...event('map', 'live < 0') });
    let turns = 0;
    while (search.next().done !== true) turns++;
    // The log is short: a few turns at most, but never one a step.
    expect(turns).toBeLessThan(stepCount / 100);
  });
});
