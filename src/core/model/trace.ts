import type { Address } from './address.ts';
import type { ControllerKind, ExitCallback } from './events.ts';
import type { Operation } from './operation.ts';
import type { PciAddress } from './pci-address.ts';
import type { TracedCallback } from './tracer.ts';

/**
 * The records that the lifecycle keeps of one boot. Line indices are 0-based lines of the input; `null` is "never" or
 * "the log does not tell". Only the lifecycle writes them; everybody else reads.
 */

/** Who removed a mapping, or in which phase a buffer was freed. */
export type Phase = 'boot' | 'exit-callback';
export type RemovedBy = Phase | 'iommu-cleanup';

/** How the platform treats DMA at hand-off: `deny` (SEV, TDX, SMMU, VT-d kept on) or `permit` (VT-d off, none). */
export type Platform = 'deny' | 'permit' | 'unknown';

/** What the user says of the platform: `auto` goes by the evidence in the log. */
export const PLATFORM_CHOICES = ['auto', 'deny', 'permit'] as const;
export type PlatformChoice = (typeof PLATFORM_CHOICES)[number];

export interface Owner {
  /** Base name of the driver's INF, such as `XhciDxe`. */
  readonly name: string;
  /** Why this owner, in words, with the line. */
  readonly evidence: string;
  readonly evidenceLineIndex: number;
  /** Whether the log proves it. */
  readonly certain: boolean;
}

/** The PCI function that a mapping was made for. */
export interface DeviceLink {
  readonly address: PciAddress;
  /** Why this device, in words, with the line. */
  readonly evidence: string;
  readonly evidenceLineIndex: number;
  /** Whether the log proves it. */
  readonly certain: boolean;
}

/** A controller that was seen to be started or stopped. */
export interface ControllerRecord {
  readonly controller: ControllerKind;
  /** What tells it from others of its kind, or `null`. */
  readonly instance: string | null;
  readonly running: boolean;
  /** What was seen, such as `USBCMD.RS cleared`. */
  readonly how: string;
  /** Where its state changed last. */
  readonly lineIndex: number;
}

/** A device of the machine, up to hand-off. */
export interface Device {
  /** `null`: a controller whose device is not known. */
  readonly pci: PciAddress | null;
  /** The machine's name, such as `qemu-xhci`, or `null`. */
  name: string | null;
  /** Bus Master Enable in the COMMAND register; `null` where the log does not tell. */
  busMaster: boolean | null;
  /** Where it changed last. */
  busMasterLineIndex: number | null;
  /** Whether a mapping or a controller is known to be this device's: a bridge has Bus Master Enable, too. */
  doesDma: boolean;
  readonly controllers: readonly ControllerRecord[];
}

/** Whether the IOMMU hardware translates. */
export interface Translation {
  /** At hand-off, or where the log ends. */
  readonly on: boolean;
  readonly enabledLineIndex: number | null;
  /** Where it was switched off for good, or `null`. */
  readonly disabledLineIndex: number | null;
}

/** A range of memory from `AllocateBuffer()` to `FreeBuffer()`. */
export interface Buffer {
  readonly id: number;
  /** Place among all mappings and buffers of the boot, in the order they were made. */
  readonly order: number;
  readonly host: Address;
  /** `null` where the log lost the line that says. */
  readonly pages: Address | null;
  /** `EFI_MEMORY_TYPE`, or `null` where not printed. */
  readonly memoryType: number | null;
  /** `null` where the log lost the line. */
  readonly calledLineIndex: number | null;
  readonly allocatedLineIndex: number;
  /** `null` where the log does not tell. */
  owner: Owner | null;
  freedLineIndex: number | null;
  freedIn: Phase | null;
  /** Whether that it was this buffer is inferred: the line of FreeBuffer() does not tell. */
  freeInferred: boolean;
}

