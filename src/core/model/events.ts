import type { Address } from './address.ts';
import type { Operation } from './operation.ts';

/**
 * What a dialect reads from one record. The union is discriminated on `kind`; every later stage sees events, never text.
 * A line's place (`lineIndex`) travels beside the event, since a dialect only sees the record.
 */
export type DmaEvent =
  | MapCalled
  | MapReturned
  | MapCompleted
  | UnmapCalled
  | UnmapRangeCalled
  | AllocateCalled
  | AllocateReturned
  | AllocateCompleted
  | FreeCalled
  | AttributeSet
  | PoolLine
  | ExitCallback
  | CleanupStarted
  | ImageAttributes
  | HandoffProof
  | BootStarted
  | BootActivity
  | OwnerHint
  | PlatformHint
  | VerboseLine
  | UnreadProducer
  | FirmwareHalted;

/** `Map()` entered; a `MapReturned` follows if it succeeds. `operation` is `null` where the log prints `Invalid`. */
export interface MapCalled {
  readonly kind: 'map-called';
  readonly operation: Operation | null;
  readonly host: Address;
  readonly bytes: Address;
}

/** `Map()` succeeded. */
export interface MapReturned {
  readonly kind: 'map-returned';
  readonly handle: Address;
  readonly device: Address;
  readonly host: Address;
  readonly pages: Address;
}

/** A `Map()` that is told in one line, without a handle (July 2017): the device address is all there is to identify it. */
export interface MapCompleted {
  readonly kind: 'map-completed';
  readonly device: Address;
  readonly host: Address;
  readonly pages: Address;
  readonly bytes: Address;
}

export interface UnmapCalled {
  readonly kind: 'unmap-called';
  readonly handle: Address;
  /** `MemoryMapLocked`: `true` only in the IOMMU driver's own cleanup. `null` where the log does not print it. */
  readonly memoryMapLocked: boolean | null;
}

/** An `Unmap()` that is told by addresses instead of a handle (July 2017). */
export interface UnmapRangeCalled {
  readonly kind: 'unmap-range-called';
  readonly device: Address;
  readonly host: Address;
}

export interface AllocateCalled {
  readonly kind: 'allocate-called';
  /** `EFI_MEMORY_TYPE`. */
  readonly memoryType: number;
  readonly pages: Address;
}

export interface AllocateReturned {
  readonly kind: 'allocate-returned';
  readonly host: Address;
}

/** An `AllocateBuffer()` that is told in one line (July 2017). */
export interface AllocateCompleted {
  readonly kind: 'allocate-completed';
  readonly host: Address;
  readonly pages: Address;
}

export interface FreeCalled {
  readonly kind: 'free-called';
  readonly host: Address;
  readonly pages: Address;
}

/** `SetAttribute()`: `access` is a mask of EDKII_IOMMU_ACCESS_READ (1) and _WRITE (2); 0 revokes. */
export interface AttributeSet {
  readonly kind: 'attribute-set';
  readonly handle: Address;
  readonly access: number;
}

/** A line that IoMmuDxe prints inside another call: reserved pool and stash handling. It belongs to that call. */
export interface PoolLine {
  readonly kind: 'pool-line';
  readonly what: 'pool-allocated' | 'bounce-buffer-freed' | 'common-buffer-freed' | 'memory-attributes-read';
  readonly address: Address;
}

/** A driver's ExitBootServices notification function printed its name. */
export interface ExitCallback {
  readonly kind: 'exit-callback';
  readonly name: string;
  readonly context: Address | null;
  /** `iommu-relay`: the IOMMU driver's own callback, which only queues the cleanup behind everybody else's. */
  readonly role: 'driver' | 'iommu-relay' | 'processors';
}

/** The IOMMU driver's last-resort cleanup begins. */
export interface CleanupStarted {
  readonly kind: 'cleanup-started';
  readonly name: string;
}

/** DxeCore sets the attributes of an image section. Without EFI_MEMORY_RP, _XP and _RO they lift its protection. */
export interface ImageAttributes {
  readonly kind: 'image-attributes';
  readonly base: Address;
  readonly attributes: Address;
}

/** A line that can only be printed once ExitBootServices() has run its callbacks. */
export interface HandoffProof {
  readonly kind: 'handoff-proof';
  /** One noun phrase for the report, such as `Linux tried its DUMMY variable`. */
  readonly evidence: string;
}

/** The first lines of a boot: reset vector, SEC. */
export interface BootStarted {
  readonly kind: 'boot-started';
}

/** Something that needs boot services in normal use, so ExitBootServices has not begun or has failed. */
export interface BootActivity {
  readonly kind: 'boot-activity';
  readonly what: 'protocol-installed' | 'image-loaded' | 'file-opened' | 'option-booted' | 'pei';
  /** Name of the image loaded, where printed (`IoMmuDxe.efi`); else `null`. */
  readonly name: string | null;
}

/** A line that tells which driver a mapping belongs to, or which driver is at work. */
export interface OwnerHint {
  readonly kind: 'owner-hint';
  /** Base name of the driver's INF, such as `XhciDxe`. */
  readonly driver: string;
  /**
   * `start`: the driver binding begins, what it maps follows. `started`: it has just ended, what it mapped precedes.
   * `address`: the driver printed an address that it gave to its device. `active`: the driver printed something.
   */
  readonly how: 'start' | 'started' | 'address' | 'active';
  /** Device address, for `address`; else `null`. */
  readonly address: Address | null;
}

/** A line that tells how the platform treats DMA at hand-off. */
export interface PlatformHint {
  readonly kind: 'platform-hint';
  readonly platform: 'deny' | 'permit';
}

/** A line of level DEBUG_VERBOSE that says nothing about DMA, but that the level is built in. */
export interface VerboseLine {
  readonly kind: 'verbose-line';
}

/** A line about DMA by a producer whose language is not read. */
export interface UnreadProducer {
  readonly kind: 'unread-producer';
  readonly name: string;
}

/** An assertion or a processor exception: the firmware stops here. */
export interface FirmwareHalted {
  readonly kind: 'firmware-halted';
  readonly reason: 'assertion' | 'exception';
}

export type EventKind = DmaEvent['kind'];
