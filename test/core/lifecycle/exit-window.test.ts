import { describe, expect, test } from 'vitest';
import type { ReportTrace } from '../../../src/core/index.ts';
import { analyseBoot, findingsOf } from '../support/analyse.ts';
import {
  allocate,
  BOOT_START,
  CLEANUP,
  DRIVER_LOADED,
  FILE_OPENED,
  free,
  imageAttributes,
  imageUnprotected,
  IOMMU_EXIT_BOOT,
  LINUX_DUMMY,
  lineOf,
  map,
  PROTECTION_LIFTED,
  PROTOCOL_INSTALLED,
  ring,
  setAttribute,
  swept,
  toText,
  transfer,
  unmap,
} from '../support/firmware.ts';

const queue = ring(0);
const keyboard = transfer(5, 'Write');
/** A boot up to the point where the loader has read its files: two things stand. */
const BOOTED = [
  BOOT_START,
  DRIVER_LOADED,
  ...allocate(queue),
  ...map(queue),
  ...map(keyboard),
  ...ioOf(transfer(1)),
  FILE_OPENED,
];
/** FatDxe flushes its volumes in its BeforeExitBootServices handler. */
const FLUSH = [...allocate(ring(8)), ...map(ring(8)), ...ioOf(transfer(2)), unmap(ring(8)), free(ring(8))];
const SWEEP = [IOMMU_EXIT_BOOT, CLEANUP, swept(keyboard), swept(queue)];

function ioOf(call: ReturnType<typeof transfer>): string[] {
  return [...map(call), setAttribute(call, 2), setAttribute(call, 0), unmap(call)];
}

interface Boot {
  readonly text: string;
  readonly trace: ReportTrace;
}

function boot(...lines: readonly (string | readonly string[])[]): Boot {
  const text = toText(BOOTED, ...lines);
  return { text, trace: analyseBoot(text) };
}

function grave({ trace }: Boot): string[] {
  return findingsOf(trace).filter((finding) => !finding.includes(' information '));
}

