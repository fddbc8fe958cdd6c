import type { Address } from '../model/address.ts';
import { addBytes, pagesToBytes, subtractBytes } from '../model/address.ts';
import type { Mapping, TraceCounts } from '../model/trace.ts';
import type { RangeIndex } from './range-index.ts';
import { createRangeIndex } from './range-index.ts';
import { createRecent } from './recent.ts';

/** The mappings that are live, found by handle, device address and host address, and the last dead one of each handle. */
export interface MappingBook {
  add(mapping: Mapping): void;
  remove(mapping: Mapping): void;
  /** The latest mapping with this handle, live or dead: see `isLive`. */
  lastWithHandle(handle: Address): Mapping | null;
  /**
   * The live mapping whose device address is `start`, or has the low half of it where the log prints no more; `null` if there is
   * none. The mapping gets the address in full.
   */
  completeDevice(start: Address): Mapping | null;
  readonly byDevice: RangeIndex<Mapping>;
  readonly byHost: RangeIndex<Mapping>;
  /** In the order they were made. */
  readonly live: readonly Mapping[];
  /** Bytes of host memory that are mapped. */
  readonly liveBytes: Address;
  readonly peak: Pick<TraceCounts, 'peakLive' | 'peakLiveBytes'>;
}

export function createMappingBook(): MappingBook {
  const recent = createRecent<Mapping>(isLive);
  const byDevice = createRangeIndex<Mapping>((mapping) => mapping.device, deviceBytes);
  const byHost = createRangeIndex<Mapping>((mapping) => mapping.host, hostBytes);
  let liveBytes: Address = 0;
  let peakLive = 0;
  let peakLiveBytes: Address = 0;

  return {
    add(mapping) {
      if (mapping.handle !== null) recent.set(mapping.handle, mapping);
      byDevice.add(mapping);
      byHost.add(mapping);
      liveBytes = addBytes(liveBytes, hostBytes(mapping));
      if (byHost.size > peakLive) peakLive = byHost.size;
      if (liveBytes > peakLiveBytes) peakLiveBytes = liveBytes;
    },
    remove(mapping) {
      byDevice.delete(mapping);
      byHost.delete(mapping);
      liveBytes = subtractBytes(liveBytes, hostBytes(mapping));
    },
    lastWithHandle: (handle) => recent.get(handle),
    completeDevice(start) {
      const whole = latest(byDevice.overlapping(start, 1, (mapping) => mapping.device === start));
      if (whole) {
        return whole;
      }
      const low = lowHalf(start);
      if (low === start) return null;
      const half = latest(
        byDevice.overlapping(low, 1, (mapping) => mapping.addressBits === 32 && mapping.device === low),
      );
      if (!half) return null;
      byDevice.delete(half);
      byHost.delete(half);
      // Memory that the device sees in place has the same upper half.
      if (half.host === half.device) half.host = start;
      half.device = start;
      byDevice.add(half);
      byHost.add(half);
      return half;
    },
    byDevice,
    byHost,
    get live() {
      return byHost.items();
    },
    get liveBytes() {
      return liveBytes;
    },
    get peak() {
      return { peakLive, peakLiveBytes };
    },
  };
}

/** Bytes of host memory: as many as were asked for, or the pages where the log lost the line that says. */
export function hostBytes(mapping: Mapping): Address {
  return mapping.bytes ?? pagesToBytes(mapping.pages);
}

/** Bytes that the device sees: a bounce buffer is whole pages; memory seen in place is just as long as was asked. */
export function deviceBytes(mapping: Mapping): Address {
  return mapping.device === mapping.host ? hostBytes(mapping) : pagesToBytes(mapping.pages);
}

/** Whether two mappings show the device the same host memory at the same place: sharing that is meant. */
export function sharesHost(a: Mapping, b: Mapping): boolean {
  if (a.device === a.host) return b.device === b.host;
  return typeof a.device === 'number' &&
    typeof a.host === 'number' &&
    typeof b.device === 'number' &&
    typeof b.host === 'number'
    ? a.device - a.host === b.device - b.host
    : BigInt(a.device) - BigInt(a.host) === BigInt(b.device) - BigInt(b.host);
}

/** Whether a mapping is live as far as the log tells. */
export function isLive(mapping: Mapping): boolean {
  return mapping.unmappedLineIndex === null && !mapping.lostTrack;
}

function latest(mappings: readonly Mapping[]): Mapping | null {
  return mappings[mappings.length - 1] ?? null;
}

/** The low 32 bits, which are all that `%08x` prints. */
function lowHalf(address: Address): Address {
  return typeof address === 'number' ? address % 2 ** 32 : Number(address & 0xffff_ffffn);
}
