import { describe, expect, test } from 'vitest';
import type { DmaEvent } from '../../../src/core/model/events.ts';
import type { Accessed, Fact } from '../../../src/core/lifecycle/facts.ts';
import { createTraceBuilder } from '../../../src/core/lifecycle/trace-builder.ts';
import { pciAddress } from '../../../src/core/model/pci-address.ts';
import type { Trace } from '../../../src/core/model/trace.ts';

const xhci = pciAddress(0, 0, 2, 0)!;
const map: readonly DmaEvent[] = [
  { kind: 'map-called', operation: 'CommonBuffer', host: 0x1000, bytes: 0x2000 },
  { kind: 'map-returned', handle: 0x50, device: 0x1000, host: null, pages: null, addressBits: 32 },
];
const unmap: DmaEvent = { kind: 'unmap-called', handle: 0x50, memoryMapLocked: null };

describe('an access of a device', () => {
  test('to a live mapping names its device and is no news', () => {
    const { facts, trace } = replay([...map, access(0x1800)]);
    expect(facts).toEqual([]);
    expect(trace.live).toMatchObject([{ pci: { address: '00:02.0', certain: true, evidenceLineIndex: 2 } }]);
    expect(trace.devices).toMatchObject([{ pci: '00:02.0', doesDma: true }]);
  });

  test('to a removed mapping is news', () => {
    const { facts } = replay([...map, unmap, access(0x1800)]);
    expect(facts).toMatchObject([{ phase: 'boot', live: null, removed: { handle: 0x50 }, lineIndex: 3 }]);
  });

  test('to what was never mapped is news only if it was refused', () => {
    expect(replay([...map, access(0x9000)]).facts).toEqual([]);
    expect(replay([...map, access(0x9000, 'fault')]).facts).toMatchObject([{ live: null, removed: null }]);
  });

  test('behind hand-off is news only if it was refused', () => {
    const exit: readonly DmaEvent[] = [
      { kind: 'boot-activity', what: 'image-loaded', name: null },
      { kind: 'exit-callback', name: 'IoMmuExitBoot', context: null, role: 'iommu-relay' },
      { kind: 'handoff-proof', evidence: 'Linux printed its banner' },
    ];
    expect(replay([...map, ...exit, access(0x1800)]).facts).toEqual([]);
    expect(replay([...map, ...exit, access(0x1800, 'fault')]).facts).toMatchObject([
      { phase: 'after-handoff', live: { handle: 0x50 } },
    ]);
  });

  test('is told a bounded number of times', () => {
    const storm = Array.from({ length: 20_000 }, () => access(0x9000, 'fault'));
    expect(replay(storm).facts).toHaveLength(10_000);
  });
});

describe('SetAttribute with a range', () => {
  test('completes a device address of which the log prints the low half', () => {
    const { trace } = replay([
      ...map,
      { kind: 'attribute-set', handle: null, access: 3, pci: xhci, range: { start: 0x1_0000_1000, bytes: 0x2000 } },
    ]);
    expect(trace.live).toMatchObject([
      { device: 0x1_0000_1000, host: 0x1_0000_1000, addressBits: 32, pci: { address: '00:02.0', certain: true } },
    ]);
  });

  test('of another range changes nothing', () => {
    const { trace } = replay([
      ...map,
      { kind: 'attribute-set', handle: null, access: 3, pci: xhci, range: { start: 0x8000, bytes: 0x1000 } },
    ]);
    expect(trace.live).toMatchObject([{ device: 0x1000, pci: null }]);
  });
});

describe('FreeBuffer() that does not tell the memory', () => {
  const allocate: readonly DmaEvent[] = [
    { kind: 'allocate-called', memoryType: null, pages: 2 },
    { kind: 'allocate-returned', host: 0x1000 },
  ];
  const free: DmaEvent = { kind: 'free-called', host: null, pages: null };

  test('is told by the range that FreePages() reads next', () => {
    const { buffers } = replay([
      ...allocate,
      free,
      { kind: 'pool-line', what: 'memory-attributes-read', address: 0x1000, bytes: 0x2000 },
    ]);
    expect(buffers).toEqual([{ freedLineIndex: 2, freeInferred: false }]);
  });

  test('is inferred from the CommonBuffer that was unmapped just before', () => {
    expect(replay([...allocate, ...map, unmap, free]).buffers).toEqual([{ freedLineIndex: 5, freeInferred: true }]);
  });

  test('stays untold otherwise', () => {
    expect(replay([...allocate, free]).buffers).toEqual([{ freedLineIndex: null, freeInferred: false }]);
  });
});

describe('translation', () => {
  const callback: DmaEvent = { kind: 'exit-callback', name: 'OnExitBootServices', context: null, role: 'iommu' };

  test('that is switched off in the window permits', () => {
    const { trace } = replay([...map, set(true), callback, set(false)]);
    expect(trace).toMatchObject({
      platform: 'permit',
      platformEvidence: { lineIndex: 4 },
      translation: { on: false, enabledLineIndex: 2, disabledLineIndex: 4 },
      exitBootServices: { translationOffLineIndex: 4 },
    });
  });

  test('that stays on denies', () => {
    expect(replay([...map, set(true), callback]).trace).toMatchObject({ platform: 'deny', translation: { on: true } });
  });

  test('of which the log does not show the end of the boot leaves the platform unknown', () => {
    expect(replay([...map, set(true)]).trace).toMatchObject({ platform: 'unknown' });
  });

  test('is on while one of several engines translates', () => {
    const { trace } = replay([...map, set(true, 0), set(true, 1), callback, set(false, 0)]);
    expect(trace).toMatchObject({ translation: { on: true } });
  });
});

function access(address: number, outcome: 'done' | 'fault' = 'done'): DmaEvent {
  return { kind: 'dma-access', pci: xhci, address, write: true, outcome, reporter: 'QEMU' };
}

function set(enabled: boolean, engine: number | null = null): DmaEvent {
  return { kind: 'translation-set', engine, enabled, how: 'set' };
}

function replay(events: readonly DmaEvent[]): {
  readonly facts: readonly Accessed[];
  readonly buffers: readonly object[];
  readonly trace: Trace;
} {
  const facts: Fact[] = [];
  const buffers: object[] = [];
  const builder = createTraceBuilder(0, {
    details: true,
    fact: (fact) => facts.push(fact),
    mappingSettled: () => undefined,
    bufferSettled: ({ freedLineIndex, freeInferred }) => buffers.push({ freedLineIndex, freeInferred }),
  });
  for (const [lineIndex, event] of events.entries()) builder.apply(event, lineIndex, 'intel-vtd');
  const trace = builder.finish(events.length, false);
  return { facts: facts.filter((fact): fact is Accessed => fact.kind === 'accessed'), buffers, trace };
}
