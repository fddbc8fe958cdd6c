import { describe, expect, test } from 'vitest';
import type { Companion, CompanionEvent } from '../../../src/core/companion/companion.ts';
import { createMerge } from '../../../src/core/companion/merge.ts';
import type { DmaEvent } from '../../../src/core/model/events.ts';
import { pciAddress } from '../../../src/core/model/pci-address.ts';

const xhci = pciAddress(0, 0, 2, 0)!;
const run: DmaEvent = { kind: 'controller-state', controller: 'xhci', instance: null, running: true, how: 'started' };
const stop: DmaEvent = { ...run, running: false, how: 'stopped' };
const command: DmaEvent = { kind: 'device-command', pci: xhci, name: 'qemu-xhci', busMaster: true };
const probe: DmaEvent = { ...command, interruptDisable: true };
const access: DmaEvent = { kind: 'dma-access', pci: xhci, address: 1, write: null, outcome: 'done', reporter: 'QEMU' };
const fault: DmaEvent = { ...access, outcome: 'fault' };

const started: DmaEvent = { kind: 'owner-hint', driver: 'XhciDxe', how: 'started', address: null };
const callback: DmaEvent = { kind: 'exit-callback', name: 'XExitBoot', context: null, role: 'driver' };
const map: DmaEvent = { kind: 'map-called', operation: 'Read', host: 1, bytes: 1 };

describe('a companion with times on the axis of the log', () => {
  const merge = createMerge(companion([command, run, stop], [10, 20, 30]));

  test('is put in by time', () => {
    expect(kinds(merge.before(map, 5))).toEqual([]);
    expect(kinds(merge.before(map, 20))).toEqual(['device-command', 'controller-state']);
    expect(kinds(merge.before(map, 25))).toEqual([]);
    expect(kinds(merge.rest())).toEqual(['controller-state']);
    expect(merge.summary).toMatchObject({ order: 'time', shared: 0, events: 3 });
  });
});

describe('a companion without', () => {
  test('is put in by what both tell', () => {
    const merge = createMerge(companion([command, run, access, stop, probe, fault]));
    expect(kinds(merge.before(map, 5))).toEqual([]);
    expect(kinds(merge.before(started, 6))).toEqual(['device-command', 'controller-state']);
    // Up to the operating system's own work, without accesses, whose moment is not known.
    expect(kinds(merge.before(callback, 7))).toEqual(['controller-state']);
    expect(kinds(merge.before(callback, 8))).toEqual([]);
    expect(kinds(merge.rest())).toEqual(['dma-access']);
    expect(merge.summary).toMatchObject({ order: 'evidence', shared: 1 });
  });

  test('is put in where the tracer sees ExitBootServices entered, once a boot', () => {
    const merge = createMerge(companion([command, run, stop, probe, run, stop, probe]));
    const record = (phase: 'boot' | 'ebs', what: 'hello' | 'other'): DmaEvent =>
      ({ kind: 'tracer-record', sequence: 1, format: 2, phase, told: { what } }) as DmaEvent;
    expect(kinds(merge.before(record('boot', 'hello'), null))).toEqual([]);
    expect(kinds(merge.before(record('boot', 'other'), null))).toEqual([]);
    expect(kinds(merge.before(record('ebs', 'other'), null))).toEqual([
      'device-command',
      'controller-state',
      'controller-state',
    ]);
    expect(kinds(merge.before(record('ebs', 'other'), null))).toEqual([]);
    expect(kinds(merge.before(record('boot', 'hello'), null))).toEqual([]);
    expect(merge.summary).toMatchObject({ order: 'evidence', shared: 0 });
  });

  test('ends the boot where translation is switched off', () => {
    const off: DmaEvent = { kind: 'translation-set', engine: null, enabled: false, how: 'set' };
    const merge = createMerge(companion([run, stop, off, command]));
    expect(kinds(merge.before(callback, null))).toEqual(['controller-state', 'controller-state']);
    expect(kinds(merge.before(off, null))).toEqual(['translation-set']);
  });

  test('adds nothing if the log shows nothing that it tells, and no ExitBootServices', () => {
    const merge = createMerge(companion([command, run, fault]));
    expect(kinds(merge.before(map, null))).toEqual([]);
    expect(kinds(merge.rest())).toEqual([]);
    expect(merge.summary.order).toBe('none');
  });
});

test('a time since 1970 and a time since a start are not on one axis', () => {
  const merge = createMerge(companion([run], [1_795_343_651]));
  expect(kinds(merge.before(started, 12))).toEqual(['controller-state']);
  expect(merge.summary.order).toBe('evidence');
});

function companion(events: readonly DmaEvent[], seconds: readonly number[] = []): Companion {
  return {
    name: 'trace.log',
    lines: events.length,
    cut: false,
    events: events.map((event, lineIndex) => ({
      event,
      dialectId: 'qemu-trace',
      lineIndex,
      seconds: seconds[lineIndex] ?? null,
    })),
  };
}

function kinds(events: readonly CompanionEvent[]): string[] {
  return events.map(({ event }) => event.kind);
}
