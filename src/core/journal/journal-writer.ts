import type { StepKind, StepNote, StepRecorder } from '../model/step.ts';
import type { Trace } from '../model/trace.ts';
import type { Journal } from './journal.ts';
import { firstStepFrom, kindNumber } from './journal.ts';

/** Takes the steps down and gives the journal when the boot is over. */
export interface JournalWriter extends StepRecorder {
  finish(trace: Pick<Trace, 'exitBootServices' | 'handoff' | 'lastLineIndex'>): Journal;
}

/** A log with more different notes than this is no evidence of anything: steps beyond go without. */
const MOST_NOTES = 1 << 16;
const FIRST_CAPACITY = 1 << 10;

/** After these something is live that was not, or the other way round. */
const CHANGES: ReadonlySet<number> = new Set(
  (['mapped', 'mapping-lost', 'unmapped', 'allocated', 'freed', 'buffer-lost'] as const).map(kindNumber),
);

export function createJournalWriter(): JournalWriter {
  let kinds = new Uint8Array(FIRST_CAPACITY);
  let lines = new Uint32Array(FIRST_CAPACITY);
  let subjects = new Int32Array(FIRST_CAPACITY);
  /** Made when the first time comes: most logs have none. */
  let seconds: Float64Array | null = null;
  let heldBytes = new Float64Array(FIRST_CAPACITY);
  let count = 0;
  let mappingCount = 0;
  let lastChange = -1;
  let lastSeconds = NaN;
  const notes: StepNote[] = [];
  const noteNumbers = new Map<string, number>();
  const lost: number[] = [];

  function grow(): void {
    const capacity = 2 * kinds.length;
    kinds = copyInto(new Uint8Array(capacity), kinds);
    lines = copyInto(new Uint32Array(capacity), lines);
    subjects = copyInto(new Int32Array(capacity), subjects);
    seconds &&= copyInto(new Float64Array(capacity), seconds);
  }

  function write(kind: number, line: number, subject: number): number {
    if (count === kinds.length) grow();
    kinds[count] = kind;
    // What an event was placed behind cannot lie before it.
    lines[count] = Math.max(line, count > 0 ? (lines[count - 1] ?? 0) : 0);
    subjects[count] = subject;
    if (seconds) seconds[count] = lastSeconds;
    if (CHANGES.has(kind)) lastChange = count;
    return count++;
  }

  return {
    add: (kind, lineIndex, subject) => write(kindNumber(kind), lineIndex + 1, subject),
    now(value) {
      if (value === null || value <= lastSeconds) return;
      // What came before the first time happened then or earlier.
      seconds ??= new Float64Array(kinds.length).fill(value, 0, count);
      lastSeconds = value;
    },
    resolve(step, subject) {
      if (step >= 0) subjects[step] = subject;
    },
    note(note) {
      const key = JSON.stringify(note);
      const known = noteNumbers.get(key);
      if (known !== undefined) return known;
      if (notes.length >= MOST_NOTES) return 0;
      noteNumbers.set(key, notes.push(note));
      return notes.length;
    },
    holds(mappingId, bytes) {
      while (mappingId >= heldBytes.length) heldBytes = copyInto(new Float64Array(2 * heldBytes.length), heldBytes);
      heldBytes[mappingId] = bytes;
      if (mappingId > mappingCount) mappingCount = mappingId;
    },
    lostInTheEnd: (mappingId) => void lost.push(mappingId),
    finish(trace) {
      const steps = { lines, stepCount: count };
      const marks = marksOf(trace, steps, lastChange, lost);
      const journal = {
        stepCount: count + marks.length,
        kinds: new Uint8Array(count + marks.length),
        lines: new Uint32Array(count + marks.length),
        subjects: new Int32Array(count + marks.length),
        seconds: seconds && new Float64Array(count + marks.length),
        notes,
        heldBytes: heldBytes.slice(0, mappingCount + 1),
      };
      let from = 0;
      let to = 0;
      const copyUpTo = (end: number): void => {
        journal.kinds.set(kinds.subarray(from, end), to);
        journal.lines.set(lines.subarray(from, end), to);
        journal.subjects.set(subjects.subarray(from, end), to);
        if (seconds) journal.seconds?.set(seconds.subarray(from, end), to);
        to += end - from;
        from = end;
      };
      for (const { before, kind, line, subject } of marks) {
        copyUpTo(before);
        journal.kinds[to] = kindNumber(kind);
        journal.lines[to] = clamp(line, to > 0 ? journal.lines[to - 1] : 0, before < count ? lines[before] : Infinity);
        journal.subjects[to] = subject;
        if (journal.seconds) journal.seconds[to] = (to > 0 ? journal.seconds[to - 1] : seconds?.[0]) ?? 0;
        to++;
      }
      copyUpTo(count);
      return journal;
    },
  };
}

/** A step that is known only when the boot is over, and the recorded step that it stands before. */
interface Mark {
  readonly before: number;
  readonly kind: StepKind;
  readonly line: number;
  readonly subject: number;
}

function marksOf(
  { exitBootServices: exit, handoff, lastLineIndex }: Pick<Trace, 'exitBootServices' | 'handoff' | 'lastLineIndex'>,
  steps: Pick<Journal, 'lines' | 'stepCount'>,
  lastChange: number,
  lost: readonly number[],
): Mark[] {
  const marks: Mark[] = [];
  const markAt = (kind: StepKind, lineIndex: number, subject = 0): void => {
    marks.push({ before: firstStepFrom(steps, lineIndex + 1), kind, line: lineIndex + 1, subject });
  };
  if (exit) {
    if (exit.firstLineIndex < exit.markerLineIndex) markAt('exit-inferred', exit.firstLineIndex);
    markAt('exit-proved', exit.markerLineIndex, 1);
    exit.retryLineIndices.forEach((lineIndex, index) => markAt('exit-proved', lineIndex, index + 2));
    if (exit.cleanup) markAt('cleanup', exit.cleanup.lineIndex);
  }
  // Hand-off is behind everything of its own line, and behind all that is still told of mappings.
  const endLine = (handoff?.lineIndex ?? lastLineIndex) + 1;
  const end = Math.max(firstStepFrom(steps, endLine + 1), lastChange + 1);
  for (const mappingId of lost) marks.push({ before: end, kind: 'mapping-lost', line: endLine, subject: mappingId });
  if (handoff) marks.push({ before: end, kind: 'handoff', line: endLine, subject: 0 });
  // Stable: what begins at one line stays in the order above.
  return marks.sort((a, b) => a.before - b.before);
}

function copyInto<Column extends Uint8Array | Uint32Array | Int32Array | Float64Array>(
  larger: Column,
  column: Column,
): Column {
  larger.set(column);
  return larger;
}

function clamp(value: number, low = 0, high = Infinity): number {
  return Math.min(Math.max(value, low), high);
}
