import type {
  ReplayMoment,
  TimelineAxis,
  TimelineBars,
  TimelineMatches,
  TimelineOutline,
  TimelineUnderlays,
} from '../core/index.ts';
import type { Story } from './story.ts';
import type { TimelineView } from './timeline-state.ts';

/**
 * Messages between the extension host and the webview of a timeline. A `load` counts how often the data came anew: what belongs to
 * an earlier one is thrown away.
 */

/** From the extension host to the webview. */
export type ToTimeline =
  | { readonly kind: 'waiting'; readonly log: string; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | OpenTimeline
  | { readonly kind: 'bars'; readonly load: number; readonly from: number; readonly bars: TimelineBars }
  | { readonly kind: 'underlays'; readonly load: number; readonly from: number; readonly underlays: TimelineUnderlays }
  | { readonly kind: 'matches'; readonly load: number; readonly query: string; readonly matches: TimelineMatches }
  | { readonly kind: 'stories'; readonly load: number; readonly mapping: number; readonly stories: readonly Story[] }
  | { readonly kind: 'rows'; readonly load: number; readonly rows: readonly MappingRow[] }
  /** 1-based line of the editor's cursor; `null`: the log is in no editor. */
  | { readonly kind: 'editor-line'; readonly line: number | null }
  /** `step`: numbered through all boots of the log; `null`: nobody replays it. */
  | { readonly kind: 'cursor'; readonly step: number | null; readonly moment: ReplayMoment | null }
  /** The view that a link asks for. */
  | { readonly kind: 'show'; readonly view: TimelineView }
  | { readonly kind: 'told'; readonly text: string };

/** The timeline of a boot; its bars and underlays follow in pieces. */
export interface OpenTimeline {
  readonly kind: 'open';
  readonly load: number;
  /** Address of the log, and its name for people. */
  readonly log: string;
  readonly name: string;
  readonly boot: number;
  readonly boots: readonly string[];
  /** The boot's first step as the replay numbers it. */
  readonly firstStep: number;
  readonly outline: TimelineOutline;
  readonly rowBars: Uint32Array;
  readonly rowUnderlays: Uint32Array;
  /** What to show first; `null`: the whole trace, or what was shown before. */
  readonly view: TimelineView | null;
}

/** What the columns of a bar do not tell. */
export interface MappingRow {
  readonly mapping: number;
  readonly handle: string | null;
  /** How many mappings had this handle so far. */
  readonly generation: number;
  readonly device: string;
  readonly host: string;
}

/** From the webview to the extension host. */
export type FromTimeline =
  | { readonly kind: 'ready' }
  | { readonly kind: 'choose-boot'; readonly boot: number }
  | { readonly kind: 'search'; readonly load: number; readonly query: string }
  | { readonly kind: 'tell-mapping'; readonly load: number; readonly mapping: number }
  | { readonly kind: 'tell-rows'; readonly load: number; readonly mappings: readonly number[] }
  | { readonly kind: 'reveal-line'; readonly line: number }
  | { readonly kind: 'move-cursor'; readonly step: number }
  | { readonly kind: 'debug' }
  | { readonly kind: 'copy-link'; readonly view: TimelineView }
  | { readonly kind: 'export'; readonly format: 'svg'; readonly text: string }
  | { readonly kind: 'export'; readonly format: 'png'; readonly bytes: ArrayBuffer };

/** At so many bars a message: small enough that neither side is busy for longer than a frame. */
export const PIECE_BARS = 1 << 16;

/** So many rows of the table are asked for at once. */
export const MOST_ROWS = 200;

const NAMES: Readonly<Record<FromTimeline['kind'], true>> = {
  ready: true,
  'choose-boot': true,
  search: true,
  'tell-mapping': true,
  'tell-rows': true,
  'reveal-line': true,
  'move-cursor': true,
  debug: true,
  'copy-link': true,
  export: true,
};

/** The webview is our own, and shut off from the rest; what it posts is looked at all the same, as far as kinds go. */
export function isFromTimeline(message: unknown): message is FromTimeline {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return typeof message.kind === 'string' && Object.hasOwn(NAMES, message.kind);
}

export const AXIS_NAMES: Readonly<Record<TimelineAxis, string>> = {
  order: 'Order of events',
  line: 'Line of the log',
  time: 'Time',
};
