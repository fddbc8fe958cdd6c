import type { TimelineLane } from './timeline.ts';
import { CROSSES_HANDOFF, OWNER_CERTAIN } from './bar-flags.ts';
import { createByteCounter } from './byte-counter.ts';
import type { Lives } from './lives.ts';
import type { LaneOwner } from './owners.ts';
import { titleOf } from './owners.ts';
import type { Packing } from './packing.ts';
import type { DeviceStrips } from './strips.ts';

/** Lanes from top to bottom, and where the rows of the packing stand among theirs. */
export interface Arrangement {
  readonly lanes: readonly TimelineLane[];
  readonly rowCount: number;
  /** By the row of the packing. */
  readonly finalRow: Uint32Array;
}

export interface ArrangementInput {
  readonly lives: Lives;
  readonly packing: Packing;
  /** By the id of a mapping. */
  readonly laneOfMapping: Uint16Array;
  readonly flags: Uint16Array;
  readonly heldBytes: Float64Array;
  /** One a lane, but for the last lane, which is that of buffers that were never mapped. */
  readonly owners: readonly (LaneOwner | null)[];
  readonly devices: DeviceStrips;
}

/** Lanes and rows with what crosses hand-off come first: that is what one looks for. */
export function arrangeLanes(input: ArrangementInput): Arrangement {
  const { packing, owners, devices } = input;
  const { counts, crossingRows } = countLanes(input);
  const { laneRows } = packing;
  const finalRow = new Uint32Array(laneRows.at(-1) ?? 0);
  const lanes: TimelineLane[] = [];
  let rowCount = 0;

  function placeRows(lane: number): Pick<TimelineLane, 'firstRow' | 'rowCount'> {
    const [from, to] = [laneRows[lane] ?? 0, laneRows[lane + 1] ?? 0];
    const firstRow = rowCount;
    for (const wanted of [1, 0])
      for (let row = from; row < to; row++) if (crossingRows[row] === wanted) finalRow[row] = rowCount++;
    return { firstRow, rowCount: rowCount - firstRow };
  }

  const drawn = new Set<number>();
  const order = owners
    .map((owner, lane) => ({ owner, lane, counted: counts[lane] ?? createLaneCount() }))
    .sort(
      (a, b) => Number(b.counted.crossing > 0) - Number(a.counted.crossing > 0) || a.counted.first - b.counted.first,
    );
  for (const { owner, lane, counted } of order) {
    const strip = owner && devices.stripOf(owner);
    if (strip !== null) drawn.add(strip);
    lanes.push({
      title: titleOf(owner),
      owner: owner?.name ?? null,
      device: owner?.device ?? null,
      certain: counted.certain,
      ...placeRows(lane),
      mappingCount: counted.mappings,
      crossingCount: counted.crossing,
      crossingBytes: counted.crossingBytes.bytes,
      strip,
    });
  }
  devices.strips.forEach(({ title, pci }, strip) => {
    if (!drawn.has(strip)) lanes.push({ ...emptyLane(title, rowCount), device: pci, strip });
  });
  const neverMapped = placeRows(owners.length);
  if (neverMapped.rowCount > 0) lanes.push({ ...emptyLane('Memory never mapped', 0), ...neverMapped });
  return { lanes, rowCount, finalRow };
}

function emptyLane(title: string, firstRow: number): TimelineLane {
  return {
    title,
    owner: null,
    device: null,
    certain: true,
    firstRow,
    rowCount: 0,
    mappingCount: 0,
    crossingCount: 0,
    crossingBytes: 0,
    strip: null,
  };
}

interface LaneCount {
  mappings: number;
  crossing: number;
  readonly crossingBytes: ReturnType<typeof createByteCounter>;
  certain: boolean;
  /** Step of the first mapping. */
  first: number;
}

function createLaneCount(): LaneCount {
  return { mappings: 0, crossing: 0, crossingBytes: createByteCounter(), certain: true, first: Infinity };
}

function countLanes({ lives, packing, laneOfMapping, flags, heldBytes, owners }: ArrangementInput): {
  readonly counts: readonly LaneCount[];
  /** By the row of the packing: 1 where a bar crosses hand-off. */
  readonly crossingRows: Uint8Array;
} {
  const counts = owners.map(createLaneCount);
  const crossingRows = new Uint8Array(packing.laneRows.at(-1) ?? 0);
  lives.mappings.order.forEach((id) => {
    const count = counts[laneOfMapping[id] ?? 0];
    if (count === undefined) return;
    const flag = flags[id] ?? 0;
    count.mappings++;
    count.first = Math.min(count.first, lives.mappings.starts[id] ?? Infinity);
    count.certain &&= (flag & OWNER_CERTAIN) !== 0;
    if ((flag & CROSSES_HANDOFF) === 0) return;
    count.crossing++;
    count.crossingBytes.add(heldBytes[id] ?? 0);
    crossingRows[packing.mappingRows[id] ?? 0] = 1;
  });
  return { counts, crossingRows };
}