/** What one successful `Map()` made, until it is unmapped. Identity is (handle, generation): handles are heap addresses and recur. */
export interface Mapping {
  readonly id: number;
  /** Place among all mappings and buffers of the boot, in the order they were made. */
  readonly order: number;
  readonly handle: Address | null;
  /** 1 for the first mapping with this handle in the boot. */
  readonly generation: number;
  readonly operation: Operation | null;
  host: Address;
  device: Address;
  /** 32 where the log prints only the low half of `host` and `handle`, and of `device` unless another line gave it in full. */
  addressBits: 32 | 64;
  /** Bytes asked for; `null` where the log lost the line that says. */
  readonly bytes: Address | null;
  readonly pages: Address;
  /** The allocation that a CommonBuffer lies in, or `null`. */
  readonly buffer: Buffer | null;
  /** `null` where the log lost the line. */
  readonly calledLineIndex: number | null;
  readonly mappedLineIndex: number;
  /** On the log's own axis, in seconds; `null` where its lines carry no time. */
  readonly mappedSeconds: number | null;
  owner: Owner | null;
  /** `null` where the log does not name the device. */
  pci: DeviceLink | null;
  /** Where SetAttribute() took the device's access away, and none was given since; else `null`. */
  revokedLineIndex: number | null;
  unmappedLineIndex: number | null;
  unmappedSeconds: number | null;
  unmappedBy: RemovedBy | null;
  /** Set when another mapping was returned with the same live handle: the log lost this one's end. */
  lostTrack: boolean;
  liveAtHandoff: boolean;
  /** Other lines of this mapping in ascending order: attributes, bounce buffer, stash. */
  readonly otherLineIndices: number[];
}

/** A `Map()` that entered and never returned success. */
export interface FailedMap {
  readonly operation: Operation | null;
  readonly host: Address;
  readonly bytes: Address;
  readonly calledLineIndex: number;
  /** The error that the log shows, such as `Invalid Parameter`, with its line; else `null`. */
  readonly status: { readonly text: string; readonly lineIndex: number } | null;
  /** Whether damage to the log since the call may have taken its result. */
  readonly explainedByDamage: boolean;
}

export interface ExitCallbackRecord {
  /** What it printed; its image where the tracer tells. */
  readonly name: string;
  context: Address | null;
  role: ExitCallback['role'];
  readonly lineIndex: number;
  /** Where it returned; `null` where the log does not tell. */
  endLineIndex: number | null;
  /** Why it runs; `null` where the log does not tell. */
  readonly group: TracedCallback['group'] | null;
}

export interface CleanupRecord {
  readonly name: string;
  readonly lineIndex: number;
  unmapped: number;
}

export interface ExitBootServices {
  /** First line of the window, inferred begin included. */
  firstLineIndex: number;
  /** First line that proves ExitBootServices. */
  readonly markerLineIndex: number;
  /** Time of the marker, in seconds, or `null`. */
  readonly markerSeconds: number | null;
  attempts: number;
  /** Line of each further attempt's first proof. */
  readonly retryLineIndices: number[];
  /** Attempts of which the log shows that they failed. */
  readonly failures: { readonly lineIndex: number; readonly status: string }[];
  readonly callbacks: ExitCallbackRecord[];
  cleanup: CleanupRecord | null;
  /** Where the IOMMU stopped translating inside the window, or `null`. */
  translationOffLineIndex: number | null;
}

export interface Handoff {
  readonly lineIndex: number;
  /** In seconds, or `null`. */
  readonly seconds: number | null;
  readonly evidence: string;
}

/** What a driver did between the begin of ExitBootServices and hand-off; the cleanup's own work is not among it. */
export interface ExitAction {
  readonly kind: 'unmapped' | 'freed' | 'mapped' | 'allocated';
  readonly mapping: Mapping | null;
  /** Without `id` and allocation where the log does not know the memory. */
  readonly buffer:
    | (Pick<Buffer, 'pages'> & {
        readonly id: number | null;
        /** `null` where the line of FreeBuffer() does not tell. */
        readonly host: Address | null;
        readonly allocatedLineIndex: number | null;
        readonly owner?: Owner | null;
        readonly freeInferred?: boolean;
      })
    | null;
  readonly lineIndex: number;
  /** Whether it lies in the inferred part of the window. */
  readonly inferred: boolean;
}

