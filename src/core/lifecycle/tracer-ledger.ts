import type { Address } from '../model/address.ts';
import { addBytes, subtractBytes } from '../model/address.ts';
import type { PciAddress } from '../model/pci-address.ts';
import type { Disagreement, Mapping } from '../model/trace.ts';
import type { TracedMap, TracedUnmap, TracerDeviceState, TracerLive, TracerStats } from '../model/tracer.ts';
import { isLive } from './mapping-book.ts';
import { createRecent } from './recent.ts';

/**
 * What the tracer's records of calls add up to, held against what it says itself it has counted. Whoever prints a record that is
 * not the tracer's cannot change its counts, so they disagree from then on.
 */
export interface TracerLedger {
  mapCalled(): void;
  mapped(number: number, mapping: Mapping, told: TracedMap): void;
  unmapCalled(note: TracedUnmap['note']): void;
  unmapped(number: number): void;
  allocated(number: number): void;
  freed(number: number): void;
  /** The latest mapping with this number, or `null`. */
  mappingOf(number: number): Mapping | null;
  /** A mapping is listed as live at hand-off. */
  listed(live: TracerLive, lineIndex: number): void;
  deviceStated(state: TracerDeviceState, lineIndex: number): void;
  /** ExitBootServices() has succeeded, and so many mappings were live. */
  handedOff(live: number, lineIndex: number): void;
  /** The count that ends the boot. */
  counted(stats: TracerStats, lineIndex: number): void;
  /** Mappings that are listed no more although no record unmapped them: records are missing. */
  readonly endUnseen: ReadonlySet<Mapping>;
  /** Whether the list of what is live at hand-off holds the mapping. */
  readonly lists: (mapping: Mapping) => boolean;
}

export interface TracerLedgerContext {
  /** Whether no record is missing, from the first on. */
  readonly isComplete: () => boolean;
  readonly disagree: (disagreement: Disagreement) => void;
  /** Takes a mapping that is live into the model that no record made. */
  readonly adopt: (live: TracerLive, lineIndex: number) => Mapping;
}

interface Entry {
  readonly mapping: Mapping;
  readonly pci: PciAddress | null;
  readonly told: Pick<TracedMap, 'operation' | 'host' | 'device'>;
  readonly bytes: Address;
  live: boolean;
}

interface Load {
  live: number;
  bytes: Address;
}

/** A log with more is no evidence of anything: what lies beyond is not held against the tracer's lists. */
const MOST_BUFFERS = 1 << 16;
const MOST_DEVICES = 512;

export function createTracerLedger({ isComplete, disagree, adopt }: TracerLedgerContext): TracerLedger {
  const entries = createRecent<Entry>((entry) => entry.live);
  const live = new Map<number, Entry>();
  const listed = new Set<number>();
  const listedMappings = new WeakSet<Mapping>();
  const loads = new Map<PciAddress, Load>();
  const buffers = new Set<number>();
  const endUnseen = new Set<Mapping>();
  const counts = { maps: 0, unmaps: 0, unknown: 0, again: 0 };

  function count(
    of: Extract<Disagreement, { kind: 'count' }>['of'],
    said: number,
    counted: number,
    lineIndex: number,
    pci: PciAddress | null = null,
  ): void {
    if (said !== counted && isComplete()) disagree({ kind: 'count', of, said, counted, pci, lineIndex });
  }

  function load(pci: PciAddress | null, change: 1 | -1, bytes: Address): void {
    if (pci === null) return;
    const known = loads.get(pci);
    if (!known && loads.size >= MOST_DEVICES) return;
    const current = known ?? { live: 0, bytes: 0 };
    current.live += change;
    current.bytes = change > 0 ? addBytes(current.bytes, bytes) : subtractBytes(current.bytes, bytes);
    loads.set(pci, current);
  }

  function end(number: number, entry: Entry): void {
    entry.live = false;
    live.delete(number);
    load(entry.pci, -1, entry.bytes);
  }

  return {
    mapCalled() {
      counts.maps++;
    },
    mapped(number, mapping, told) {
      const displaced = live.get(number);
      if (displaced) end(number, displaced);
      const entry = { mapping, pci: told.pci, told: { ...told }, bytes: told.got ?? told.bytes, live: true };
      entries.set(number, entry);
      live.set(number, entry);
      load(entry.pci, 1, entry.bytes);
    },
    unmapCalled(note) {
      counts.unmaps++;
      if (note !== null) counts[note]++;
    },
    unmapped(number) {
      const entry = live.get(number);
      if (entry) end(number, entry);
    },
    allocated(number) {
      if (buffers.size < MOST_BUFFERS) buffers.add(number);
    },
    freed(number) {
      buffers.delete(number);
    },
    mappingOf: (number) => entries.get(number)?.mapping ?? null,
    listed(told, lineIndex) {
      const number = told.mappingNumber;
      const entry = live.get(number);
      listed.add(number);
      if (!entry) {
        const dead = entries.get(number)?.mapping ?? null;
        const mapping = adopt(told, lineIndex);
        if (dead) disagree({ kind: 'unmapped', mapping, unmapped: dead, lineIndex });
        else if (isComplete()) disagree({ kind: 'never-mapped', mapping, lineIndex });
        return;
      }
      const { mapping } = entry;
      listedMappings.add(mapping);
      // What the cleanup of the IOMMU driver takes, it takes without a call that could be traced.
      if (!isLive(mapping) && mapping.unmappedBy !== 'iommu-cleanup')
        disagree({ kind: 'unmapped', mapping: adopt(told, lineIndex), unmapped: mapping, lineIndex });
      else if (!isSame(entry, told)) disagree({ kind: 'changed', mapping, lineIndex });
    },
    deviceStated({ pci, live: said, when }, lineIndex) {
      if (when === 'handoff') count('live', said, loads.get(pci)?.live ?? 0, lineIndex, pci);
    },
    handedOff(said, lineIndex) {
      count('live', said, live.size, lineIndex);
    },
    counted(stats, lineIndex) {
      count('maps', stats.maps, counts.maps, lineIndex);
      count('unmaps', stats.unmaps, counts.unmaps, lineIndex);
      count('unknown', stats.unknown, counts.unknown, lineIndex);
      count('again', stats.again, counts.again, lineIndex);
      count('live', stats.live, live.size, lineIndex);
      count('buffers', stats.buffers, buffers.size, lineIndex);
      const isWhole = listed.size === stats.live;
      for (const [number, { mapping }] of live) {
        if (listed.has(number)) continue;
        if (isComplete()) disagree({ kind: 'not-listed', mapping, lineIndex });
        else if (isWhole) endUnseen.add(mapping);
      }
    },
    endUnseen,
    lists: (mapping) => listedMappings.has(mapping),
  };
}

function isSame({ told, bytes, pci }: Entry, live: TracerLive): boolean {
  return (
    told.operation === live.operation &&
    told.host === live.host &&
    told.device === live.device &&
    bytes === live.bytes &&
    pci === live.pci
  );
}
