import type { Address } from '../model/address.ts';
import { bytesToPages } from '../model/address.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import type { PciAddress } from '../model/pci-address.ts';
import type { StepRecorder } from '../model/step.ts';
import type { Buffer, DeviceLink, Mapping, Owner } from '../model/trace.ts';
import type {
  TracedAllocate,
  TracedAttribute,
  TracedFree,
  TracedMap,
  TracedUnmap,
  TracerTold,
} from '../model/tracer.ts';
import type { BufferCalls } from './buffer-calls.ts';
import type { DeviceBook } from './device-book.ts';
import type { MappingBook } from './mapping-book.ts';
import { isLive } from './mapping-book.ts';
import type { MappingCalls } from './mapping-calls.ts';
import type { OpenCalls } from './open-calls.ts';
import type { TracerLedger } from './tracer-ledger.ts';

/**
 * Calls that the tracer saw. One call of a driver may be told up to three times: by the firmware's IOMMU driver, which prints
 * first, by the tracer as a call of the IOMMU protocol, and by the tracer as the call of PciIo around it. It is one call all the
 * same: the first line makes it, the others add what they know.
 */
export interface TracedCalls {
  apply(told: AnyTracedCall, lineIndex: number): void;
}

export type AnyTracedCall = TracedMap | TracedUnmap | TracedAllocate | TracedFree | TracedAttribute;

export function isTracedCall(told: TracerTold): told is AnyTracedCall {
  return 'via' in told;
}

export interface TracedCallsContext {
  /** Whether a mapping's further lines are wanted. */
  readonly details: boolean;
  readonly steps: StepRecorder;
  readonly mappings: MappingBook;
  readonly mappingCalls: MappingCalls;
  readonly buffers: BufferCalls;
  readonly calls: OpenCalls;
  readonly devices: DeviceBook;
  readonly ledger: TracerLedger;
  /** Whether the device, or `null` for a root bridge, may have mappings and buffers that the tracer did not see made. */
  readonly mayHaveUnseen: (pci: PciAddress | null) => boolean;
}

/** The tracer's lines stand this close behind those that the firmware printed in the same call, whatever preempted it. */
const REACH_LINES = 64;
/** Calls of PciIo that can be open at one time; a log with more has lost their ends. */
const MOST_OPEN = 64;
/** A driver has as many transfers under way; older ones are left as they are. */
const MOST_UNNUMBERED = 256;

/** What the inner record of a call came to, for the outer one. */
type Inner =
  | { readonly what: 'map' | 'unmap'; readonly mapping: Mapping }
  | { readonly what: 'allocate'; readonly buffer: Buffer }
  | { readonly what: 'free' | 'failed-map' | 'refused' };

