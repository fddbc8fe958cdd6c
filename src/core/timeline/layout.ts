import type { Journal } from '../journal/journal.ts';
import type { ReportTrace } from '../model/report.ts';
import type { Timeline, TimelineOutline } from './timeline.ts';
import type { OverviewWriter } from './overview.ts';
import { axesOf } from './axis.ts';
import { writeBars, writeUnderlays } from './columns.ts';
import { readFacts } from './facts.ts';
import { arrangeLanes } from './lanes.ts';
import { placeOfStep, readLives } from './lives.ts';
import { readLandmarks } from './marks.ts';
import { createOverviewWriter, sampleSteps } from './overview.ts';
import { createOwnerNumbers } from './owners.ts';
import { packRows } from './packing.ts';
import { readStrips } from './strips.ts';

/** Lays out a boot: one pass over the report's mappings, a few over the journal, and O(n log n) to pack the rows. */
export function createTimeline(trace: ReportTrace, journal: Journal): Timeline {
  const { stepCount } = journal;
  const landmarks = readLandmarks(trace, journal);
  const ends = {
    stepCount,
    first: placeOfStep(journal, 0),
    last: placeOfStep(journal, Math.max(stepCount - 1, 0)),
    handoff: landmarks.handoff,
  };
  const overviews = axesOf(ends).map((axis) => createOverviewWriter(axis, journal, ends));
  const lives = readLives(trace, journal, (step, live, liveBytes) => {
    for (const overview of overviews) overview.changed(step, live, liveBytes);
  });
  const owners = createOwnerNumbers();
  const { lanes: laneOfMapping, buffers: bufferOfMapping, flags, rules } = readFacts(trace, lives, stepCount, owners);
  // Buffers that were never mapped have a lane behind those of the owners.
  const laneCount = owners.owners.length + 1;
  const packing = packRows({ lives, stepCount, laneCount, laneOfMapping, bufferOfMapping });
  const devices = readStrips(journal);
  const { lanes, rowCount, finalRow } = arrangeLanes({
    lives,
    packing,
    laneOfMapping,
    flags,
    heldBytes: journal.heldBytes,
    owners: owners.owners,
    devices,
  });
  const bars = writeBars({ spans: lives.mappings, rows: packing.mappingRows, finalRow, rowCount, journal, flags });
  const underlays = writeUnderlays({ spans: lives.buffers, rows: packing.bufferRows, finalRow, rowCount, journal });
  const outline: TimelineOutline = {
    ...ends,
    ...landmarks,
    barCount: bars.table.ids.length,
    underlayCount: underlays.table.ids.length,
    rowCount,
    lanes,
    strips: devices.strips,
    figures: lives.figures,
    rules,
    overviews: overviews.map((overview: OverviewWriter) => overview.finish()),
    samples: sampleSteps(journal),
  };
  return {
    outline,
    bars: bars.table,
    rowBars: bars.rowStarts,
    underlays: underlays.table,
    rowUnderlays: underlays.rowStarts,
  };
}
