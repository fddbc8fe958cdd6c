import { describe, expect, test } from 'vitest';
import { createReplay, type Replay } from '../../../src/core/index.ts';
import {
  BOOT_START,
  CLEANUP,
  IOMMU_EXIT_BOOT,
  LINUX_DUMMY,
  PROTECTION_LIFTED,
  allocate,
  free,
  map,
  mapCalled,
  mapReturned,
  setAttribute,
  swept,
  unmap,
} from '../support/firmware.ts';
import { analyseSteps } from '../support/journals.ts';
import { LOG_NAMES, readLog } from '../support/logs.ts';

function replayOf(...lines: readonly string[]): Replay {
  const { report, journals } = analyseSteps(`${lines.join('\n')}\n`);
  return createReplay(report, journals);
}

/** `line title` of each step. */
function titlesOf(replay: Replay): string[] {
  return Array.from({ length: replay.outline.stepCount }, (_, step) => {
    const { line, title } = replay.momentAt(step);
    return `${line} ${title}`;
  });
}

/** `name:line`, innermost first, joined. */
function framesAt(replay: Replay, line: number): string {
  return replay
    .momentAt(replay.stepAt(line))
    .frames.map(({ name, line: begin }) => `${name}:${begin}`)
    .join(' › ');
}

const common = { handle: 0x1e3edb98, operation: 'CommonBuffer', host: 0x1e6bc000, device: 0x1e6bc000, bytes: 0x10000 };
const transfer = { handle: 0x2000, operation: 'Write', host: 0x20000, device: 0x30000, bytes: 0x200 };

describe('the title of a step', () => {
  test('says what happened', () => {
    const replay = replayOf(
      BOOT_START,
      ...allocate(common),
      ...map(common),
      setAttribute(common, 3),
      mapCalled(transfer),
      ...map(transfer),
      unmap(transfer),
      unmap(transfer),
      free(common),
      free({ host: 0x90000, bytes: 0x1000 }),
      'IoMmuUnmapWorker: Mapping=',
      ...PROTECTION_LIFTED,
      LINUX_DUMMY,
    );
    expect(titlesOf(replay)).toMatchInlineSnapshot(`
      [
        "1 The boot starts",
        "2 AllocateBuffer() called: 16 pages",
        "3 AllocateBuffer() returned 64 KiB at 0x1e6bc000",
        "4 Map() called: CommonBuffer, 64 KiB at 0x1e6bc000",
        "5 Map() returned 0x1e3edb98: CommonBuffer, 64 KiB at 0x1e6bc000",
        "6 SetAttribute() lets the device use 0x1e3edb98: CommonBuffer, 64 KiB at 0x1e6bc000",
        "7 Map() called, which fails: Write, 512 bytes at 0x20000",
        "8 Map() called: Write, 512 bytes at 0x20000",
        "9 Map() returned 0x2000: Write, 512 bytes at 0x30000",
        "10 Unmap(0x2000): Write, 512 bytes at 0x30000",
        "11 Unmap() of 0x2000, which is not live",
        "12 FreeBuffer() of 64 KiB at 0x1e6bc000",
        "13 FreeBuffer() of 0x90000, which is not known to be allocated",
        "14 A line that is damaged",
        "15 The first line that proves ExitBootServices",
        "15 Hand-off with 1 live mapping: DxeCore lifted the protection of the runtime images, which it does after the last callback",
      ]
    `);
  });

  test.each(LOG_NAMES)('of %s is one bounded line', (name) => {
    const { report, journals } = analyseSteps(readLog(name));
    const replay = createReplay(report, journals);
    for (let step = 0; step < replay.outline.stepCount; step += 13) {
      const { title, frames } = replay.momentAt(step);
      expect(title).toMatch(/^\P{Cc}{1,500}$/u);
      expect(frames.length).toBeGreaterThan(0);
    }
  });

  test('keeps what a hostile log prints on its line and short', () => {
    const replay = replayOf(
      BOOT_START,
      `Loading driver at 0x0001EF63000 EntryPoint=0x0001EF65F83 ${'x'.repeat(5000)}.efi`,
    );
    for (const title of titlesOf(replay)) expect(title.length).toBeLessThan(200);
  });
});