export function createTracedCalls(context: TracedCallsContext): TracedCalls {
  const { details, steps, mappings, mappingCalls, buffers, calls, devices, ledger, mayHaveUnseen } = context;
  const inner = new Map<number, Inner>();
  /** What the tracer has told of already: the next record with the same handle is another call. */
  const tracedMaps = new WeakSet<Mapping>();
  const tracedUnmaps = new WeakSet<Mapping>();
  const tracedBuffers = new WeakSet<Buffer>();
  /** Live mappings that have neither number nor handle. */
  let unnumbered: Mapping[] = [];
  let claimedRefusal: object | null = null;
  let claimedFree: object | null = null;
  let claimedAttribute: object | null = null;

  /** What the records inside this call came to, once. */
  function innerOf({ via, call }: AnyTracedCall): Inner | null {
    if (via === 'iommu' || call === null) return null;
    const found = inner.get(call) ?? null;
    inner.delete(call);
    return found;
  }

  function keep({ via, call }: AnyTracedCall, what: Inner): void {
    if (via !== 'iommu' || call === null) return;
    if (inner.size >= MOST_OPEN) for (const oldest of [...inner.keys()].slice(0, 1)) inner.delete(oldest);
    inner.set(call, what);
  }

  function attach(mapping: Mapping, lineIndex: number): void {
    const { mappedLineIndex, unmappedLineIndex, otherLineIndices } = mapping;
    // Lines ascend: what made or ended it, or was told already, is not told again.
    if (
      details &&
      lineIndex > Math.max(mappedLineIndex, otherLineIndices.at(-1) ?? -1) &&
      lineIndex !== unmappedLineIndex
    )
      otherLineIndices.push(lineIndex);
  }

  function identify(mapping: Mapping, told: AnyTracedCall, lineIndex: number): void {
    if (mapping.owner?.certain !== true) mapping.owner = ownerOf(told, lineIndex) ?? mapping.owner;
    if (mapping.pci?.certain !== true) mapping.pci = linkOf(told, lineIndex) ?? mapping.pci;
    if (told.pci !== null) devices.linked(told.pci);
  }

  function map(told: TracedMap, lineIndex: number): void {
    if (told.via !== 'iommu') ledger.mapCalled();
    const around = innerOf(told);
    if (told.failure !== null || told.device === null) {
      if (around?.what !== 'failed-map') failMap(told, told.failure ?? 'no device address', lineIndex);
      return;
    }
    const known = around?.what === 'map' ? around.mapping : printed(told, lineIndex);
    const mapping = known && isOf(known, told, told.device) ? known : make(told, told.device, lineIndex);
    tracedMaps.add(mapping);
    attach(mapping, lineIndex);
    identify(mapping, told, lineIndex);
    keep(told, { what: 'map', mapping });
    if (told.via === 'iommu') return;
    if (told.mappingNumber !== null) ledger.mapped(told.mappingNumber, mapping, told);
    else if (told.handle === null) unnumbered.push(mapping);
    if (unnumbered.length > MOST_UNNUMBERED) unnumbered.shift();
  }

  /**
   * What an Unmap() without number and handle unmaps, where the tracer's table was full at the Map(): of the same device, and
   * rather a transfer than a CommonBuffer, the last one. That may be another than was meant, but it is as many.
   */
  function takeUnnumbered({ pci, handle, failure }: TracedUnmap): Mapping | null {
    if (unnumbered.length === 0 || handle !== null || failure !== null) return null;
    const own = unnumbered.filter((mapping) => isLive(mapping) && mapping.pci?.address === pci);
    const taken = own.filter(isReadOrWrite).at(-1) ?? own.at(-1) ?? null;
    if (taken) unnumbered = unnumbered.filter((mapping) => mapping !== taken);
    return taken;
  }

  /** The mapping that the firmware has just printed for this call, or `null`. */
  function printed({ handle }: TracedMap, lineIndex: number): Mapping | null {
    const last = lastWithHandle(handle);
    return last && isLive(last) && !tracedMaps.has(last) && lineIndex - last.mappedLineIndex <= REACH_LINES
      ? last
      : null;
  }

  /** As `lastWithHandle` of the book; where the log prints 32 bits, by the low half. */
  function lastWithHandle(handle: Address | null): Mapping | null {
    if (handle === null) return null;
    const whole = mappings.lastWithHandle(handle);
    if (whole || handle <= LOW_HALF) return whole;
    const half = mappings.lastWithHandle(Number(BigInt(handle) & BigInt(LOW_HALF)));
    return half?.addressBits === 32 ? half : null;
  }

  function make(told: TracedMap, device: Address, lineIndex: number): Mapping {
    const bytes = told.got ?? told.bytes;
    const { operation, host, handle } = told;
    const pages = bytesToPages(bytes);
    // Where the firmware printed the call and its result is lost, this is the result.
    const open =
      calls.innermostMap?.called.host === host
        ? calls.mapReturned({ kind: 'map-returned', handle: handle ?? 0, device, host, pages })
        : null;
    return mappingCalls.mapped(
      open ?? {
        called: { kind: 'map-called', operation, host, bytes },
        lineIndex,
        step: -1,
        innerLineIndices: [],
      },
      { handle, device, host, pages },
      lineIndex,
      {
        owner: ownerOf(told, lineIndex),
        pci: linkOf(told, lineIndex),
        allocationMayBeLost: mayHaveUnseen(told.pci),
      },
    );
  }

  function failMap(told: TracedMap, status: string, lineIndex: number): void {
    const { operation, host, bytes } = told;
    if (calls.innermostMap?.called.host !== host)
      calls.mapCalled({ kind: 'map-called', operation, host, bytes }, lineIndex, steps.add('map-called', lineIndex, 0));
    calls.mapFailed(status, lineIndex);
    keep(told, { what: 'failed-map' });
  }

  function unmapInside(told: TracedUnmap, lineIndex: number): void {
    const last = lastWithHandle(told.handle);
    if (told.failure !== null) {
      if (claimRefusal(told.handle, lineIndex)) keep(told, { what: 'refused' });
    } else if (last && isLive(last)) {
      mappingCalls.unmapped(last, lineIndex);
      tellUnmap(last, told, lineIndex);
    } else if (last && wasJustUnmapped(last, lineIndex)) {
      tellUnmap(last, told, lineIndex);
    } else if (claimRefusal(told.handle, lineIndex)) {
      keep(told, { what: 'refused' });
    }
  }

  function tellUnmap(mapping: Mapping, told: TracedUnmap, lineIndex: number): void {
    tracedUnmaps.add(mapping);
    attach(mapping, lineIndex);
    keep(told, { what: 'unmap', mapping });
  }

  function wasJustUnmapped(mapping: Mapping, lineIndex: number): boolean {
    const { unmappedLineIndex } = mapping;
    return unmappedLineIndex !== null && lineIndex - unmappedLineIndex <= REACH_LINES && !tracedUnmaps.has(mapping);
  }

  function unmap(told: TracedUnmap, lineIndex: number): void {
    const { mappingNumber, note, failure } = told;
    if (told.via === 'iommu') {
      unmapInside(told, lineIndex);
      return;
    }
    ledger.unmapCalled(note);
    const around = innerOf(told);
    const numbered = mappingNumber === null ? null : ledger.mappingOf(mappingNumber);
    if (around?.what !== 'refused') {
      if (note === 'again') unmapAgain(told, numbered, lineIndex);
      else unmapOnce(told, numbered, around?.what === 'unmap' ? around.mapping : null, lineIndex);
    }
    if (note !== 'again' && failure === null && mappingNumber !== null) ledger.unmapped(mappingNumber);
  }

  function unmapAgain({ handle }: TracedUnmap, numbered: Mapping | null, lineIndex: number): void {
    if (!claimRefusal(handle, lineIndex)) refuse(handle, numbered, lineIndex, numbered === null);
  }

  /** `handled`: what the call of the IOMMU protocol inside this one unmapped. */
  function unmapOnce(told: TracedUnmap, numbered: Mapping | null, handled: Mapping | null, lineIndex: number): void {
    const { handle, note, failure, pci } = told;
    const mapping = numbered ?? handled ?? lastWithHandle(handle) ?? takeUnnumbered(told);
    if (mapping && (mapping === handled || wasJustUnmapped(mapping, lineIndex))) {
      tracedUnmaps.add(mapping);
      attach(mapping, lineIndex);
    } else if (failure === null && mapping && isLive(mapping)) {
      mappingCalls.unmapped(mapping, lineIndex);
      tracedUnmaps.add(mapping);
    } else if (note === 'unknown' && handle !== 0 && !claimRefusal(handle, lineIndex)) {
      refuse(handle, null, lineIndex, mayHaveUnseen(pci));
    }
  }

  function refuse(handle: Address | null, previous: Mapping | null, lineIndex: number, explained: boolean): void {
    mappingCalls.refused(handle, previous, lineIndex, explained);
    claimedRefusal = mappingCalls.lastRefusal;
  }

  /** Whether the firmware has just printed that this handle is not live. */
  function claimRefusal(handle: Address | null, lineIndex: number): boolean {
    const last = mappingCalls.lastRefusal;
    if (
      handle === null ||
      !last ||
      last === claimedRefusal ||
      last.handle !== handle ||
      lineIndex - last.lineIndex > REACH_LINES
    )
      return false;
    claimedRefusal = last;
    return true;
  }

  function attribute(told: TracedAttribute, lineIndex: number): void {
    if (told.failure !== null || told.handle === null) return;
    const mapping = lastWithHandle(told.handle);
    const last = mappingCalls.lastAttribute;
    const isPrinted =
      last !== null &&
      last !== claimedAttribute &&
      last.access === told.access &&
      last.mapping === (mapping && isLive(mapping) ? mapping : null) &&
      lineIndex - last.lineIndex <= REACH_LINES;
    if (isPrinted) {
      claimedAttribute = last;
      if (mapping && isLive(mapping)) attach(mapping, lineIndex);
    } else if (mapping && isLive(mapping)) {
      mappingCalls.attributeSet(
        {
          kind: 'attribute-set',
          handle: mapping.handle,
          access: told.access,
          ...(told.pci !== null && { pci: told.pci }),
        },
        lineIndex,
      );
      claimedAttribute = mappingCalls.lastAttribute;
    }
  }

  function allocate(told: TracedAllocate, lineIndex: number): void {
    const around = innerOf(told);
    const { host, pages, memoryType } = told;
    if (told.failure !== null || host === null) {
      if (told.via === 'iommu') calls.allocateFailed();
      return;
    }
    const known = around?.what === 'allocate' ? around.buffer : buffers.at(host);
    const isKnown =
      known?.host === host &&
      (around !== null || (!tracedBuffers.has(known) && lineIndex - known.allocatedLineIndex <= REACH_LINES));
    const buffer =
      known && isKnown ? known : buffers.allocated(host, { pages, memoryType }, { lineIndex, step: -1 }, lineIndex);
    tracedBuffers.add(buffer);
    buffer.owner = ownerOf(told, lineIndex) ?? buffer.owner;
    keep(told, { what: 'allocate', buffer });
    if (told.bufferNumber !== null) ledger.allocated(told.bufferNumber);
  }

  function free(told: TracedFree, lineIndex: number): void {
    const around = innerOf(told);
    const { host, pages } = told;
    const last = buffers.lastFree;
    if (told.failure === null && told.bufferNumber !== null) ledger.freed(told.bufferNumber);
    if (around?.what === 'free') return;
    if (last !== null && last !== claimedFree && last.host === host && lineIndex - last.lineIndex <= REACH_LINES) {
      claimedFree = last;
    } else if (told.failure === null) {
      buffers.freed(host, pages, lineIndex, mayHaveUnseen(told.pci));
      claimedFree = buffers.lastFree;
    } else {
      return;
    }
    keep(told, { what: 'free' });
  }

  return {
    apply(told, lineIndex) {
      switch (told.what) {
        case 'map':
          map(told, lineIndex);
          return;
        case 'unmap':
          unmap(told, lineIndex);
          return;
        case 'attribute':
          attribute(told, lineIndex);
          return;
        case 'allocate':
          allocate(told, lineIndex);
          return;
        case 'free':
          free(told, lineIndex);
      }
    },
  };
}

const LOW_HALF = 0xffff_ffff;

/** Whether the mapping shows the device the same memory; where the log prints 32 bits, as far as they tell. */
function isOf(mapping: Mapping, { host }: TracedMap, device: Address): boolean {
  if (mapping.addressBits === 64) return mapping.host === host && mapping.device === device;
  return isLowHalf(mapping.host, host) && isLowHalf(mapping.device, device);
}

function isLowHalf(half: Address, whole: Address): boolean {
  return half === whole || BigInt(half) === (BigInt(whole) & BigInt(LOW_HALF));
}

export function ownerOf(
  { caller, place }: { readonly caller: string | null; readonly place: string | null },
  lineIndex: number,
): Owner | null {
  if (caller === null) return null;
  return {
    name: caller,
    evidence: `the tracer names the caller, ${place ?? caller}`,
    evidenceLineIndex: lineIndex,
    certain: true,
  };
}

export function linkOf({ pci }: { readonly pci: PciAddress | null }, lineIndex: number): DeviceLink | null {
  if (pci === null) return null;
  return { address: pci, evidence: 'the tracer names the device', evidenceLineIndex: lineIndex, certain: true };
}
