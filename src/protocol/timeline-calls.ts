import type { LineFacts, TimelineBars, TimelineMatches, TimelineOutline, TimelineUnderlays } from '../core/index.ts';
import type { Call } from './rpc.ts';

/**
 * The timeline of one boot (`boot`: 0-based place in the report's `traces`). It is laid out in the worker when it is opened, kept
 * there until the analysis is forgotten, and read in pieces whose buffers move to the caller.
 */
export interface TimelineCalls {
  readonly openTimeline: Call<BootPlace, OpenedTimeline>;
  readonly readTimelineBars: Call<BootPlace & Piece, TimelineBars>;
  readonly readTimelineUnderlays: Call<BootPlace & Piece, TimelineUnderlays>;
  readonly searchTimeline: Call<BootPlace & { readonly query: string }, TimelineMatches>;
  /** The facts that the hover on its lines tells; empty: there is no such mapping. */
  readonly describeMapping: Call<BootPlace & { readonly mapping: number }, readonly LineFacts[]>;
}

export interface BootPlace {
  readonly analysis: number;
  readonly boot: number;
}

export interface Piece {
  readonly from: number;
  readonly to: number;
}

export interface OpenedTimeline {
  /** The boot's first step as the replay numbers it, through all boots. */
  readonly firstStep: number;
  readonly outline: TimelineOutline;
  readonly rowBars: Uint32Array;
  readonly rowUnderlays: Uint32Array;
}
