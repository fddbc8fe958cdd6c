import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Timeline } from '../../../src/core/index.ts';
import { fromBarFlags } from '../../../src/core/timeline/bar-flags.ts';
import { placeAt } from '../../../src/core/timeline/places.ts';
import * as firmware from '../support/firmware.ts';
import { ring, toText, transfer } from '../support/firmware.ts';
import { LOG_NAMES, readLog } from '../support/logs.ts';
import { bootOf, bootOfLog, bootsOf } from './support/boots.ts';
import { anyLog } from './support/texts.ts';

/** The spans of each row that must not overlap: bars among themselves, and underlays among themselves. */
function expectNoOverlaps({ outline, bars, rowBars, underlays, rowUnderlays }: Timeline): void {
  expect(rowBars).toHaveLength(outline.rowCount + 1);
  expect(rowBars.at(-1)).toBe(outline.barCount);
  expect(rowUnderlays.at(-1)).toBe(outline.underlayCount);
  for (const [table, rowStarts] of [
    [bars, rowBars],
    [underlays, rowUnderlays],
  ] as const) {
    for (let row = 0; row < outline.rowCount; row++) {
      for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at++) {
        expect(table.startSteps[at]!).toBeLessThan(table.endSteps[at]!);
        expect(table.startLines[at]!).toBeLessThanOrEqual(table.endLines[at]!);
        if (at === rowStarts[row]!) continue;
        expect(table.endSteps[at - 1]!).toBeLessThanOrEqual(table.startSteps[at]!);
        expect(table.endLines[at - 1]!).toBeLessThanOrEqual(table.startLines[at]!);
      }
    }
  }
  let nextRow = 0;
  for (const lane of outline.lanes) {
    expect(lane.firstRow).toBe(nextRow);
    nextRow += lane.rowCount;
  }
  expect(nextRow).toBe(outline.rowCount);
}

/** Each mapping is there once, with the lines of the report. */
function expectAllMappings({ bars }: Timeline, trace: ReturnType<typeof bootOf>['trace']): void {
  expect([...bars.ids].sort((a, b) => a - b)).toEqual(trace.mappings.map(({ id }) => id));
  bars.ids.forEach((id, bar) => {
    const mapping = trace.mappings[id - 1]!;
    expect(bars.startLines[bar]).toBe(mapping.mappedLine);
    if (mapping.unmappedLine !== null) expect(bars.endLines[bar]).toBe(mapping.unmappedLine);
    const facts = fromBarFlags(bars.flags[bar]!);
    expect(facts).toMatchObject({
      operation: mapping.operation,
      removedBy: mapping.unmappedBy,
      crossesHandoff: mapping.liveAtHandoff,
    });
  });
}

