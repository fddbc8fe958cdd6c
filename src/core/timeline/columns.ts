import type { Journal } from '../journal/journal.ts';
import type { TimelineBars, TimelineUnderlays } from './timeline.ts';
import type { Spans } from './lives.ts';
import { at } from './numbers.ts';

/** A table ordered by row, and of each row its first entry; at the end of that the number of entries. */
export interface RowTable<Table> {
  readonly table: Table;
  readonly rowStarts: Uint32Array;
}

export interface ColumnsInput {
  readonly spans: Spans;
  /** Row of the packing, by id. */
  readonly rows: Uint32Array;
  readonly finalRow: Uint32Array;
  readonly rowCount: number;
  readonly journal: Journal;
}

export function writeBars(input: ColumnsInput & { readonly flags: Uint16Array }): RowTable<TimelineBars> {
  const { table, rowStarts } = writeUnderlays(input);
  const { heldBytes } = input.journal;
  const bytes = new Float64Array(table.ids.length);
  const flags = new Uint16Array(table.ids.length);
  table.ids.forEach((id, bar) => {
    bytes[bar] = at(heldBytes, id);
    flags[bar] = at(input.flags, id);
  });
  return { table: { ...table, bytes, flags }, rowStarts };
}

/** Spans come in the order of their starts, so each row is filled in that order. */
export function writeUnderlays({
  spans,
  rows,
  finalRow,
  rowCount,
  journal,
}: ColumnsInput): RowTable<TimelineUnderlays> {
  const { order } = spans;
  const rowOf = (id: number): number => at(finalRow, at(rows, id));
  const rowStarts = new Uint32Array(rowCount + 1);
  for (const id of order) rowStarts[rowOf(id) + 1] = at(rowStarts, rowOf(id) + 1) + 1;
  for (let row = 0; row < rowCount; row++) rowStarts[row + 1] = at(rowStarts, row + 1) + at(rowStarts, row);

  const next = rowStarts.slice();
  const ids = new Uint32Array(order.length);
  for (const id of order) {
    const row = rowOf(id);
    const place = at(next, row);
    next[row] = place + 1;
    ids[place] = id;
  }
  return { table: { ids, ...writePlaces(ids, spans, journal) }, rowStarts };
}

function writePlaces(ids: Uint32Array, { starts, ends }: Spans, journal: Journal): Omit<TimelineUnderlays, 'ids'> {
  const startSteps = ids.map((id) => at(starts, id));
  const endSteps = ids.map((id) => at(ends, id));
  const { lines, seconds } = journal;
  // What does not end has line and time of the last step.
  const last = Math.max(journal.stepCount - 1, 0);
  return {
    startSteps,
    endSteps,
    startLines: startSteps.map((step) => at(lines, step)),
    endLines: endSteps.map((step) => at(lines, Math.min(step, last))),
    startSeconds: seconds && Float64Array.from(startSteps, (step) => at(seconds, step)),
    endSeconds: seconds && Float64Array.from(endSteps, (step) => at(seconds, Math.min(step, last))),
  };
}
