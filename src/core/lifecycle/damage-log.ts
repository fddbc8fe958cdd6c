import type { Damage } from '../model/trace.ts';

/** Where the log is known to be damaged. What a lost line may explain is no finding. */
export interface DamageLog {
  readonly malformed: (lineIndex: number, message: string) => void;
  /** What is damaged so far counts, whatever comes. */
  keep(): void;
  /** What was damaged since `keep` took no call with it: the tracer, which numbers them, misses none. */
  refute(): void;
  /** Whether a line at or behind `lineIndex` is damaged. */
  since(lineIndex: number): boolean;
  /** Whether a line from `firstLineIndex` to `lastLineIndex`, both included, is damaged. */
  between(firstLineIndex: number, lastLineIndex: number): boolean;
  readonly summary: Omit<Damage, 'cut'>;
}

/** A log with more damage than this is no evidence of anything: the places beyond are not kept apart. */
const REMEMBERED_PLACES = 1 << 16;

/** Enough to see what kind of damage it is. */
const EXPLAINED_PLACES = 8;

export function createDamageLog(): DamageLog {
  const places: number[] = [];
  const explained: { readonly lineIndex: number; readonly message: string }[] = [];
  let malformedLines = 0;
  let lastLineIndex = -1;
  /** The last damage that may have taken a call, and the last that certainly counts. */
  let lastSuspect = -1;
  let lastKept = -1;

  return {
    malformed(lineIndex, message) {
      if (lineIndex === lastLineIndex) return;
      if (explained.length < EXPLAINED_PLACES) explained.push({ lineIndex, message });
      malformedLines++;
      lastLineIndex = lineIndex;
      lastSuspect = lineIndex;
      if (places.length < REMEMBERED_PLACES) places.push(lineIndex);
    },
    keep() {
      lastKept = lastSuspect;
    },
    refute() {
      lastSuspect = lastKept;
    },
    since: (lineIndex) => lastSuspect >= lineIndex,
    between(first, last) {
      let low = 0;
      let high = places.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((places[middle] ?? Infinity) < first) low = middle + 1;
        else high = middle;
      }
      return low < places.length
        ? (places[low] ?? Infinity) <= last
        : places.length === REMEMBERED_PLACES && lastLineIndex >= first;
    },
    get summary() {
      return { malformedLines, malformed: explained };
    },
  };
}
