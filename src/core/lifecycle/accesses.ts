import type { Address } from '../model/address.ts';
import { rangesOverlap } from '../model/address.ts';
import type { DmaAccess } from '../model/events.ts';
import type { StepRecorder } from '../model/step.ts';
import type { Mapping } from '../model/trace.ts';
import type { DeviceBook } from './device-book.ts';
import type { Accessed } from './facts.ts';
import { deviceBytes } from './mapping-book.ts';
import type { RangeIndex } from './range-index.ts';

/** What devices accessed, against what was mapped at that moment. */
export interface AccessTracker {
  seen(access: DmaAccess, lineIndex: number, phase: Accessed['phase']): void;
  /** A mapping was removed: an access that hits it from now on is wrong. */
  removed(mapping: Mapping): void;
}

/** An access long after a removal is rather somebody else's use of the same address. */
const REMEMBERED_REMOVALS = 1024;
/** Accesses that no live mapping covers are looked up among the removed ones; a log with more of them holds other mappings. */
const MOST_LOOKUPS = 100_000;
/** A fault storm is one fault many times over. */
const MOST_ACCESSES = 10_000;

export function createAccessTracker(
  liveByDevice: RangeIndex<Mapping>,
  devices: DeviceBook,
  steps: StepRecorder,
  onAccess: (accessed: Omit<Accessed, 'explainedByDamage'>) => void,
): AccessTracker {
  /** Fault records that were read: each dump shows all of them again. */
  const records = new Set<string>();
  const removals: Mapping[] = [];
  let next = 0;
  let told = 0;
  let lookups = 0;

  /** The one removed last that covered a byte of the range. */
  function lastRemovedAt(address: Address, bytes: number): Mapping | null {
    for (let back = 1; back <= removals.length; back++) {
      const mapping = removals[(next - back + REMEMBERED_REMOVALS) % REMEMBERED_REMOVALS];
      if (mapping && rangesOverlap(mapping.device, deviceBytes(mapping), address, bytes)) return mapping;
    }
    return null;
  }

  /** The live mapping that covers the access. What a device hits before hand-off is its own. */
  function hitBy(
    { pci, address, reporter }: DmaAccess,
    bytes: number,
    lineIndex: number,
    phase: Accessed['phase'],
  ): Mapping | null {
    const hits = liveByDevice.overlapping(address, bytes);
    const live = hits[hits.length - 1] ?? null;
    if (live && pci !== null && phase !== 'after-handoff') {
      live.pci ??= {
        address: pci,
        evidence: `${reporter} shows an access of this device to it`,
        evidenceLineIndex: lineIndex,
        certain: hits.length === 1,
      };
      devices.linked(pci);
    }
    return live;
  }

  function isNewRecord({ pci, address, write }: DmaAccess): boolean {
    const record = `${pci ?? ''} ${address} ${write ?? ''}`;
    const isNew = !records.has(record);
    records.add(record);
    return isNew;
  }

  return {
    seen(access, lineIndex, phase) {
      const { address, outcome } = access;
      // Behind hand-off, what goes through is the operating system's.
      if (phase === 'after-handoff' && outcome === 'done') return;
      // Where only the page is known, any mapping in it explains the access.
      const bytes = access.bytes ?? 1;
      const live = hitBy(access, bytes, lineIndex, phase);
      steps.add(outcome === 'done' ? 'access' : 'fault', lineIndex, live?.id ?? 0);
      if (live && outcome === 'done') return;
      if (told >= MOST_ACCESSES || lookups >= MOST_LOOKUPS) return;
      lookups++;
      const removed = live ? null : lastRemovedAt(address, bytes);
      // What goes through without a mapping may be memory that is reserved for the device.
      if (outcome === 'done' && !removed) return;
      if (access.late && !isNewRecord(access)) return;
      told++;
      onAccess({ kind: 'accessed', access, lineIndex, phase, live, removed });
    },
    removed(mapping) {
      removals[next] = mapping;
      next = (next + 1) % REMEMBERED_REMOVALS;
    },
  };
}
