import { createTimeline, describeSubject, searchTimeline } from '../core/index.ts';
import type { ReportTrace, Timeline, TimelineBars, TimelineUnderlays } from '../core/index.ts';
import { succeeded, type Outcome } from '../protocol/outcome.ts';
import type { Handlers } from '../protocol/rpc.ts';
import type { BootPlace, TimelineCalls } from '../protocol/timeline-calls.ts';
import { NOT_AT_HAND, type FindFinished, type Finished } from './finished.ts';

/** Lays out boots and hands the timelines over; each is kept as long as its analysis. */
export function serveTimeline(find: FindFinished): Handlers<TimelineCalls> {
  /** By boot. What is forgotten is nobody's key any more. */
  const timelines = new WeakMap<Finished, Map<number, Timeline>>();

  function withBoot<Result>(
    { analysis, boot }: BootPlace,
    answer: (timeline: Timeline, trace: ReportTrace, finished: Finished) => Outcome<Result>,
  ): Outcome<Result> {
    const finished = find(analysis);
    const trace = finished?.report.traces[boot];
    const journal = finished?.journals[boot];
    if (finished === undefined || trace === undefined || journal === undefined) return NOT_AT_HAND;
    const laidOut = timelines.get(finished) ?? new Map<number, Timeline>();
    timelines.set(finished, laidOut);
    const timeline = laidOut.get(boot) ?? createTimeline(trace, journal);
    laidOut.set(boot, timeline);
    return answer(timeline, trace, finished);
  }

  return {
    openTimeline: (place) =>
      withBoot(place, ({ outline, rowBars, rowUnderlays }, _trace, { journals }) =>
        succeeded({
          firstStep: journals.slice(0, place.boot).reduce((steps, { stepCount }) => steps + stepCount, 0),
          outline,
          rowBars,
          rowUnderlays,
        }),
      ),
    readTimelineBars: (place) =>
      withBoot(place, ({ bars }) => {
        const piece = sliceBars(bars, place.from, place.to);
        return succeeded(piece, buffersOf(piece));
      }),
    readTimelineUnderlays: (place) =>
      withBoot(place, ({ underlays }) => {
        const piece = sliceUnderlays(underlays, place.from, place.to);
        return succeeded(piece, buffersOf(piece));
      }),
    searchTimeline: (place) =>
      withBoot(place, (timeline, trace) => {
        const matches = searchTimeline(trace, timeline, place.query);
        return succeeded(matches, buffersOf(matches));
      }),
    describeMapping: (place) =>
      withBoot(place, (_timeline, trace) => {
        const mapping = trace.mappings.find(({ id }) => id === place.mapping);
        return succeeded(mapping ? [describeSubject({ kind: 'mapping', trace, mapping, role: 'mapped' })] : []);
      }),
  };
}

function sliceUnderlays(table: TimelineUnderlays, from: number, to: number): TimelineUnderlays {
  return {
    ids: table.ids.slice(from, to),
    startSteps: table.startSteps.slice(from, to),
    endSteps: table.endSteps.slice(from, to),
    startLines: table.startLines.slice(from, to),
    endLines: table.endLines.slice(from, to),
    startSeconds: table.startSeconds?.slice(from, to) ?? null,
    endSeconds: table.endSeconds?.slice(from, to) ?? null,
  };
}

function sliceBars(table: TimelineBars, from: number, to: number): TimelineBars {
  return {
    ...sliceUnderlays(table, from, to),
    bytes: table.bytes.slice(from, to),
    flags: table.flags.slice(from, to),
  };
}

/** What moves to the caller instead of being copied: all of it was made for this answer. */
function buffersOf(piece: object): ArrayBuffer[] {
  return Object.values(piece).flatMap((column: unknown) =>
    ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
}
