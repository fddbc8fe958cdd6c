import { createAnchorFinder } from './anchor-finder.ts';
import { createLineBreaks, endOfBreakAt, endOfFirstLine, endOfLastLine } from './line-breaks.ts';

/**
 * Finds the lines that matter in a stream of text without cutting the text into lines: a log has tens of millions, and most
 * say nothing about DMA. Chunks go in, hits come out, each with its place.
 *
 * Line numbers are those an editor shows: CR LF, LF and a lone CR each end a line. Chunks may end anywhere, even between CR
 * and LF. A very long line is looked at in overlapping parts, so it costs neither memory nor hits.
 */
export interface LineScanner {
  readonly push: (chunk: string) => void;
  /** Ends the input and hands over what stood in a last line without an end. */
  end(): void;
  /** Lines so far; after `end()` the number of lines of the input, an unterminated last one included. */
  readonly lineCount: number;
  /** UTF-16 code units so far: bytes, when the text was decoded one byte to one unit. */
  readonly length: number;
  /** Whether the input ended without a line break. Known after `end()`. */
  readonly lastLineUnterminated: boolean;
}

/** A place where an anchor stands. The scanner reuses the object: it is good until the handler returns. */
export interface AnchorHit {
  readonly text: string;
  /** Index of the anchor in the list given to the scanner. */
  readonly anchor: number;
  readonly anchorStart: number;
  /** Offset of the line, or of the part of a very long line that `text` begins with. */
  readonly lineStart: number;
  /** Offset of the line break, or of the end of `text`. Looked up when asked for. */
  readonly lineEnd: number;
  /** 0-based. */
  readonly lineIndex: number;
  /** `false` in the input's last line if no line break ends it: it may have been cut. */
  readonly terminated: boolean;
  /** Whether `lineStart` is inside the line, which is a very long one. */
  readonly midLine: boolean;
  /** Whether the handler may answer `MORE_TEXT`: the input goes on behind the end of `text`. */
  readonly mayGrow: boolean;
}

/**
 * Handles a hit; returns the offset to look on from, so that one line can hold several records: at the anchor, to get the same
 * hit again; inside it, to get anchors that begin there.
 */
export type HitHandler = (hit: AnchorHit) => number;

/**
 * Answer of a handler that must see more of the lines behind a hit: it gets the hit again with more text. It may ask as long as
 * less than `LONGEST_CARRY` stands behind the start of the line.
 */
export const MORE_TEXT = -1;

/** A line longer than this is looked at in parts. No record is nearly as long. */
const LONGEST_CARRY = 1 << 16;
/** How far the parts of a long line overlap: a record this long is still read whole. */
const LONG_LINE_OVERLAP = 1 << 12;
/** What is added to the text that a hit waits with. */
const WAITED_FOR = 1 << 14;

export function createLineScanner(anchors: readonly string[], onHit: HitHandler): LineScanner {
  const finder = createAnchorFinder(anchors);
  const hit = {
    text: '',
    anchor: 0,
    anchorStart: 0,
    lineStart: 0,
    lineIndex: 0,
    terminated: true,
    midLine: false,
    mayGrow: true,
    breaks: createLineBreaks('', 0),
    get lineEnd(): number {
      return this.breaks.lineEnd;
    },
  };
  let carry = '';
  /** Whether a hit in the first line of `carry` waits for more text, and where in it to look on. */
  let waiting = false;
  let carryFrom = 0;
  /** Whether `carry` begins inside a line. */
  let carryMidLine = false;
  let lineIndex = 0;
  let length = 0;
  let ended = false;
  let lastLineUnterminated = false;

  /**
   * Looks at the hits that begin from `carryFrom` to `end`, which is behind a line break or inside a line too long to wait for.
   * Returns where it stopped: `end`, or the start of a line with a hit that waits for more text.
   */
  function scan(text: string, start: number, end: number, terminated: boolean): number {
    const breaks = createLineBreaks(text, start);
    hit.text = text;
    hit.breaks = breaks;
    hit.terminated = terminated;
    let from = start + carryFrom;
    carryFrom = 0;
    waiting = false;
    while (from < end) {
      if (!finder.standsAt(text, from) && !finder.search(text, from)) break;
      if (finder.start >= end) break;
      breaks.advanceTo(finder.start);
      hit.anchor = finder.anchor;
      hit.anchorStart = finder.start;
      hit.lineStart = breaks.lineStart;
      hit.lineIndex = lineIndex + breaks.count;
      hit.midLine = carryMidLine && breaks.count === 0;
      hit.mayGrow = !ended && text.length - breaks.lineStart < LONGEST_CARRY;
      const { start: anchorStart, end: anchorEnd } = finder;
      const answer = onHit(hit);
      if (answer === MORE_TEXT && hit.mayGrow) {
        waiting = true;
        carryFrom = anchorStart - breaks.lineStart;
        carryMidLine = hit.midLine;
        lineIndex += breaks.count;
        return breaks.lineStart;
      }
      from = answer < 0 ? anchorEnd : Math.max(anchorStart, answer);
      // Most records end their line: the next one may begin at once.
      const next = from < end ? endOfBreakAt(text, from) : 0;
      if (next > 0) {
        breaks.pass(next);
        from = next;
      }
    }
    breaks.advanceTo(end);
    lineIndex += breaks.count;
    carryMidLine = breaks.lineStart < end;
    return end;
  }

  function scanCarry(): void {
    const end = endOfLastLine(carry);
    if (end > 0) carry = carry.slice(scan(carry, 0, end, true));
    if (waiting || carry.length <= LONGEST_CARRY) return;
    carry = carry.slice(scan(carry, 0, carry.length - LONG_LINE_OVERLAP, true));
  }

  return {
    push(chunk) {
      if (chunk === '' || ended) return;
      length += chunk.length;
      let rest = chunk;
      // Only the line that began in the last chunk is put together: a joined string is slow to read.
      while (carry !== '' && rest !== '') {
        const taken = waiting ? WAITED_FOR : endOfFirstLine(rest) || rest.length;
        carry += rest.slice(0, taken);
        rest = rest.slice(taken);
        scanCarry();
      }
      if (rest === '') return;
      carry = rest.slice(scan(rest, 0, endOfLastLine(rest), true));
      if (carry.length > LONGEST_CARRY) scanCarry();
    },
    end() {
      if (ended) return;
      ended = true;
      if (carry === '') return;
      lastLineUnterminated = !/[\r\n]$/.test(carry);
      const end = lastLineUnterminated ? endOfLastLine(carry) : carry.length;
      if (end > 0) scan(carry, 0, end, true);
      if (lastLineUnterminated) {
        scan(carry, end, carry.length, false);
        lineIndex++;
      }
      carry = '';
    },
    get lineCount() {
      return lineIndex;
    },
    get length() {
      return length;
    },
    get lastLineUnterminated() {
      return lastLineUnterminated;
    },
  };
}
