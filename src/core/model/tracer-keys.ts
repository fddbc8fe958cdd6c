import type { Address } from './address.ts';
import type { PciAddress } from './pci-address.ts';
import { pciAddress } from './pci-address.ts';
import type { TracedCall, TracedVia, TracerPhase, TracerRecord, TracerTold } from './tracer.ts';

/** Makes a record of the tracer from the keys of its line. */

interface Head {
  readonly format: string;
  readonly sequence: number;
  readonly micros: number;
  readonly phase: string;
}

const PHASES: Readonly<Record<string, TracerPhase>> = { boot: 'boot', ebs: 'ebs', os: 'os' };

export function record(head: Head, told: TracerTold): TracerRecord {
  return {
    kind: 'tracer-record',
    format: head.format === 'v1' ? 1 : 2,
    sequence: head.sequence,
    micros: head.micros,
    phase: PHASES[head.phase] ?? 'boot',
    told,
  };
}

interface CallKeys {
  readonly via: string;
  readonly dev: string | null;
  readonly img: string | null;
  readonly cb: string | null;
  readonly call: number | null;
  readonly st: string;
}

const PROTOCOLS: Readonly<Record<string, TracedVia>> = {
  PciIo: 'pci-io',
  RootBridgeIo: 'root-bridge',
  IoMmu: 'iommu',
};

/** Calls of protocols that a later version traces are only counted. */
export function callRecord(keys: Head & CallKeys, toTold: (call: TracedCall) => TracerTold): TracerRecord {
  const via = PROTOCOLS[keys.via];
  if (!via) return record(keys, { what: 'other' });
  // A wrapped callback that ends in a tail call seems to be called from the tracer itself.
  const place = keys.img !== null && /^DmaTracer\b/.test(keys.img) ? keys.cb : keys.img;
  return record(
    keys,
    toTold({
      via,
      pci: toPci(keys.dev),
      caller: imageOf(place),
      place: place === null ? null : clean(place),
      call: keys.call,
      failure: failureOf(keys.st),
    }),
  );
}

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** PciRootBridgeIo gives all ones for every mapping that needs no bounce buffer: that is no identity. */
export function handleOf(cookie: Address | null): Address | null {
  return cookie === ALL_ONES ? null : cookie;
}

const GROUPS: Readonly<Record<string, 'before' | 'exit' | 'signalled'>> = {
  BeforeExitBootServices: 'before',
  ExitBootServices: 'exit',
  Signalled: 'signalled',
};

export function callback(
  what: 'callback-began' | 'callback-ended',
  keys: Head & { readonly group: string; readonly fn: string; readonly cbid: number },
): TracerRecord {
  return record(keys, {
    what,
    group: GROUPS[keys.group] ?? 'exit',
    image: imageOf(keys.fn) ?? 'unknown image',
    callback: keys.cbid,
  });
}

export function other(keys: Head): TracerRecord {
  return record(keys, { what: 'other' });
}

/** `0000:00:1f.2`; `null` for a root bridge (`rb0`), or where the tracer does not know. */
export function toPci(dev: string | null): PciAddress | null {
  const groups = /^([\da-f]{4}):([\da-f]{2}):([\da-f]{2})\.([0-7])$/i.exec(dev ?? '');
  if (!groups) return null;
  const [segment = 0, bus = 0, device = 0, functionNumber = 0] = groups
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16));
  return pciAddress(segment, bus, device, functionNumber);
}

/** The name in `XhciDxe+0x220f`; `null` where the address lies in no image (`?`). */
export function imageOf(place: string | null): string | null {
  if (place === null || place.startsWith('?')) return null;
  const name = clean(place.replace(/\+0x[\da-f]+$/i, ''));
  return name === '' ? null : name;
}

/** Names are those of files, so they may hold anything that steers a view. */
export function clean(text: string): string {
  return text.slice(0, LONGEST_NAME).replaceAll(/[^\w.:~+?@-]/g, '_');
}

/** The writer cuts names at 38; an offset follows. */
const LONGEST_NAME = 64;

/** Bit 63 of an EFI_STATUS tells an error from a warning. */
const ERROR_BIT = 2n ** 63n;

/** `InvalidParameter` in words; `null` for success, and for warnings. */
export function failureOf(status: string): string | null {
  if (/^0x[\da-f]{1,16}$/i.test(status)) return BigInt(status) >= ERROR_BIT ? `status ${status.toLowerCase()}` : null;
  if (status === 'Success' || /^Warn[A-Z]/.test(status)) return null;
  return clean(status).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}
