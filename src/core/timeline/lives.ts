import type { Journal } from '../journal/journal.ts';
import { kindNumber } from '../journal/journal.ts';
import type { ReportTrace } from '../model/report.ts';
import type { TimelineFigures, TimelinePlace } from './timeline.ts';
import { createByteCounter } from './byte-counter.ts';

/** From which step to which each mapping and buffer of a boot lives, by its id; nobody has the id 0. */
export interface Lives {
  readonly mappings: Spans;
  readonly buffers: Spans;
  /** By the id of a mapping: 1 where the log lost its end. */
  readonly lost: Uint8Array;
  /** `null`: the log does not show hand-off. */
  readonly handoffStep: number | null;
  readonly figures: TimelineFigures;
}

export interface Spans {
  /** Ids in the order of their starts. */
  readonly order: Uint32Array;
  /** `NEVER` for what does not begin. */
  readonly starts: Uint32Array;
  /** `stepCount` for what does not end. */
  readonly ends: Uint32Array;
}

const NEVER = 0xffff_ffff;

/** What is live behind a step that changed it. */
export type LiveChange = (step: number, live: number, liveBytes: number) => void;

const MAPPED = kindNumber('mapped');
const LOST = kindNumber('mapping-lost');
const UNMAPPED = kindNumber('unmapped');
const ALLOCATED = kindNumber('allocated');
const FREED = kindNumber('freed');
const BUFFER_LOST = kindNumber('buffer-lost');
const HANDOFF = kindNumber('handoff');

/** Reads the journal once; `changed` is told of each step at which a mapping comes or goes. */
export function readLives(trace: ReportTrace, journal: Journal, changed: LiveChange): Lives {
  const { stepCount, kinds, subjects, heldBytes } = journal;
  const mappings = createSpans(largestId(trace.mappings), stepCount);
  const buffers = createSpans(largestId(trace.buffers), stepCount);
  const lost = new Uint8Array(mappings.ends.length);
  const held = createByteCounter();
  let live = 0;
  let peakLive = 0;
  let peakLiveBytes = 0;
  let handoff: { readonly step: number; readonly live: number; readonly liveBytes: number } | null = null;

  function tell(step: number): void {
    const liveBytes = held.bytes;
    if (live > peakLive) peakLive = live;
    if (liveBytes > peakLiveBytes) peakLiveBytes = liveBytes;
    changed(step, live, liveBytes);
  }

  for (let step = 0; step < stepCount; step++) {
    const kind = kinds[step];
    const id = subjects[step] ?? 0;
    if (kind === MAPPED) {
      mappings.begin(id, step);
      live++;
      held.add(heldBytes[id] ?? 0);
      tell(step);
    } else if (kind === UNMAPPED || kind === LOST) {
      if (kind === LOST && id < lost.length) lost[id] = 1;
      mappings.end(id, step);
      live--;
      held.remove(heldBytes[id] ?? 0);
      tell(step);
    } else if (kind === ALLOCATED) buffers.begin(id, step);
    else if (kind === FREED || kind === BUFFER_LOST) buffers.end(id, step);
    else if (kind === HANDOFF) handoff = { step, live, liveBytes: held.bytes };
  }

  return {
    mappings: mappings.finish(),
    buffers: buffers.finish(),
    lost,
    handoffStep: handoff?.step ?? null,
    figures: {
      mappings: mappings.count,
      peakLive,
      peakLiveBytes,
      liveAtHandoff: handoff?.live ?? 0,
      liveBytesAtHandoff: handoff?.liveBytes ?? 0,
    },
  };
}

/** A step on all axes; `stepCount`, behind the last one, has line and time of the last. */
export function placeOfStep({ lines, seconds, stepCount }: Journal, step: number): TimelinePlace {
  const nearest = Math.min(step, stepCount - 1);
  return { step, line: lines[nearest] ?? 1, seconds: seconds && (seconds[nearest] ?? 0) };
}

interface SpansWriter {
  begin(id: number, step: number): void;
  end(id: number, step: number): void;
  finish(): Spans;
  readonly ends: Uint32Array;
  readonly count: number;
}

function createSpans(largest: number, stepCount: number): SpansWriter {
  const starts = new Uint32Array(largest + 1).fill(NEVER);
  const ends = new Uint32Array(largest + 1).fill(stepCount);
  const order = new Uint32Array(largest);
  let count = 0;
  return {
    begin(id, step) {
      if (starts[id] !== NEVER) return;
      order[count++] = id;
      starts[id] = step;
    },
    end(id, step) {
      if (ends[id] === stepCount) ends[id] = step;
    },
    finish: () => ({ order: order.subarray(0, count), starts, ends }),
    ends,
    get count() {
      return count;
    },
  };
}

function largestId(items: readonly { readonly id: number }[]): number {
  // An iterator would make an object for each of them.
  return items.reduce((largest, { id }) => (id > largest ? id : largest), 0);
}
