/** The times of the lines of events, as far back as the lifecycle looks. */
export interface Clock {
  note(lineIndex: number, seconds: number | null): void;
  /** In seconds on the log's own axis; `null` where the line carries no time, or lies too far back. */
  readonly at: (lineIndex: number) => number | null;
}

/** The lines that lift image protection, whose first one may turn out to be hand-off, are a few hundred. */
const REMEMBERED_LINES = 4096;

export function createClock(): Clock {
  /** Made when the first time comes: most logs have none. */
  let seconds: Float64Array | null = null;
  let lines: Float64Array | null = null;

  return {
    note(lineIndex, value) {
      if (value === null) return;
      seconds ??= new Float64Array(REMEMBERED_LINES);
      lines ??= new Float64Array(REMEMBERED_LINES).fill(-1);
      seconds[lineIndex % REMEMBERED_LINES] = value;
      lines[lineIndex % REMEMBERED_LINES] = lineIndex;
    },
    at(lineIndex) {
      const place = lineIndex % REMEMBERED_LINES;
      return seconds !== null && lines?.[place] === lineIndex ? (seconds[place] ?? null) : null;
    },
  };
}