describe('rows', () => {
  test.each(LOG_NAMES)('of %s hold all mappings, none over another', (name) => {
    for (const { timeline, trace } of bootsOf(readLog(name))) {
      expectNoOverlaps(timeline);
      expectAllMappings(timeline, trace);
    }
  });

  test('of any log hold all mappings, none over another', () => {
    fc.assert(
      fc.property(anyLog(), (text) => {
        for (const { timeline, trace } of bootsOf(text)) {
          expectNoOverlaps(timeline);
          expectAllMappings(timeline, trace);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('are filled from above: what has ended makes room', () => {
    const calls = [0, 1, 2].flatMap((index) => [...firmware.map(transfer(index)), firmware.unmap(transfer(index))]);
    const { timeline } = bootOf(toText(firmware.BOOT_START, calls));
    expect(timeline.outline.rowCount).toBe(1);
  });

  test('that cross hand-off come first in their lane', () => {
    const text = toText(
      firmware.BOOT_START,
      firmware.map(transfer(0)),
      firmware.map(transfer(1)),
      firmware.map(transfer(2)),
      firmware.unmap(transfer(0)),
      firmware.unmap(transfer(1)),
      firmware.IOMMU_EXIT_BOOT,
      firmware.LINUX_DUMMY,
    );
    const { timeline } = bootOf(text);
    expect(timeline.outline.lanes).toMatchObject([{ rowCount: 3, crossingCount: 1, crossingBytes: 8 }]);
    expect(timeline.bars.ids[0]).toBe(3);
  });
});

describe('a buffer', () => {
  test('shares its row with the mappings in it, one after the other', () => {
    const text = toText(
      firmware.BOOT_START,
      firmware.allocate(ring(0)),
      firmware.map(ring(0)),
      firmware.unmap(ring(0)),
      firmware.map(ring(0)),
      firmware.unmap(ring(0)),
      firmware.free(ring(0)),
    );
    const { timeline } = bootOf(text);
    expect(timeline.outline).toMatchObject({ rowCount: 1, barCount: 2, underlayCount: 1 });
  });

  test('gives a second mapping at the same time a row of its own', () => {
    const text = toText(
      firmware.BOOT_START,
      firmware.allocate(ring(0)),
      firmware.map(ring(0)),
      firmware.map({ ...ring(0), handle: 0x1c3e0018 }),
    );
    const { timeline } = bootOf(text);
    expect(timeline.outline).toMatchObject({ rowCount: 2, barCount: 2, underlayCount: 1 });
  });

  test('that was freed too early keeps its row until its mapping ends', () => {
    const text = toText(
      firmware.BOOT_START,
      firmware.allocate(ring(0)),
      firmware.map(ring(0)),
      firmware.free(ring(0)),
      firmware.map(transfer(0)),
    );
    expect(bootOf(text).timeline.outline.rowCount).toBe(2);
  });

  test('that nobody mapped stands in a lane of its own, the last', () => {
    const text = toText(firmware.BOOT_START, firmware.allocate(ring(0)), firmware.map(transfer(0)));
    expect(bootOf(text).timeline.outline.lanes).toMatchObject([
      { title: 'Driver unknown', rowCount: 1 },
      { title: 'Memory never mapped', rowCount: 1, mappingCount: 0 },
    ]);
  });
});

describe('lanes', () => {
  test('of a driver that leaks come first', () => {
    const { lanes } = bootOfLog('buggy-no-teardown').timeline.outline;
    const crossing = lanes.map(({ crossingCount }) => crossingCount > 0);
    expect(crossing.indexOf(false)).toBe(crossing.lastIndexOf(true) + 1);
    expect(lanes.reduce((sum, { crossingCount }) => sum + crossingCount, 0)).toBe(10);
  });

  test('have the strip of the device that their driver drives', () => {
    const { lanes, strips } = bootOfLog('sevlike-ahci-traced').timeline.outline;
    const strip = strips[lanes.find(({ owner }) => owner === 'AtaAtapiPassThruDxe')?.strip ?? -1];
    expect(strip).toMatchObject({ pci: '00:1f.2', name: 'ich9-ahci' });
    expect(strip?.segments.at(-1)).toMatchObject({ busMaster: true, running: false });
    expect(strip?.segments.some(({ running }) => running === true)).toBe(true);
  });

  test('for devices without mappings have no rows', () => {
    const { lanes, strips } = bootOfLog('sevlike-ahci-traced').timeline.outline;
    const linked = lanes.flatMap(({ strip }) => (strip === null ? [] : [strip]));
    expect(linked.sort((a, b) => a - b)).toEqual(strips.map((_, index) => index));
  });
});

describe('the strip of a device', () => {
  const COMMAND = 'pci_cfg_write qemu-xhci 00:02.0 @0x4 <- 0x';

  test('tells when Bus Master Enable changes, and no more', () => {
    const { strips } = bootOf(toText(firmware.BOOT_START, `${COMMAND}107`, `${COMMAND}107`, `${COMMAND}103`)).timeline
      .outline;
    expect(strips).toMatchObject([
      { pci: '00:02.0', segments: [{ busMaster: true }, { busMaster: false, running: false }] },
    ]);
  });

  test('says that it does not know any more where a log tells too often', () => {
    const often = Array.from({ length: 20_100 }, (_, index) => `${COMMAND}${index % 2 === 0 ? '107' : '103'}`);
    const [strip] = bootOf(toText(firmware.BOOT_START, often)).timeline.outline.strips;
    expect(strip?.segments).toHaveLength(20_001);
    expect(strip?.segments.at(-1)).toMatchObject({ busMaster: null, running: null });
  });
});

describe('landmarks', () => {
  test('are those of the report', () => {
    const { trace, timeline } = bootOfLog('buggy-xhci-free-in-ebs');
    const { exit, handoff, marks } = timeline.outline;
    expect(exit).toMatchObject({
      begin: { line: trace.exitBootServices!.firstLine },
      marker: { line: trace.exitBootServices!.markerLine },
      inferred: trace.exitBootServices!.firstLine < trace.exitBootServices!.markerLine,
    });
    expect(handoff?.line).toBe(trace.handoff!.line);
    expect(marks.filter(({ kind }) => kind === 'exit-callback').map(({ label }) => label)).toEqual(
      trace.exitBootServices!.callbacks.map(({ name }) => name),
    );
    const steps = marks.map(({ place }) => place.step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test('of a log that says nothing are none', () => {
    const { timeline } = bootOf('nothing\n');
    expect(timeline.outline).toMatchObject({ stepCount: 0, lanes: [], exit: null, handoff: null, marks: [] });
    expect(timeline.outline.overviews).toHaveLength(2);
  });

  test('tell when the hardware translates', () => {
    const { marks } = bootOfLog('vtd-xhci').timeline.outline;
    expect(marks.find(({ kind }) => kind.startsWith('translation'))).toMatchObject({ kind: 'translation-on' });
  });
});

describe('places', () => {
  test('of steps and lines that were sampled are exact', () => {
    const { timeline, journal } = bootOfLog('sevlike-xhci');
    const { samples } = timeline.outline;
    for (const step of [0, 1, 1000, journal.stepCount - 1])
      expect(placeAt(samples, 'order', step)).toEqual({ step, line: journal.lines[step], seconds: null });
    const line = journal.lines[1000]!;
    expect(journal.lines[placeAt(samples, 'line', line).step]).toBe(line);
  });

  test('beyond the ends are the ends', () => {
    const { samples, last } = bootOfLog('sevlike-xhci').timeline.outline;
    expect(placeAt(samples, 'line', 1e9).step).toBe(last.step);
    expect(placeAt(samples, 'line', 0).step).toBe(0);
  });
});
