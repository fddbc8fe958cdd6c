import { describe, expect, test } from 'vitest';
import { createReplay, type Replay } from '../../../src/core/index.ts';
import { STEP_KINDS } from '../../../src/core/model/step.ts';
import { syntheticSteps } from '../../bench/synthetic-steps.mjs';
import { BOOT_START, allocate, map, mapCalled, unmap } from '../support/firmware.ts';
import { analyseSteps } from '../support/journals.ts';
import { LOG_NAMES, readLog } from '../support/logs.ts';

function replayOf(text: string): Replay {
  const { report, journals } = analyseSteps(text);
  return createReplay(report, journals);
}

/** `name: value` of all that is inside of a path. */
function inside(replay: Replay, step: number, path: string): string[] {
  return replay.variablesAt(step, path, 0, 0).map(({ name, value }) => `${name}: ${value}`);
}

const common = { handle: 0x1e3edb98, operation: 'CommonBuffer', host: 0x1e6bc000, device: 0x1e6bc000, bytes: 0x10000 };
const transfer = { handle: 0x2000, operation: 'Write', host: 0x20000, device: 0x30000, bytes: 0x200 };

describe('the variables of a step', () => {
  const replay = replayOf(
    `${[BOOT_START, ...allocate(common), ...map(common), ...map(transfer), unmap(transfer), mapCalled(transfer)].join('\n')}\n`,
  );

  test('are in scopes, which tell how much there is to be paged', () => {
    const scopes = replay.variablesAt(replay.stepAt(7), '', 0, 0);
    expect(scopes.map(({ name }) => name)).toEqual([
      'Step',
      'Counters',
      'Live mappings',
      'Buffers',
      'Devices',
      'IOMMU',
      'Open calls',
      'Boot',
    ]);
    expect(scopes.map(({ indexedCount }) => indexedCount)).toEqual([0, 0, 2, 1, 0, 0, 0, 0]);
    expect(new Set(scopes.map(({ path }) => path)).size).toBe(scopes.length);
  });

  test('tell what the step is about', () => {
    expect(inside(replay, replay.stepAt(8), 'step')).toEqual([
      'what: Unmap(0x2000): Write, 512 bytes at 0x30000',
      'step: 7',
      'line: 8',
      'kind: unmapped',
      'event: unmap',
      'op: Write',
      'handle: 0x2000',
      'device: 0x30000',
      'host: 0x20000',
      'bytes: 512',
      'pages: 1',
      'leaked: false',
      'age: 1',
      'mapping: Write, 512 bytes at 0x30000',
    ]);
    expect(inside(replay, replay.stepAt(8), 'counters')).toEqual([
      'live: 1',
      'liveBytes: 65536 (64 KiB)',
      'maps: 2',
      'unmaps: 1',
      'buffers: 1',
      'allocations: 1',
      'frees: 0',
      'failures: 0',
      'faults: 0',
    ]);
  });

  test('tell of a mapping all that is known, also of what comes later', () => {
    const [path] = replay.variablesAt(replay.stepAt(7), 'mappings', 1, 1).map((each) => each.path);
    expect(inside(replay, replay.stepAt(7), path ?? '')).toEqual([
      'state: live',
      'handle: 0x2000',
      'operation: Write',
      'device address: 0x30000',
      'host: 0x20000',
      'bytes: 512 bytes',
      'called: line 6',
      'mapped: line 7',
      'unmapped: line 8',
      'unmapped by: boot',
      'live at hand-off: false',
    ]);
    expect(inside(replay, replay.stepAt(8), path ?? '')[0]).toBe('state: not live');
  });

  test('lead from a mapping to its buffer', () => {
    const mapping = replay.variablesAt(replay.stepAt(7), 'mappings', 0, 1)[0]?.path ?? '';
    const buffer = replay.variablesAt(replay.stepAt(7), mapping, 0, 0).find(({ name }) => name === 'buffer');
    expect(buffer).toMatchObject({ value: '64 KiB at 0x1e6bc000', line: 3 });
    expect(inside(replay, replay.stepAt(7), buffer?.path ?? '')).toEqual([
      'state: allocated',
      'host: 0x1e6bc000',
      'bytes: 65536 (64 KiB)',
      'memory type: 4',
      'called: line 2',
      'allocated: line 3',
    ]);
  });

  test('list open calls', () => {
    expect(inside(replay, replay.stepAt(9), 'calls')).toEqual(['#1: Map()']);
    expect(inside(replay, replay.stepAt(8), 'calls')).toEqual([]);
  });

  test.each([
    'nothing',
    'mapping',
    'mapping 99',
    'mapping -1',
    'buffer 9',
    'device 3',
    'mapping 1 buffer',
    '__proto__',
  ])('are none behind the path %j, which leads nowhere', (path) =>
    expect(replay.variablesAt(3, path, 0, 0)).toEqual([]),
  );
});

