/**
 * Walks the line breaks of a text: CR LF, LF and a lone CR, as VS Code's text model splits lines.
 * Two `indexOf` calls a line are several times faster than looking at each character.
 */
export interface LineBreaks {
  /** Passes all breaks that end at or before `offset`. */
  advanceTo(offset: number): void;
  /** Passes one break, known to be the next, that ends at `end`. */
  pass(end: number): void;
  /** Breaks passed so far. */
  readonly count: number;
  /** Offset of the line that the walk stands in. */
  readonly lineStart: number;
  /** Offset of that line's break, or the end of the text. */
  readonly lineEnd: number;
}

const NONE = Number.MAX_SAFE_INTEGER;
const UNKNOWN = -1;

/** Begins at `start`, which is the start of a line. */
export function createLineBreaks(text: string, start: number): LineBreaks {
  let count = 0;
  let lineStart = start;
  // Looked up when wanted: a break that is passed by `pass` is never searched for.
  let nextLf = UNKNOWN;
  let nextCr = UNKNOWN;

  function find(unit: string): number {
    const found = text.indexOf(unit, lineStart);
    return found < 0 ? NONE : found;
  }

  function look(): void {
    if (nextLf < lineStart) nextLf = find('\n');
    if (nextCr < lineStart) nextCr = find('\r');
  }

  return {
    advanceTo(offset) {
      while (lineStart < offset) {
        look();
        const end = nextCr < nextLf && nextCr + 1 !== nextLf ? nextCr : nextLf;
        if (end >= offset) return;
        lineStart = end + 1;
        count++;
      }
    },
    pass(end) {
      lineStart = end;
      count++;
    },
    get count() {
      return count;
    },
    get lineStart() {
      return lineStart;
    },
    get lineEnd() {
      look();
      return Math.min(nextLf, nextCr, text.length);
    },
  };
}

/** Offset behind the last line break of `text`; 0 if there is none. A CR at the very end may be half of a CR LF and does not count. */
export function endOfLastLine(text: string): number {
  let end = text.lastIndexOf('\n') + 1;
  for (let cr = text.indexOf('\r', end); cr >= 0 && cr < text.length - 1; cr = text.indexOf('\r', end)) end = cr + 1;
  return end;
}

/** Offset behind the first line break of `text`; 0 if there is none that is sure to be whole. */
export function endOfFirstLine(text: string): number {
  const lf = text.indexOf('\n');
  const cr = text.slice(0, lf < 0 ? text.length : lf).indexOf('\r');
  return cr >= 0 && cr + 1 !== lf && cr < text.length - 1 ? cr + 1 : lf + 1;
}

/**
 * Offset behind the line break that stands at `offset`, or 0 if none stands there. A CR at the end of the text is none yet: an LF
 * may follow.
 */
export function endOfBreakAt(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  if (unit === 0x0a) return offset + 1;
  if (unit !== 0x0d || offset + 1 >= text.length) return 0;
  return text.charCodeAt(offset + 1) === 0x0a ? offset + 2 : offset + 1;
}