describe('ExitBootServices with a marker', () => {
  test('begins at it, if nothing was taken down before', () => {
    const { text, trace } = boot(SWEEP, PROTECTION_LIFTED, LINUX_DUMMY);
    const markerLine = lineOf(text, IOMMU_EXIT_BOOT);
    expect(trace.exitBootServices).toEqual({
      firstLine: markerLine,
      markerLine,
      markerTime: null,
      attempts: 1,
      callbacks: [{ name: 'IoMmuExitBoot', context: null, line: markerLine, endLine: null, group: null }],
      cleanup: { line: markerLine + 1, unmapped: 2 },
      translationOffLine: null,
    });
    expect(trace.mappings.map(({ unmappedBy }) => unmappedBy)).toEqual(['iommu-cleanup', 'iommu-cleanup', 'boot']);
  });

  test('begins before it, where a driver took down what had been standing', () => {
    const built = boot(
      setAttribute(queue, 0),
      unmap(queue),
      free(queue),
      IOMMU_EXIT_BOOT,
      CLEANUP,
      swept(keyboard),
      PROTECTION_LIFTED,
    );
    const { text, trace } = built;
    expect(trace.exitBootServices).toMatchObject({
      firstLine: lineOf(text, 'IoMmuSetAttribute: Mapping=0x1E3E0018 Access=0'),
      markerLine: lineOf(text, IOMMU_EXIT_BOOT),
    });
    expect(trace.mappings[0]).toMatchObject({ unmappedBy: 'exit-callback' });
    expect(trace.buffers[0]).toMatchObject({ freedIn: 'exit-callback' });
    expect(grave(built)).toEqual([
      `${lineOf(text, 'IoMmuMap: Mapping=0x1D3E0518')} warning read-write-pending-at-exit`,
      `${lineOf(text, 'IoMmuUnmapWorker: Mapping=0x1E3E0018')} warning unmapped-in-exit-callback inferred`,
      `${lineOf(text, 'IoMmuFreeBuffer')} error memory-freed-in-exit-callback inferred`,
    ]);
  });

  test.each([
    ['a driver is loaded', DRIVER_LOADED],
    ['a protocol is installed', PROTOCOL_INSTALLED],
    ['a file is opened', FILE_OPENED],
    ['a boot option is started', '[Bds]Booting UEFI Misc Device'],
    ['a transfer is made', map(transfer(3))],
    ['memory is allocated', allocate(ring(3))],
  ])('begins at it, where %s behind the removal', (_, use) => {
    const { text, trace } = boot(unmap(queue), free(queue), use, IOMMU_EXIT_BOOT, PROTECTION_LIFTED);
    expect(trace.exitBootServices).toMatchObject({
      firstLine: lineOf(text, IOMMU_EXIT_BOOT),
      markerLine: lineOf(text, IOMMU_EXIT_BOOT),
    });
    expect(trace.mappings[0]).toMatchObject({ unmappedBy: 'boot' });
    expect(trace.buffers[0]).toMatchObject({ freedIn: 'boot' });
  });

  test('leaves out what was made in the last burst of I/O: FatDxe flushes its volumes', () => {
    const { text, trace } = boot(FLUSH, SWEEP, PROTECTION_LIFTED);
    expect(trace.exitBootServices).toMatchObject({ firstLine: lineOf(text, IOMMU_EXIT_BOOT) });
    expect(trace.mappings.filter(({ unmappedBy }) => unmappedBy === 'exit-callback')).toEqual([]);
    expect(trace.buffers.filter(({ freedIn }) => freedIn === 'exit-callback')).toEqual([]);
  });

  test('takes in what is removed behind such a flush, if it had been standing before it', () => {
    const { trace } = boot(
      FLUSH,
      unmap(queue),
      free(queue),
      IOMMU_EXIT_BOOT,
      CLEANUP,
      swept(keyboard),
      PROTECTION_LIFTED,
    );
    expect(trace.mappings.find(({ handle }) => handle === '0x1e3e0018')).toMatchObject({ unmappedBy: 'exit-callback' });
    expect(trace.mappings.find(({ handle }) => handle === '0x1e3e0818')).toMatchObject({ unmappedBy: 'boot' });
  });

  test('says surely what is done behind the marker', () => {
    const built = boot(
      'VirtioBlkExitBoot: Context=0x1E415018',
      unmap(queue),
      free(queue),
      allocate(ring(4)),
      map(ring(4)),
      map(transfer(4)),
      SWEEP,
    );
    expect(grave(built).map((finding) => finding.replace(/^\d+ /, ''))).toEqual(
      expect.arrayContaining([
        'warning unmapped-in-exit-callback',
        'error memory-freed-in-exit-callback',
        'error memory-allocated-in-exit-callback',
        'warning map-in-exit-callback',
      ]),
    );
    expect(grave(built).filter((finding) => finding.endsWith('inferred'))).toEqual([]);
  });

  test('names every callback that prints, in their order', () => {
    const { trace } = boot(
      'PvScsiExitBoot: Context=0x1E415018',
      'VirtioBlkExitBoot: Context=0x1E416018',
      'VirtioBlkExitBoot: Context=0x1E417018',
      SWEEP,
      'MpInitChangeApLoopCallback() done!',
    );
    expect(trace.exitBootServices!.callbacks.map(({ name, context }) => `${name} ${context ?? '-'}`)).toEqual([
      'PvScsiExitBoot 0x1e415018',
      'VirtioBlkExitBoot 0x1e416018',
      'VirtioBlkExitBoot 0x1e417018',
      'IoMmuExitBoot -',
      'MpInitChangeApLoopCallback -',
    ]);
    expect(trace.exitBootServices!.attempts).toBe(1);
  });

  test('is proved by the cleanup’s own unmaps, where the lines that announce it are lost', () => {
    const { text, trace } = boot(swept(keyboard), swept(queue), PROTECTION_LIFTED);
    const line = lineOf(text, 'IoMmuUnmapWorker: Mapping=0x1D3E0518');
    expect(trace.exitBootServices).toMatchObject({ firstLine: line, markerLine: line, cleanup: { line, unmapped: 2 } });
  });
});