describe('the variables of a real log', () => {
  test.each(LOG_NAMES)('%s: can be walked to their ends', (name) => {
    const replay = replayOf(readLog(name));
    const { stepCount } = replay.outline;
    for (const step of [0, stepCount >> 1, stepCount - 1]) {
      const seen = new Set<string>();
      const walk = (path: string, depth: number): void => {
        if (seen.has(path)) return;
        seen.add(path);
        expect(depth).toBeLessThan(6);
        for (const each of replay.variablesAt(step, path, 0, 20)) {
          expect(each.name).not.toBe('');
          expect(`${each.name}${each.value}`).toMatch(/^\P{Cc}*$/u);
          if (each.expression !== null)
            expect(replay.answer(step, each.expression, 'expression')).toMatchObject({ understood: true });
          if (each.path !== null) walk(each.path, depth + 1);
        }
      };
      walk('', 0);
    }
  });

  test('tell the owner of a leaked mapping with its evidence, and its finding', () => {
    const replay = replayOf(readLog('buggy-no-teardown'));
    const last = replay.outline.stepCount - 1;
    const [mapping] = replay.variablesAt(last, 'mappings', 0, 1);
    expect(mapping).toMatchObject({ value: 'CommonBuffer, 64 KiB at 0x1e6bc000, XhciDxe', line: 4083 });
    const parts = replay.variablesAt(last, mapping?.path ?? '', 0, 0);
    const pathOf = (name: string): string => parts.find((each) => each.name === name)?.path ?? '';
    expect(inside(replay, last, pathOf('owner'))).toEqual([
      'driver: XhciDxe',
      'evidence: XhciDxe printed an address inside this mapping',
      'certain: true',
    ]);
    expect(inside(replay, last, pathOf('findings'))).toEqual([
      expect.stringMatching(/^common-buffer-left-mapped: CommonBuffer mapping 0x1e6bc000/),
    ]);
  });

  test('tell of devices and translation what the log has told so far', () => {
    const replay = replayOf(readLog('sevlike-ahci-traced'));
    const last = replay.outline.stepCount - 1;
    expect(inside(replay, 0, 'devices')).toEqual([]);
    expect(inside(replay, last, 'devices')).toContain('ich9-ahci 00:1f.2: Bus Master Enable set, stopped');
    const vtd = replayOf(readLog('vtd-ahci'));
    expect(inside(vtd, 0, 'iommu')[0]).toBe('translation: not told');
    expect(inside(vtd, vtd.outline.stepCount - 1, 'iommu')[0]).toBe('translation: off');
  });
});

test('of a hundred thousand live mappings only the page that is asked for is made', () => {
  const { trace, journal } = syntheticSteps({ kinds: STEP_KINDS, steps: 200_000, unmapShare: 0, seed: 1 });
  let made = 0;
  const mappings = new Proxy(trace.mappings, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) made++;
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  const replay = createReplay({ traces: [{ ...trace, mappings }] }, [journal]);
  const page = replay.variablesAt(journal.stepCount - 1, 'mappings', 99_900, 1000);
  expect(page).toHaveLength(100);
  expect(page[0]?.path).toBe('mapping 99901');
  expect(made).toBeLessThan(1000);
  expect(replay.variablesAt(journal.stepCount - 1, 'mappings', 0, 0)).toHaveLength(10_000);
});
