import type { Journal } from '../journal/journal.ts';
import type { TimelineBars, TimelineUnderlays } from './timeline.ts';
import type { Spans } from './lives.ts';
import { at, floatAt, shortAt } from './numbers.ts';

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
  for (let bar = 0; bar < bytes.length; bar++) {
    const id = at(table.ids, bar);
    bytes[bar] = floatAt(heldBytes, id);
    flags[bar] = shortAt(input.flags, id);
  }
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
  order.forEach((id) => {
    rowStarts[rowOf(id) + 1] = at(rowStarts, rowOf(id) + 1) + 1;
  });
  for (let row = 0; row < rowCount; row++) rowStarts[row + 1] = at(rowStarts, row + 1) + at(rowStarts, row);

  const next = rowStarts.slice();
  const ids = new Uint32Array(order.length);
  order.forEach((id) => {
    const row = rowOf(id);
    const place = at(next, row);
    next[row] = place + 1;
    ids[place] = id;
  });
  return { table: { ids, ...writePlaces(ids, spans, journal) }, rowStarts };
}

/** One loop instead of a `map` for each column: the entries are looked up all over the journal. */
function writePlaces(ids: Uint32Array, { starts, ends }: Spans, journal: Journal): Omit<TimelineUnderlays, 'ids'> {
  const { lines, seconds } = journal;
  const count = ids.length;
  // What does not end has line and time of the last step.
  const last = Math.max(journal.stepCount - 1, 0);
  const startSteps = new Uint32Array(count);
  const endSteps = new Uint32Array(count);
  const startLines = new Uint32Array(count);
  const endLines = new Uint32Array(count);
  for (let place = 0; place < count; place++) {
    const id = at(ids, place);
    const start = at(starts, id);
    const end = at(ends, id);
    startSteps[place] = start;
    endSteps[place] = end;
    startLines[place] = at(lines, start);
    endLines[place] = at(lines, Math.min(end, last));
  }
  return {
    startSteps,
    endSteps,
    startLines,
    endLines,
    startSeconds: seconds && secondsOf(startSteps, seconds),
    endSeconds: seconds && secondsOf(endSteps, seconds),
  };
}

function secondsOf(steps: Uint32Array, seconds: Float64Array): Float64Array {
  const column = new Float64Array(steps.length);
  for (let place = 0; place < steps.length; place++)
    column[place] = floatAt(seconds, Math.min(at(steps, place), seconds.length - 1));
  return column;
}
