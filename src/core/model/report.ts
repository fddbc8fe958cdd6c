import type { ControllerKind } from './events.ts';
import type { Operation } from './operation.ts';
import type { Phase, Platform, RemovedBy } from './trace.ts';

/**
 * The report: one JSON document per analysed log, described for users in docs/report.md and by schema/report.schema.json.
 * Addresses and handles are lower-case hexadecimal strings, because they can exceed 2^53. Line numbers are 1-based lines of the
 * input as an editor shows it. Unknown is `null`, never a made-up value. A field is only ever added; a change of meaning raises
 * `schemaVersion`.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'dma-handoff'; readonly version: string };
  readonly source: ReportSource;
  /** One per boot found in the input, in order. */
  readonly traces: readonly ReportTrace[];
  readonly input: ReportInput;
}

export interface ReportSource {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
}

export interface ReportInput {
  /** Whether the input ends without a line break, so that its last line may be cut. */
  readonly truncated: boolean;
  /** Lines that another writer cut in two and that were put together again. */
  readonly splicedLines: number;
  /** Lines that look like a record and are none: cut, or mixed with another writer's text. */
  readonly malformedLines: number;
  /** What stands before most of the lines that were read, and which time it carries; `null` if most have none. */
  readonly prefix: ReportPrefix | null;
  /** Second logs of the same boot. */
  readonly companions: readonly ReportCompanion[];
  /** Sentences for the reader: what is missing from the input, and what to switch on. */
  readonly notes: readonly string[];
}

export interface ReportPrefix {
  readonly id: string;
  readonly title: string;
  /** `date`: seconds since 1970 (without a zone, as if in UTC). `clock`: a time of day. `elapsed`: since some start. */
  readonly time: 'date' | 'clock' | 'elapsed';
}

export interface ReportCompanion {
  readonly name: string;
  readonly lines: number;
  /** Lines of it that tell something. */
  readonly events: number;
  /** How its lines were put between those of the log; `none`: nothing that both tell was found. */
  readonly order: 'time' | 'evidence' | 'none';
  /** By how many events that both tell. */
  readonly shared: number;
}

export interface ReportTrace {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly dialects: readonly string[];
  readonly platform: Platform;
  readonly platformEvidence: { readonly line: number; readonly text: string } | null;
  /** `null` if the trace never gets there. */
  readonly exitBootServices: ReportExitBootServices | null;
  /** `null`: the trace ends before hand-off. */
  readonly handoff: { readonly line: number; readonly time: number | null; readonly evidence: string } | null;
  /** The devices of the machine that the log tells about, as they were at hand-off or where the log ends. */
  readonly devices: readonly ReportDevice[];
  /** Whether the IOMMU hardware translates; `null` where the log does not tell. */
  readonly translation: ReportTranslation | null;
  /** `null`: none ran. */
  readonly tracer: ReportTracer | null;
  readonly buffers: readonly ReportBuffer[];
  readonly mappings: readonly ReportMapping[];
  readonly failedMaps: readonly ReportFailedMap[];
  readonly findings: readonly ReportFinding[];
  readonly summary: ReportSummary;
}

export interface ReportDevice {
  /** `bb:dd.f`; `null` for controllers whose device is not known. */
  readonly address: string | null;
  /** The machine's name, such as `qemu-xhci`. */
  readonly name: string | null;
  /** Bus Master Enable. */
  readonly busMaster: boolean | null;
  /** Where it changed last. */
  readonly busMasterLine: number | null;
  /** `false`: known to be stopped. */
  readonly running: boolean | null;
  readonly controllers: readonly ReportController[];
}

export interface ReportController {
  readonly controller: ControllerKind;
  readonly running: boolean;
  /** What was seen, such as `USBCMD.RS cleared`. */
  readonly how: string;
  /** Where its state changed last. */
  readonly line: number;
}

export interface ReportTranslation {
  readonly on: boolean;
  readonly enabledLine: number | null;
  readonly disabledLine: number | null;
}

export interface ReportExitBootServices {
  /** First line of the window, inferred begin included. */
  readonly firstLine: number;
  /** First line that proves ExitBootServices. */
  readonly markerLine: number;
  /** In seconds, or `null`. */
  readonly markerTime: number | null;
  readonly attempts: number;
  readonly callbacks: readonly ReportExitCallback[];
  /** The IOMMU driver's last-resort cleanup, or `null`. */
  readonly cleanup: { readonly line: number; readonly unmapped: number } | null;
  /** Where the IOMMU stopped translating, or `null`. */
  readonly translationOffLine: number | null;
}

