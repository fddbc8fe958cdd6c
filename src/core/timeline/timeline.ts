import type { Severity } from '../model/report.ts';

/**
 * The timeline of one boot as numbers: lanes, rows inside them, and in each row bars that do not overlap. It is laid out where the
 * report is, sent in pieces, and drawn elsewhere; nothing in here knows how a bar looks.
 */

/** What the x axis counts. `order`: steps of the boot, from 0. `line`: 1-based lines of the log. `time`: seconds, where the log has them. */
export const TIMELINE_AXES = ['order', 'line', 'time'] as const;
export type TimelineAxis = (typeof TIMELINE_AXES)[number];

/** One moment on all three axes. */
export interface TimelinePlace {
  readonly step: number;
  readonly line: number;
  /** `null`: the log carries no time. */
  readonly seconds: number | null;
}

export interface TimelineOutline {
  readonly stepCount: number;
  readonly first: TimelinePlace;
  readonly last: TimelinePlace;
  readonly barCount: number;
  readonly underlayCount: number;
  readonly rowCount: number;
  /** From top to bottom: those with bars that cross hand-off first. */
  readonly lanes: readonly TimelineLane[];
  /** `null`: ExitBootServices is not in the log. */
  readonly exit: { readonly begin: TimelinePlace; readonly marker: TimelinePlace; readonly inferred: boolean } | null;
  readonly handoff: TimelinePlace | null;
  /** In the order of their places. */
  readonly marks: readonly TimelineMark[];
  readonly strips: readonly TimelineStrip[];
  readonly figures: TimelineFigures;
  /** Rules with a finding about a mapping. */
  readonly rules: readonly string[];
  /** For the minimap, one a `TimelineAxis` that the log has. */
  readonly overviews: readonly TimelineOverview[];
  /** To get from one axis to another. */
  readonly samples: TimelineSamples;
}

/** Steps that stand evenly over the boot, the first and the last among them, with their lines and times. */
export interface TimelineSamples {
  readonly steps: Uint32Array;
  readonly lines: Uint32Array;
  readonly seconds: Float64Array | null;
}

/** The numbers that the report's summary tells, too. */
export interface TimelineFigures {
  readonly mappings: number;
  readonly peakLive: number;
  readonly peakLiveBytes: number;
  readonly liveAtHandoff: number;
  readonly liveBytesAtHandoff: number;
}

export interface TimelineLane {
  readonly title: string;
  /** Base name of the driver's INF; `null`: unknown. */
  readonly owner: string | null;
  /** PCI address, or `null`. */
  readonly device: string | null;
  /** Whether the log proves the owner of all its bars. */
  readonly certain: boolean;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly mappingCount: number;
  readonly crossingCount: number;
  readonly crossingBytes: number;
  /** Place in `strips`, or `null`. */
  readonly strip: number | null;
}

/** Something at one moment. */
export interface TimelineMark {
  readonly kind: 'exit-callback' | 'cleanup' | 'exit-proved' | 'handoff' | 'translation-on' | 'translation-off';
  readonly place: TimelinePlace;
  readonly label: string;
}

/** What is known of a device over time. */
export interface TimelineStrip {
  readonly title: string;
  readonly pci: string | null;
  readonly name: string | null;
  /** Each lasts until the next one begins. */
  readonly segments: readonly TimelineDeviceState[];
}

export interface TimelineDeviceState {
  readonly from: TimelinePlace;
  /** Bus Master Enable. */
  readonly busMaster: boolean | null;
  readonly running: boolean | null;
}

/** The whole of the axis, as `extentOf` tells it, cut into equal pieces, and the most that was live in each. */
export interface TimelineOverview {
  readonly axis: TimelineAxis;
  readonly live: Uint32Array;
  readonly liveBytes: Float64Array;
}

/**
 * Bars ordered by row, then by start: the life of each mapping from Map() to Unmap(). A bar without an end has the place behind the
 * last step: `endSteps` is then `stepCount`, and line and time are the last.
 */
export interface TimelineBars {
  /** Mapping's `id` in the report. */
  readonly ids: Uint32Array;
  readonly startSteps: Uint32Array;
  readonly endSteps: Uint32Array;
  readonly startLines: Uint32Array;
  readonly endLines: Uint32Array;
  readonly startSeconds: Float64Array | null;
  readonly endSeconds: Float64Array | null;
  /** Bytes of host memory. */
  readonly bytes: Float64Array;
  /** See `bar-flags.ts`. */
  readonly flags: Uint16Array;
}

/** Buffers behind the bars, from AllocateBuffer() to FreeBuffer(), ordered like bars. */
export interface TimelineUnderlays {
  /** Buffer's `id` in the report. */
  readonly ids: Uint32Array;
  readonly startSteps: Uint32Array;
  readonly endSteps: Uint32Array;
  readonly startLines: Uint32Array;
  readonly endLines: Uint32Array;
  readonly startSeconds: Float64Array | null;
  readonly endSeconds: Float64Array | null;
}

/** A timeline that is all there. */
export interface Timeline {
  readonly outline: TimelineOutline;
  readonly bars: TimelineBars;
  /** Of each row its first bar, and at the end the number of bars. */
  readonly rowBars: Uint32Array;
  readonly underlays: TimelineUnderlays;
  readonly rowUnderlays: Uint32Array;
}

/** Bars that a search found, by their place in `TimelineBars`, ascending. */
export interface TimelineMatches {
  readonly bars: Uint32Array;
  /** What the query was understood to mean, or why it was not understood: a sentence for the user. */
  readonly message: string;
  readonly understood: boolean;
}

export type BarSeverity = Severity | null;