describe('frames', () => {
  const inner = { ...transfer, handle: 0x3000, host: 0x50000 };

  test('nest as calls do', () => {
    const replay = replayOf(
      BOOT_START, // 1
      mapCalled(common), // 2
      mapCalled(inner), // 3
      mapReturned(inner), // 4
      mapReturned(common), // 5
      unmap(inner), // 6
    );
    const outer = 'Map(CommonBuffer, 64 KiB at 0x1e6bc000)';
    const frames = [
      'Boot services:1',
      `${outer}:2 › Boot services:1`,
      `Map(Write, 512 bytes at 0x50000):3 › ${outer}:2 › Boot services:1`,
      `${outer}:4 › Boot services:1`,
      'Boot services:5',
      'Boot services:6',
    ];
    const lines = [1, 2, 3, 4, 5, 6];
    expect(lines.map((line) => framesAt(replay, line))).toEqual(frames);
    // And so they do when they are walked back.
    expect(lines.toReversed().map((line) => framesAt(replay, line))).toEqual(frames.toReversed());
  });

  test('end with a call that failed without a word as soon as something else is done', () => {
    const replay = replayOf(
      BOOT_START, // 1
      mapCalled(inner), // 2: fails
      ...map(common), // 3, 4
      mapCalled(common), // 5
      mapCalled(inner), // 6: fails inside of another call
      mapReturned({ ...common, handle: 0x7000 }), // 7
    );
    expect(framesAt(replay, 2)).toBe('Map(Write, 512 bytes at 0x50000):2 › Boot services:1');
    expect(framesAt(replay, 3)).toBe('Map(CommonBuffer, 64 KiB at 0x1e6bc000):3 › Boot services:1');
    expect(framesAt(replay, 4)).toBe('Boot services:4');
    expect(framesAt(replay, 6)).toBe(
      'Map(Write, 512 bytes at 0x50000):6 › Map(CommonBuffer, 64 KiB at 0x1e6bc000):5 › Boot services:1',
    );
    expect(framesAt(replay, 7)).toBe('Boot services:7');
  });

  test('name the callback and the phase', () => {
    const replay = replayOf(
      BOOT_START, // 1
      ...allocate(common), // 2, 3
      ...map(common), // 4, 5
      IOMMU_EXIT_BOOT, // 6
      free({ host: 0x90000, bytes: 0x1000 }), // 7
      CLEANUP, // 8
      swept(common), // 9
      ...PROTECTION_LIFTED,
      LINUX_DUMMY,
    );
    expect(replay.momentAt(replay.outline.stepCount - 1).frames.at(-1)?.name).toBe('Operating system');
    expect(framesAt(replay, 5)).toBe('Boot services:5');
    expect(framesAt(replay, 7)).toBe('IoMmuExitBoot:7 › ExitBootServices:6');
    expect(framesAt(replay, 9)).toBe('IOMMU driver’s cleanup:9 › ExitBootServices:6');
  });

  test('say which boot it is where there are several', () => {
    const { report, journals } = analyseSteps(readLog('sevlike-reboots'));
    const replay = createReplay(report, journals);
    expect(framesAt(replay, 20_000)).toMatch(/^Boot services · boot 3 of 5:\d+$/);
  });
});

describe('a step that does not exist', () => {
  const replay = replayOf(BOOT_START, ...map(common));

  test.each([
    [-1, 0],
    [-Infinity, 0],
    [1.9, 1],
    [3, 2],
    [1e12, 2],
    [NaN, 0],
  ])('%d is taken to the nearest one', (step, nearest) => expect(replay.momentAt(step).step).toBe(nearest));

  test('is found for lines before, between and behind those that tell something', () => {
    expect([0, 1, 2, 3, 99].map((line) => replay.stepAt(line))).toEqual([0, 0, 1, 2, 2]);
    expect([0, 1, 2, 3, 4].map((line) => replay.lineAt(line))).toEqual([1, 1, 2, 3, null]);
  });
});

test('a log without DMA has no steps', () => {
  expect(replayOf('hello').outline).toEqual({
    stepCount: 0,
    boots: [{ firstStep: 0, stepCount: 0, firstLine: 1, lastLine: 1 }],
  });
});
