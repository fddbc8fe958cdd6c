import type { TimelineAxis, TimelinePlace } from './timeline.ts';

/**
 * What is drawn of a timeline: rectangles, lines and texts in CSS pixels, without colours and fonts. From top to bottom a scene has
 * the ruler (ticks), the band of marks, and the lanes, which scroll. `createSceneBuilder` makes it.
 */
export interface Scene {
  /** In the order in which they are painted: a later one covers an earlier one. */
  readonly rects: SceneRects;
  /** Over the rectangles. */
  readonly lines: readonly SceneLine[];
  /** Over the lines. */
  readonly texts: readonly SceneText[];
  /** Height of all lanes together, for the scroll bar: `scrollTop` goes from 0 to this − (height − top). */
  readonly lanesHeight: number;
  /** Where the lanes begin: below ruler and marks. */
  readonly top: number;
}

/**
 * Columns of numbers; only the first `count` entries count. They are written anew by the next scene.
 * A rectangle may reach over the edges of the view by a pixel.
 */
export interface SceneRects {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: Float32Array;
  readonly height: Float32Array;
  /** Place in `SCENE_STYLES`. */
  readonly styles: Uint8Array;
  /** Sum of `TRAITS`. */
  readonly traits: Uint8Array;
  /** How much of it there is, from 1 to `DENSITY_LEVELS`; 0 for a style that has no levels. */
  readonly levels: Uint8Array;
  /** Place in `TimelineBars`; −1 for what is no single bar. */
  readonly bars: Int32Array;
}

/** What a rectangle means. */
export const SCENE_STYLES = [
  /** Between the inferred begin of ExitBootServices and the first line that proves it. */
  'exit-inferred',
  /** From there to hand-off. */
  'exit-certain',
  /** Behind hand-off: the operating system's. */
  'after-handoff',
  'lane-header',
  /** A buffer, from AllocateBuffer() to FreeBuffer(), behind the bars of its row. */
  'underlay',
  'common-buffer',
  'read',
  'write',
  'unknown-operation',
  /** Several bars that are too close to be told apart. */
  'dense',
  /** A collapsed lane: how many of its mappings are live there. Has levels. */
  'density',
  /** The part of a bar behind hand-off. */
  'crossing',
  'device-running',
  'device-stopped',
  /** Stopped by Bus Master Enable. */
  'bus-master-off',
  /** Bus Master Enable is on; whether the device runs is not known. */
  'bus-master-on',
  'device-unknown',
] as const;
export type SceneStyle = (typeof SCENE_STYLES)[number];

/** What else a rectangle shows; bits of `SceneRects.traits`. */
export const TRAITS = {
  /** Not found by the search that is on. */
  dimmed: 1,
  /** Found by the search that is on. */
  match: 2,
  selected: 4,
  /** A bar that crosses hand-off; all of it, not only the part behind. */
  crosses: 8,
  /** It, or one of several bars, has a finding of this severity. */
  error: 16,
  warning: 32,
  /** Where it ends, the log lost its end. */
  lost: 64,
  /** Whose mapping it is, is inferred or not known. */
  inferredOwner: 128,
} as const;

export const DENSITY_LEVELS = 8;

/** A line from one edge of its band to the other; vertical. */
export interface SceneLine {
  readonly kind:
    | 'tick'
    | 'exit-callback'
    | 'cleanup'
    | 'exit-proved'
    | 'translation-on'
    | 'translation-off'
    | 'exit-begin'
    | 'handoff'
    | 'editor'
    | 'cursor';
  readonly x: number;
  readonly fromY: number;
  readonly toY: number;
  /** Place in `TimelineOutline.marks`; −1 for what is no mark. */
  readonly mark: number;
}

/** One line of text, already cut to what fits. Text that stems from the log: paint it, never parse it. */
export interface SceneText {
  readonly kind: 'tick' | 'mark' | 'lane-title' | 'lane-count' | 'lane-crossing' | 'strip' | 'bar';
  readonly text: string;
  /** Left edge, or the middle of a tick, or the right edge of a count. */
  readonly x: number;
  /** Vertical middle. */
  readonly y: number;
  readonly align: 'left' | 'center' | 'right';
  /** Lane, mark or bar, by its place in the timeline; −1 for a tick. */
  readonly subject: number;
  /** As in `SceneRects.traits`. */
  readonly traits: number;
}

/** What is looked at, and how. All lengths in CSS pixels. */
export interface SceneView {
  readonly axis: TimelineAxis;
  /** At the left edge, in units of the axis. */
  readonly from: number;
  /** At the right edge; greater than `from`. */
  readonly to: number;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly metrics: SceneMetrics;
  /** Places of lanes in `TimelineOutline.lanes`. */
  readonly collapsed: ReadonlySet<number>;
  /** `TimelineMatches.bars` of the search that is on; `null`: none is. */
  readonly matches: Uint32Array | null;
  /** Whether bars that do not match are left out instead of dimmed. */
  readonly matchesOnly: boolean;
  readonly selectedBar: number | null;
  /** Where the replay stands. */
  readonly cursor: TimelinePlace | null;
  /** Where the cursor of the editor stands. */
  readonly editor: TimelinePlace | null;
}

export interface SceneMetrics {
  readonly rulerHeight: number;
  readonly marksHeight: number;
  readonly laneHeaderHeight: number;
  readonly stripHeight: number;
  readonly rowHeight: number;
  /** Average width of a character: what decides whether a text fits. */
  readonly charWidth: number;
}

export const DEFAULT_METRICS: SceneMetrics = {
  rulerHeight: 22,
  marksHeight: 20,
  laneHeaderHeight: 24,
  stripHeight: 8,
  rowHeight: 16,
  charWidth: 6.6,
};

/** The number of a style in `SceneRects.styles`. */
export function styleNumber(style: SceneStyle): number {
  return SCENE_STYLES.indexOf(style);
}