describe('hand-off', () => {
  test('is where DxeCore lifts the protection of the runtime images', () => {
    const { text, trace } = boot(SWEEP, PROTECTION_LIFTED);
    expect(trace.handoff).toEqual({
      line: lineOf(text, IOMMU_EXIT_BOOT) + SWEEP.length,
      time: null,
      evidence: 'DxeCore lifted the protection of the runtime images, which it does after the last callback',
    });
  });

  test('is not before the last callback, where other lines mix with the burst', () => {
    const { text, trace } = boot(
      SWEEP,
      PROTECTION_LIFTED.slice(0, 3),
      'MpInitChangeApLoopCallback() done!',
      PROTECTION_LIFTED.slice(3),
    );
    expect(trace.handoff!.line).toBe(lineOf(text, 'MpInitChangeApLoopCallback'));
  });

  test.each([
    ['Linux sets its DUMMY variable', LINUX_DUMMY, 'Linux tried its DUMMY variable'],
    [
      'Linux prints its banner',
      '[    0.000000] Linux version 6.1.0-50-amd64 (gcc-12) #1 SMP',
      'Linux printed its banner',
    ],
    ['the status code says so', 'PROGRESS CODE: V03101019 I0', 'status code EFI_SW_BS_PC_EXIT_BOOT_SERVICES'],
  ])('is proved where %s', (_, line, evidence) => {
    const { text, trace } = boot(SWEEP, line);
    expect(trace.handoff).toEqual({ line: lineOf(text, line), time: null, evidence });
  });

  test('is known without a marker, from a burst alone, and what is live is a leak', () => {
    const built = boot(PROTECTION_LIFTED);
    const line = lineOf(built.text, imageUnprotected(0));
    expect(built.trace.exitBootServices).toMatchObject({
      firstLine: line,
      markerLine: line,
      callbacks: [],
      cleanup: null,
    });
    expect(built.trace.summary.liveAtHandoff).toBe(2);
    expect(grave(built).map((finding) => finding.replace(/^\d+ /, ''))).toEqual([
      'error common-buffer-left-mapped',
      'error read-write-pending-at-exit',
    ]);
  });

  test('without a marker takes in the removal of what had been standing', () => {
    const { trace } = boot(unmap(queue), free(queue), PROTECTION_LIFTED);
    expect(trace.mappings[0]).toMatchObject({ unmappedBy: 'exit-callback', liveAtHandoff: false });
    expect(trace.buffers[0]).toMatchObject({ freedIn: 'exit-callback' });
  });

  test('without a marker leaves out the last burst of I/O', () => {
    const { trace } = boot(FLUSH, PROTECTION_LIFTED, LINUX_DUMMY);
    expect(trace.buffers.filter(({ freedIn }) => freedIn === 'exit-callback')).toEqual([]);
    expect(trace.handoff).not.toBeNull();
  });

  test('is not where images are loaded in mid-boot, which sets the attributes of a few sections', () => {
    const { trace } = boot(
      imageUnprotected(0),
      imageUnprotected(1),
      imageUnprotected(2),
      PROTOCOL_INSTALLED,
      ioOf(transfer(6)),
    );
    expect(trace.exitBootServices).toBeNull();
    expect(trace.handoff).toBeNull();
  });

  test('is not where sections are protected, however many', () => {
    for (const attributes of [0x4008, 0x20008, 0x2008]) {
      const { trace } = boot(PROTECTION_LIFTED.map((_, index) => imageAttributes(index, attributes)));
      expect(trace.handoff).toBeNull();
    }
  });

  test('is not where a burst goes on with boot services in use', () => {
    const { trace } = boot(
      PROTECTION_LIFTED.slice(0, 3),
      DRIVER_LOADED,
      PROTECTION_LIFTED.slice(0, 3),
      PROTOCOL_INSTALLED,
    );
    expect(trace.handoff).toBeNull();
    expect(trace.summary.liveAtHandoff).toBe(0);
  });

  test('is unknown where the log ends in the callbacks: then nothing is a leak', () => {
    const built = boot('VirtioBlkExitBoot: Context=0x1E415018');
    expect(built.trace.exitBootServices).not.toBeNull();
    expect(built.trace.handoff).toBeNull();
    expect(built.trace.summary.liveAtHandoff).toBe(0);
    expect(grave(built)).toEqual([]);
  });

  test('is unknown where no ExitBootServices is seen at all', () => {
    const built = boot(unmap(queue), free(queue));
    expect(built.trace.exitBootServices).toBeNull();
    expect(built.trace.mappings[0]).toMatchObject({ unmappedBy: 'boot' });
    expect(findingsOf(built.trace)).toEqual([`${built.trace.lastLine} information trace-incomplete`]);
  });
});

describe('an attempt that fails', () => {
  const callback = 'VirtioBlkExitBoot: Context=0x1E415018';

  test('is followed by boot services in use and a second one', () => {
    const { text, trace } = boot(callback, PROTOCOL_INSTALLED, ioOf(transfer(7)), callback, SWEEP, PROTECTION_LIFTED);
    expect(trace.exitBootServices).toMatchObject({ attempts: 2, markerLine: text.split('\r\n').indexOf(callback) + 1 });
    expect(trace.exitBootServices!.callbacks).toHaveLength(3);
    expect(findingsOf(trace)).toContain(`${lineOf(text, callback)} information exit-boot-services-retried`);
  });

  test('may be followed by the second one at once: the same callback of the same device', () => {
    expect(boot(callback, callback, SWEEP).trace.exitBootServices!.attempts).toBe(2);
    expect(boot(callback, SWEEP, callback, SWEEP).trace.exitBootServices!.attempts).toBe(2);
  });

  test('is none where two devices of one driver print', () => {
    expect(boot(callback, 'VirtioBlkExitBoot: Context=0x1E416018', SWEEP).trace.exitBootServices!.attempts).toBe(1);
  });

  test('is told with what made it fail', () => {
    const { text, trace } = boot(callback, free(queue), PROTOCOL_INSTALLED, callback, SWEEP, PROTECTION_LIFTED);
    const finding = trace.findings.find(({ rule }) => rule === 'exit-boot-services-retried')!;
    expect(finding.message).toContain('freed');
    expect(finding.related[0]!.line).toBe(lineOf(text, 'IoMmuFreeBuffer'));
  });

  test('does not make later I/O part of the window', () => {
    const { trace } = boot(
      callback,
      PROTOCOL_INSTALLED,
      ioOf(transfer(7)),
      allocate(ring(3)),
      free(ring(3)),
      SWEEP,
      PROTECTION_LIFTED,
    );
    expect(trace.mappings.map(({ unmappedBy }) => unmappedBy)).toEqual([
      'iommu-cleanup',
      'iommu-cleanup',
      'boot',
      'boot',
    ]);
    expect(trace.buffers.map(({ freedIn }) => freedIn)).toEqual([null, 'boot']);
  });
});
