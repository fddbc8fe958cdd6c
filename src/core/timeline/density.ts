import { barColumns } from './axis.ts';
import { at, floatAt, gallopTo } from './numbers.ts';
import type { Projection } from './projection.ts';
import { DENSITY_LEVELS } from './scene.ts';
import type { Timeline, TimelineAxis } from './timeline.ts';

/** How many mappings of a lane are live along an axis: what a collapsed lane shows. */
export interface LaneDensity {
  /** One piece for each pixel, neighbours that are alike together. O(pixels), whatever the number of mappings. */
  paint(projection: Projection, piece: (left: number, right: number, level: number) => void): void;
}

/** Makes the density of a lane when it is asked for first, in O(n log n), and keeps it. */
export function createDensities(timeline: Timeline): (lane: number, axis: TimelineAxis) => LaneDensity {
  const known = new Map<string, LaneDensity>();
  return (lane, axis) => {
    const key = `${lane} ${axis}`;
    const density = known.get(key) ?? measure(timeline, lane, axis);
    known.set(key, density);
    return density;
  };
}

function measure(timeline: Timeline, laneIndex: number, axis: TimelineAxis): LaneDensity {
  const { outline, rowBars, bars } = timeline;
  const lane = outline.lanes[laneIndex];
  const from = at(rowBars, lane?.firstRow ?? 0);
  const to = at(rowBars, (lane?.firstRow ?? 0) + (lane?.rowCount ?? 0));
  const columns = barColumns(timeline, axis);
  const starts = Float64Array.from(columns.starts.subarray(from, to)).sort();
  const ends = Float64Array.from(columns.ends.subarray(from, to));
  for (let bar = from; bar < to; bar++) if (at(bars.endSteps, bar) >= outline.stepCount) ends[bar - from] = Infinity;
  ends.sort();
  const peak = peakOf(starts, ends);

  return {
    paint(projection, piece) {
      const { from: left, scale, width, extentTo } = projection;
      let started = 0;
      let ended = 0;
      let liveBefore = 0;
      let runLeft = 0;
      let runLevel = 0;
      for (let pixel = 0; pixel <= width; pixel++) {
        const end = left + (pixel + 1) / scale;
        const startedBefore = started;
        started = gallopTo(starts, end, started, starts.length);
        ended = gallopTo(ends, end, ended, ends.length);
        const live = started - ended;
        // What comes and goes within a pixel was there.
        const most = Math.max(live, liveBefore, pixel > 0 && started > startedBefore ? 1 : 0);
        liveBefore = live;
        const level = end > extentTo + 1 / scale ? 0 : Math.ceil((most / peak) * DENSITY_LEVELS);
        if (level === runLevel) continue;
        if (runLevel > 0) piece(runLeft, pixel, Math.min(runLevel, DENSITY_LEVELS));
        runLeft = pixel;
        runLevel = level;
      }
      if (runLevel > 0) piece(runLeft, width + 1, Math.min(runLevel, DENSITY_LEVELS));
    },
  };
}

/** The most that is live at once; at least 1. */
function peakOf(starts: Float64Array, ends: Float64Array): number {
  let peak = 1;
  let ended = 0;
  starts.forEach((start, index) => {
    while (ended < ends.length && floatAt(ends, ended) <= start) ended++;
    peak = Math.max(peak, index + 1 - ended);
  });
  return peak;
}
