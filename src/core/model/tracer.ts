import type { Address } from './address.ts';
import type { Operation } from './operation.ts';
import type { PciAddress } from './pci-address.ts';

/**
 * One record of the DMA tracer, a driver that writes down each call as it returns. Every record is numbered, so each is an event,
 * whatever it tells.
 */
export interface TracerRecord {
  readonly kind: 'tracer-record';
  /** Version of the format: 1 or 2. */
  readonly format: number;
  /** Numbers have no gaps; 1 is the first record of a boot. */
  readonly sequence: number;
  /** Microseconds since the tracer was loaded. */
  readonly micros: number;
  /** Before, inside and after ExitBootServices(). */
  readonly phase: TracerPhase;
  readonly told: TracerTold;
}

export type TracerPhase = 'boot' | 'ebs' | 'os';

export type TracerTold =
  | TracerHello
  | TracerHook
  | TracerBound
  | TracedMap
  | TracedUnmap
  | TracedAllocate
  | TracedFree
  | TracedAttribute
  | TracedBusMaster
  | TracedCallback
  | TracerExit
  | TracerDeviceState
  | TracerLive
  | TracerStats
  | TracerFull
  /** Counted, and nothing else: loaded images, created events, events of later versions. */
  | { readonly what: 'other' };

/** The first record of a boot. */
export interface TracerHello {
  readonly what: 'hello';
  readonly version: string;
}

/** From here on the calls of this protocol instance are recorded. */
export interface TracerHook {
  readonly what: 'hook';
  readonly protocol: string;
  /** The image that implements it. */
  readonly owner: string;
}

/** This driver was bound to the device before the tracer was loaded; `restarted`: it was stopped and started again. */
export interface TracerBound {
  readonly what: 'bound';
  readonly pci: PciAddress;
  /** `null` where the record tells of the restart alone. */
  readonly driver: string | null;
  readonly restarted: boolean;
}

/**
 * Which protocol was called. A call of `pci-io` calls `iommu` inside, with the same call number: both are one call. `root-bridge`
 * is called directly by few.
 */
export type TracedVia = 'pci-io' | 'root-bridge' | 'iommu';

/** What all records of calls tell. */
export interface TracedCall {
  readonly via: TracedVia;
  /** `null` for a root bridge, or where nobody knows. */
  readonly pci: PciAddress | null;
  /** The image that called, such as `XhciDxe`; `null` where that is no known image, or not told. */
  readonly caller: string | null;
  /** As printed, such as `XhciDxe+0x220f`; `null` where not told. */
  readonly place: string | null;
  /** Number of the outermost call of which this is a part, or `null`. */
  readonly call: number | null;
  /** The error status in words, such as `Invalid Parameter`; `null`: success. */
  readonly failure: string | null;
}

export interface TracedMap extends TracedCall {
  readonly what: 'map';
  /** `null`: an invalid one. */
  readonly operation: Operation | null;
  readonly host: Address;
  readonly bytes: Address;
  /** Bytes really mapped, where that is another number; else `null`. */
  readonly got: Address | null;
  /** `null` where the call failed. */
  readonly device: Address | null;
  /** What the firmware's own Map() gave; `null`: all ones, which is no identity, or nothing. */
  readonly handle: Address | null;
  /** Number of the mapping, never given twice in a boot; `null` one level below PciIo, and where the tracer's table was full. */
  readonly mappingNumber: number | null;
}

export interface TracedUnmap extends TracedCall {
  readonly what: 'unmap';
  readonly handle: Address | null;
  readonly mappingNumber: number | null;
  /** `unknown`: the tracer did not see the Map(). `again`: it was unmapped before. */
  readonly note: 'unknown' | 'again' | null;
}

export interface TracedAllocate extends TracedCall {
  readonly what: 'allocate';
  readonly pages: Address;
  readonly memoryType: number | null;
  /** `null` where the call failed. */
  readonly host: Address | null;
  readonly bufferNumber: number | null;
}

export interface TracedFree extends TracedCall {
  readonly what: 'free';
  readonly host: Address;
  readonly pages: Address;
  readonly bufferNumber: number | null;
}

export interface TracedAttribute extends TracedCall {
  readonly what: 'attribute';
  readonly handle: Address | null;
  readonly access: number;
}

/** The COMMAND register was written, and Bus Master Enable changed. */
export interface TracedBusMaster {
  readonly what: 'bus-master';
  readonly pci: PciAddress;
  readonly on: boolean;
}

/** A notification function of ExitBootServices begins or has returned. */
export interface TracedCallback {
  readonly what: 'callback-began' | 'callback-ended';
  /** `before`: BeforeExitBootServices, where boot services may still be used. `signalled`: queued by another callback. */
  readonly group: 'before' | 'exit' | 'signalled';
  readonly image: string;
  /** Number of the callback among those that exist. */
  readonly callback: number;
}

/** ExitBootServices() was entered, or has returned. */
export interface TracerExit {
  readonly what: 'exit-entered' | 'exit-left';
  readonly live: number;
  /** `null`: success, or entered. */
  readonly failure: string | null;
}

export interface TracerDeviceState {
  readonly what: 'device-state';
  readonly when: string;
  readonly pci: PciAddress;
  /** Vendor and device, `1b36:000d`. */
  readonly id: string;
  /** Class, subclass and interface, `0c0330`. */
  readonly deviceClass: string;
  readonly busMaster: boolean;
  readonly live: number;
  readonly bytes: Address;
}

/** A mapping that the tracer counts as live when ExitBootServices() has returned. */
export interface TracerLive {
  readonly what: 'live';
  readonly pci: PciAddress | null;
  readonly caller: string | null;
  readonly place: string | null;
  readonly operation: Operation | null;
  readonly host: Address;
  readonly bytes: Address;
  readonly device: Address;
  readonly handle: Address | null;
  readonly mappingNumber: number;
}

/** What the tracer has counted, of PciIo and PciRootBridgeIo. */
export interface TracerStats {
  readonly what: 'stats';
  readonly when: string;
  /** Calls, whatever came of them. */
  readonly maps: number;
  readonly unmaps: number;
  readonly live: number;
  readonly buffers: number;
  /** Calls of Unmap() with a note. */
  readonly unknown: number;
  readonly again: number;
  /** How often something did not fit into a table of the tracer. */
  readonly lost: number;
}

/** A table of the tracer is full. */
export interface TracerFull {
  readonly what: 'full';
  readonly table: string;
}
