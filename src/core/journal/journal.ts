import type { StepKind, StepNote } from '../model/step.ts';
import { STEP_KINDS } from '../model/step.ts';

/**
 * The steps of one boot, in the order in which they happened, as columns of numbers. Timeline and replay are made from it, so
 * they tell the same as the report.
 * Invariant: `lines` never decreases.
 */
export interface Journal {
  readonly stepCount: number;
  /** Of each step: its place in `STEP_KINDS`. */
  readonly kinds: Uint8Array;
  /** 1-based lines of the log. */
  readonly lines: Uint32Array;
  /** What a step is about, as its kind says. */
  readonly subjects: Int32Array;
  /**
   * In seconds on the log's own axis, never decreasing; a step without a time has that of the step before. `null`: the log
   * carries no time.
   */
  readonly seconds: Float64Array | null;
  /** The note with number n is at n − 1. */
  readonly notes: readonly StepNote[];
  /** Bytes of host memory that a mapping holds, by its id; the first entry belongs to none. */
  readonly heldBytes: Float64Array;
}

const KIND_NUMBERS: ReadonlyMap<StepKind, number> = new Map(STEP_KINDS.map((kind, number) => [kind, number]));

/** The number of a kind in `Journal.kinds`. */
export function kindNumber(kind: StepKind): number {
  return KIND_NUMBERS.get(kind) ?? -1;
}

export function kindAt(journal: Journal, step: number): StepKind {
  const kind = STEP_KINDS[journal.kinds[step] ?? -1];
  if (kind === undefined) throw new Error(`There is no step ${step}.`);
  return kind;
}

/** The first step whose line is `line` or lies behind it; `stepCount` if there is none. O(log n). */
export function firstStepFrom(journal: Pick<Journal, 'lines' | 'stepCount'>, line: number): number {
  let low = 0;
  let high = journal.stepCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((journal.lines[middle] ?? Infinity) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
