import { CROSSES_HANDOFF, toBarFlags } from '../../../../src/core/timeline/bar-flags.ts';
import type { SceneView } from '../../../../src/core/timeline/scene.ts';
import { DEFAULT_METRICS } from '../../../../src/core/timeline/scene.ts';
import type { Timeline, TimelineAxis, TimelineLane, TimelinePlace } from '../../../../src/core/index.ts';

export interface Span {
  readonly from: number;
  /** `null`: it does not end, and crosses hand-off. */
  readonly to: number | null;
}

/** A timeline of rows that hold the given bars; each row is a lane, or all of them are one. */
export function timelineOf(
  rows: readonly (readonly Span[])[],
  stepCount: number,
  lanes: 'one' | 'each' = 'one',
): Timeline {
  const spans = rows.flat();
  const startSteps = Uint32Array.from(spans, ({ from }) => from);
  const endSteps = Uint32Array.from(spans, ({ to }) => to ?? stepCount);
  const rowBars = new Uint32Array(rows.length + 1);
  rows.forEach((row, index) => (rowBars[index + 1] = rowBars[index]! + row.length));
  const flags = toBarFlags({
    operation: 'Write',
    removedBy: null,
    crossesHandoff: false,
    lost: false,
    severity: null,
    ownerCertain: true,
  });
  const none = new Uint32Array(0);
  return {
    outline: {
      stepCount,
      first: placeOf(0),
      last: placeOf(stepCount - 1),
      barCount: spans.length,
      underlayCount: 0,
      rowCount: rows.length,
      lanes:
        lanes === 'one'
          ? [laneOf('All', 0, rows.length, spans)]
          : rows.map((row, index) => laneOf(`Lane ${index}`, index, 1, row)),
      exit: null,
      handoff: placeOf(stepCount - 1),
      marks: [],
      strips: [],
      figures: { mappings: spans.length, peakLive: 0, peakLiveBytes: 0, liveAtHandoff: 0, liveBytesAtHandoff: 0 },
      rules: [],
      overviews: [],
      samples: { steps: none, lines: none, seconds: null },
    },
    bars: {
      ids: Uint32Array.from(spans, (_, bar) => bar + 1),
      startSteps,
      endSteps,
      startLines: startSteps.map((step) => step + 1),
      endLines: endSteps.map((step) => Math.min(step, stepCount - 1) + 1),
      startSeconds: null,
      endSeconds: null,
      bytes: new Float64Array(spans.length).fill(4096),
      flags: Uint16Array.from(spans, ({ to }) => (to === null ? flags | CROSSES_HANDOFF : flags)),
    },
    rowBars,
    underlays: {
      ids: none,
      startSteps: none,
      endSteps: none,
      startLines: none,
      endLines: none,
      startSeconds: null,
      endSeconds: null,
    },
    rowUnderlays: new Uint32Array(rows.length + 1),
  };
}

/** Step and line go hand in hand. */
function placeOf(step: number): TimelinePlace {
  return { step, line: step + 1, seconds: null };
}

function laneOf(title: string, firstRow: number, rowCount: number, spans: readonly Span[]): TimelineLane {
  return {
    title,
    owner: title,
    device: null,
    certain: true,
    firstRow,
    rowCount,
    mappingCount: spans.length,
    crossingCount: spans.filter(({ to }) => to === null).length,
    crossingBytes: 0,
    strip: null,
  };
}

export function viewOf(axis: TimelineAxis, from: number, to: number, more: Partial<SceneView> = {}): SceneView {
  return {
    axis,
    from,
    to,
    width: 1000,
    height: 600,
    scrollTop: 0,
    metrics: DEFAULT_METRICS,
    collapsed: new Set(),
    matches: null,
    matchesOnly: false,
    selectedBar: null,
    cursor: null,
    editor: null,
    ...more,
  };
}