export interface ReportExitCallback {
  /** What it printed; the name of its image where the tracer tells. */
  readonly name: string;
  readonly context: string | null;
  readonly line: number;
  /** Where it returned; `null` where no tracer tells. */
  readonly endLine: number | null;
  /** `before`: BeforeExitBootServices. `signalled`: queued by another callback. `null` where no tracer tells. */
  readonly group: 'before' | 'exit' | 'signalled' | null;
}

/** A driver that was loaded to write down each call, and what it told of itself. */
export interface ReportTracer {
  /** Its first line. */
  readonly line: number;
  /** Version of its format. */
  readonly format: number;
  /** Whether its own list of what is live at hand-off is in the log, so that all could be checked against it. */
  readonly checked: boolean;
  /** Records that are missing from the log, by their numbers. */
  readonly missingRecords: number;
  /** How often something did not fit into its tables. */
  readonly lost: number;
  /** Contradictions between its counts and what the log shows. */
  readonly disagreements: number;
  /** Devices that had a driver before it was loaded: what that had mapped is unknown. */
  readonly boundBefore: readonly {
    /** `bb:dd.f`. */
    readonly device: string;
    readonly driver: string;
    readonly line: number;
    /** Whether the tracer had the driver restarted. */
    readonly restarted: boolean;
  }[];
}

export interface ReportBuffer {
  readonly id: number;
  readonly host: string;
  readonly pages: number | null;
  /** `EFI_MEMORY_TYPE`. */
  readonly memoryType: number | null;
  readonly calledLine: number | null;
  readonly allocatedLine: number;
  readonly freedLine: number | null;
  readonly freedIn: Phase | null;
  /** Whether that it was this buffer is inferred: the line of FreeBuffer() does not tell. */
  readonly freeInferred: boolean;
}

export interface ReportMapping {
  readonly id: number;
  readonly handle: string | null;
  /** Handles recur: 1 for the first mapping with this handle in the boot. */
  readonly generation: number;
  readonly operation: Operation | null;
  readonly host: string;
  readonly device: string;
  /** Bytes that the driver asked for. */
  readonly bytes: number | null;
  /** `id` of the allocation that a CommonBuffer lies in. */
  readonly buffer: number | null;
  readonly owner: ReportOwner | null;
  /** The PCI function that it was mapped for, where the log names it. */
  readonly pci: ReportPci | null;
  /** Line where `Map()` was entered. */
  readonly calledLine: number | null;
  /** Line that gives its result. */
  readonly mappedLine: number;
  /** In seconds on the axis that `input.prefix` tells; `null` where the lines carry no time. */
  readonly mappedTime: number | null;
  readonly unmappedLine: number | null;
  readonly unmappedTime: number | null;
  readonly unmappedBy: RemovedBy | null;
  readonly liveAtHandoff: boolean;
  /** Further lines that belong to it, in ascending order: attributes, bounce buffer. */
  readonly otherLines: readonly number[];
}

export interface ReportOwner {
  /** Base name of the driver's INF; `null` where only the device is known. */
  readonly name: string | null;
  /** PCI address `bb:dd.f`. */
  readonly device: string | null;
  readonly evidence: string;
  readonly evidenceLine: number;
  /** Whether the log proves it. */
  readonly certain: boolean;
}

export interface ReportPci {
  /** `bb:dd.f`, with a segment other than 0 `ssss:bb:dd.f`. */
  readonly address: string;
  readonly evidence: string;
  readonly evidenceLine: number;
  readonly certain: boolean;
}

export interface ReportFailedMap {
  readonly operation: Operation | null;
  readonly host: string;
  readonly bytes: number;
  readonly calledLine: number;
  /** The error status, where the log shows it. */
  readonly status: string | null;
}

export const SEVERITIES = ['error', 'warning', 'information'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface ReportFinding {
  readonly rule: string;
  readonly severity: Severity;
  /** `false`: rests on the inferred part of the exit window, on an inferred owner, or on a log that lost lines. */
  readonly certain: boolean;
  readonly line: number;
  readonly message: string;
  readonly mapping: number | null;
  readonly buffer: number | null;
  readonly related: readonly { readonly line: number; readonly message: string }[];
}

export interface ReportSummary {
  /** Lines of DMA calls, whatever became of them: 0 if the log shows none. */
  readonly calls: number;
  readonly maps: number;
  readonly unmaps: number;
  readonly allocations: number;
  readonly frees: number;
  readonly liveAtHandoff: number;
  readonly peakLive: number;
  readonly peakLiveBytes: number;
  readonly errors: number;
  readonly warnings: number;
  readonly information: number;
}
