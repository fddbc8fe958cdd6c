import type { Address } from './address.ts';
import type { Operation } from './operation.ts';
import type { PciAddress } from './pci-address.ts';
import type { TracerRecord } from './tracer.ts';

/**
 * What a dialect reads from one record. The union is discriminated on `kind`; every later stage sees events, never text.
 * A line's place (`lineIndex`) travels beside the event, since a dialect only sees the record.
 */
export type DmaEvent =
  | MapCalled
  | MapReturned
  | MapCompleted
  | CallFailed
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
  | TranslationSet
  | DeviceCommand
  | ControllerState
  | DmaAccess
  | VerboseLine
  | TracerRecord
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
  /** `null` where the line does not repeat it: the call that is open tells. */
  readonly host: Address | null;
  readonly pages: Address | null;
  /** Width of what this producer prints: 32 where the upper half of every address and handle is lost. Absent: 64. */
  readonly addressBits?: 32;
}

/** A call printed its error status. It closes the call that is open, if that printed a line when it was entered. */
export interface CallFailed {
  readonly kind: 'call-failed';
  readonly call: 'map' | 'unmap' | 'allocate' | 'set-attribute';
  /** As printed, such as `Invalid Parameter`. */
  readonly status: string;
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
  /** `EFI_MEMORY_TYPE`; `null` where not printed. */
  readonly memoryType: number | null;
  readonly pages: Address;
}

export interface AllocateReturned {
  readonly kind: 'allocate-returned';
  /** `null`: the call failed. */
  readonly host: Address | null;
}

/** An `AllocateBuffer()` that is told in one line (July 2017). */
export interface AllocateCompleted {
  readonly kind: 'allocate-completed';
  readonly host: Address;
  readonly pages: Address;
}

export interface FreeCalled {
  readonly kind: 'free-called';
  /** `null` where the line does not tell which memory is freed. */
  readonly host: Address | null;
  readonly pages: Address | null;
}

/** `SetAttribute()`: `access` is a mask of EDKII_IOMMU_ACCESS_READ (1) and _WRITE (2); 0 revokes. */
export interface AttributeSet {
  readonly kind: 'attribute-set';
  /** `null` where the mapping is told by its device address (`range`). */
  readonly handle: Address | null;
  readonly access: number;
  /** The device that gets the access, and the device addresses, both in full. Absent where not printed. */
  readonly pci?: PciAddress;
  readonly range?: { readonly start: Address; readonly bytes: Address };
}

/** A line that IoMmuDxe prints inside another call: reserved pool and stash handling. It belongs to that call. */
export interface PoolLine {
  readonly kind: 'pool-line';
  readonly what: 'pool-allocated' | 'bounce-buffer-freed' | 'common-buffer-freed' | 'memory-attributes-read';
  readonly address: Address;
  /** How much of it; absent where not told. */
  readonly bytes?: Address;
}

/** A driver's ExitBootServices notification function printed its name. */
export interface ExitCallback {
  readonly kind: 'exit-callback';
  readonly name: string;
  readonly context: Address | null;
  /**
   * `iommu-relay`: the IOMMU driver's own callback, which only queues the cleanup behind everybody else's. `iommu`: the IOMMU
   * driver's own callback, which does its work at once.
   */
  readonly role: 'driver' | 'iommu-relay' | 'iommu' | 'processors';
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
  readonly what: 'protocol-installed' | 'image-loaded' | 'file-opened' | 'option-booted' | 'pei' | 'loader-message';
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

/** The IOMMU hardware starts or stops translating, or was found to do so or not. */
export interface TranslationSet {
  readonly kind: 'translation-set';
  /** Number of the VT-d engine, or `null` where not printed. */
  readonly engine: number | null;
  readonly enabled: boolean;
  /** `set`: the firmware or the machine says that it was switched. `seen`: a register dump shows it. */
  readonly how: 'set' | 'seen';
}

/** The COMMAND register in the PCI configuration space of a device was written. */
export interface DeviceCommand {
  readonly kind: 'device-command';
  readonly pci: PciAddress;
  /** The machine's name of the device, such as `qemu-xhci`. */
  readonly name: string;
  /** Bus Master Enable, bit 2. */
  readonly busMaster: boolean;
  /** Interrupt Disable, bit 10; absent where not set. */
  readonly interruptDisable?: true;
}

/** A controller was started or stopped by its registers. */
export interface ControllerState {
  readonly kind: 'controller-state';
  readonly controller: ControllerKind;
  /** The machine's own name of the instance (an address of its object, a port number), or `null`: tells two controllers of a kind apart. */
  readonly instance: string | null;
  readonly running: boolean;
  /** What was seen, for the report, such as `USBCMD.RS cleared`. */
  readonly how: string;
}

export type ControllerKind = 'xhci' | 'ehci' | 'uhci' | 'ohci' | 'ahci' | 'ide' | 'nvme' | 'virtio' | 'sdhci' | 'e1000';

/** A device accessed memory through the IOMMU, or tried to. */
export interface DmaAccess {
  readonly kind: 'dma-access';
  /** `null` where not printed. */
  readonly pci: PciAddress | null;
  /** The address that the device used, or the page that it lies in: then `bytes` is the size of the page. */
  readonly address: Address;
  readonly bytes?: number;
  /** `null` where not printed. */
  readonly write: boolean | null;
  readonly outcome: 'done' | 'fault';
  /** Set where the line may stand long after the access: a fault record that is only read when somebody looks. */
  readonly late?: true;
  /** Set where an operating system says so: it is at work. */
  readonly behindHandoff?: true;
  /** Who says so, for the report, such as `QEMU's intel-iommu` or `Linux`. */
  readonly reporter: string;
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
