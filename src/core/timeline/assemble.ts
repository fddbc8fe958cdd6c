import type { Timeline, TimelineBars, TimelineOutline, TimelineUnderlays } from './timeline.ts';

/** Puts a timeline together from the pieces in which it is sent. */
export interface TimelineAssembler {
  /** Entries from `from` on; in any order of pieces. */
  addBars(from: number, piece: TimelineBars): void;
  addUnderlays(from: number, piece: TimelineUnderlays): void;
  /** Share of the entries that are there, from 0 to 1. */
  readonly progress: number;
  /** `null`: pieces are missing. */
  finish(): Timeline | null;
}

export interface TimelineFrame {
  readonly outline: TimelineOutline;
  readonly rowBars: Uint32Array;
  readonly rowUnderlays: Uint32Array;
}

export function createTimelineAssembler({ outline, rowBars, rowUnderlays }: TimelineFrame): TimelineAssembler {
  const { barCount, underlayCount } = outline;
  const hasTime = outline.first.seconds !== null;
  const underlays = createUnderlays(underlayCount, hasTime);
  const bars: TimelineBars = {
    ...createUnderlays(barCount, hasTime),
    bytes: new Float64Array(barCount),
    flags: new Uint16Array(barCount),
  };
  let received = 0;

  function addPlaces(to: TimelineUnderlays, from: number, piece: TimelineUnderlays): void {
    to.ids.set(piece.ids, from);
    to.startSteps.set(piece.startSteps, from);
    to.endSteps.set(piece.endSteps, from);
    to.startLines.set(piece.startLines, from);
    to.endLines.set(piece.endLines, from);
    if (piece.startSeconds) to.startSeconds?.set(piece.startSeconds, from);
    if (piece.endSeconds) to.endSeconds?.set(piece.endSeconds, from);
    received += piece.ids.length;
  }

  return {
    addBars(from, piece) {
      addPlaces(bars, from, piece);
      bars.bytes.set(piece.bytes, from);
      bars.flags.set(piece.flags, from);
    },
    addUnderlays: (from, piece) => addPlaces(underlays, from, piece),
    get progress() {
      const all = barCount + underlayCount;
      return all === 0 ? 1 : received / all;
    },
    finish: () => (received < barCount + underlayCount ? null : { outline, bars, rowBars, underlays, rowUnderlays }),
  };
}

function createUnderlays(count: number, hasTime: boolean): TimelineUnderlays {
  return {
    ids: new Uint32Array(count),
    startSteps: new Uint32Array(count),
    endSteps: new Uint32Array(count),
    startLines: new Uint32Array(count),
    endLines: new Uint32Array(count),
    startSeconds: hasTime ? new Float64Array(count) : null,
    endSeconds: hasTime ? new Float64Array(count) : null,
  };
}