/** Everything about one boot that is known when it ends. */
export interface Trace {
  readonly firstLineIndex: number;
  readonly lastLineIndex: number;
  /** Whether the log shows the start of this boot, so that nothing before is missing. */
  readonly startSeen: boolean;
  readonly dialects: readonly string[];
  readonly platform: Platform;
  /** What `platform` rests on, or `null`. */
  readonly platformEvidence: { readonly lineIndex: number; readonly text: string } | null;
  readonly exitBootServices: ExitBootServices | null;
  readonly handoff: Handoff | null;
  /** As they were at hand-off, or where the log ends. */
  readonly devices: readonly Device[];
  /** `null` where the log does not tell. */
  readonly translation: Translation | null;
  /** What drivers did between the begin of ExitBootServices and hand-off. */
  readonly exitActions: readonly ExitAction[];
  readonly failedMaps: readonly FailedMap[];
  /** Mappings live at the end of the trace: at hand-off, or where the log stops. */
  readonly live: readonly Mapping[];
  readonly halted: { readonly lineIndex: number; readonly reason: 'assertion' | 'exception' } | null;
  readonly lastDmaLineIndex: number | null;
  readonly damage: Damage;
  readonly counts: TraceCounts;
  /** What the firmware's own lines tell about its build, for the advice on a log without a trace. */
  readonly build: BuildSigns;
  /** `null`: no tracer ran. */
  readonly tracer: TracerSummary | null;
}

/** What the tracer told of itself, and how far its records agree with each other and with the firmware's lines. */
export interface TracerSummary {
  readonly firstLineIndex: number;
  /** Version of its format. */
  readonly format: number;
  /** Whether its first record is in the log. */
  readonly startSeen: boolean;
  /** Whether the log holds its own count at hand-off, against which all was checked. */
  readonly checked: boolean;
  /** Records that are missing, by their numbers. */
  readonly missing: number;
  /** How often something did not fit into its tables, with the line that says so; or `null`. */
  readonly full: { readonly lineIndex: number; readonly lost: number } | null;
  /** Devices with a driver before the tracer was loaded: what that had mapped is unknown. */
  readonly boundBefore: readonly BoundDevice[];
  /** The first so many; more are counted. */
  readonly disagreements: readonly Disagreement[];
  readonly disagreementCount: number;
}

export interface BoundDevice {
  readonly pci: PciAddress;
  readonly driver: string;
  readonly lineIndex: number;
  /** Whether the tracer had the driver stopped and started again: what is live at hand-off is complete then. */
  restarted: boolean;
}

/** Something that the tracer counts otherwise than its records, or the firmware's lines, show. */
export type Disagreement = { readonly lineIndex: number } & (
  | { readonly kind: 'sequence'; readonly found: number; readonly previous: number; readonly previousLineIndex: number }
  | {
      readonly kind: 'count';
      readonly of: 'maps' | 'unmaps' | 'live' | 'buffers' | 'unknown' | 'again';
      readonly said: number;
      readonly counted: number;
      /** The device whose mappings are counted; `null`: all. */
      readonly pci: PciAddress | null;
    }
  /** Listed as live, but no record made it. */
  | { readonly kind: 'never-mapped'; readonly mapping: Mapping }
  /** Listed as live, but a line shows it unmapped. */
  | { readonly kind: 'unmapped'; readonly mapping: Mapping; readonly unmapped: Mapping }
  /** Listed with other values than it was made with. */
  | { readonly kind: 'changed'; readonly mapping: Mapping }
  /** Live, but not listed. */
  | { readonly kind: 'not-listed'; readonly mapping: Mapping }
  /** The firmware's line belongs into ExitBootServices, where the tracer does not see the firmware. */
  | { readonly kind: 'outside-exit'; readonly name: string }
);

/** How far the text of this boot can be trusted. */
export interface Damage {
  readonly malformedLines: number;
  /** The first few of them, with what is wrong there. */
  readonly malformed: readonly { readonly lineIndex: number; readonly message: string }[];
  /** Whether the input ends inside a line of this boot. */
  readonly cut: boolean;
}

export interface TraceCounts {
  /** Lines of DMA calls, whatever became of them. */
  readonly calls: number;
  readonly maps: number;
  readonly unmaps: number;
  readonly allocations: number;
  readonly frees: number;
  readonly peakLive: number;
  readonly peakLiveBytes: Address;
}

export interface BuildSigns {
  /** Lines that only a DEBUG build of edk2 prints. */
  readonly firmwareLines: number;
  /** Lines of level DEBUG_VERBOSE, whatever they say. */
  readonly verboseLines: number;
  /** Lines of the machine, or of an operating system, about devices. */
  readonly machineLines: number;
  /** A VT-d driver said something other than calls. */
  readonly vtdDriverSeen: boolean;
  /** IoMmuDxe said at DEBUG_INFO that it installed its protocol. */
  readonly iommuProtocolInstalled: boolean;
  /** A producer of DMA lines that is recognised but not read, or `null`. */
  readonly unreadProducer: string | null;
}
