import { kindNumber } from '../journal/journal.ts';
import type { StepKind } from '../model/step.ts';
import { STEP_KINDS } from '../model/step.ts';

/** Of each kind of step its number in the journal: loops over millions of steps compare numbers. */
export const KIND = Object.fromEntries(STEP_KINDS.map((kind) => [kind, kindNumber(kind)])) as Readonly<
  Record<StepKind, number>
>;

/** A table by kind: 1 for those that are named. */
export function kindTable(kinds: readonly StepKind[]): Uint8Array {
  const table = new Uint8Array(STEP_KINDS.length);
  for (const kind of kinds) table[KIND[kind]] = 1;
  return table;
}
