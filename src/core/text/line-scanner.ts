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
}

/** Handles a hit; returns the offset to look on from, so that one line can hold several records. */
export type HitHandler = (hit: AnchorHit) => number;

/** A line longer than this is looked at in parts. No record is nearly as long. */
const LONGEST_CARRY = 1 << 16;
/** How far the parts of a long line overlap: a record this long is still read whole. */
const LONG_LINE_OVERLAP = 1 << 12;

export function createLineScanner(anchors: readonly string[], onHit: HitHandler): LineScanner {
  const finder = createAnchorFinder(anchors);
  const hit = {
    text: '',
    anchor: 0,
    anchorStart: 0,
    lineStart: 0,
    lineIndex: 0,
    terminated: true,
    breaks: createLineBreaks('', 0),
    get lineEnd(): number {
      return this.breaks.lineEnd;
    },
  };
  let carry = '';
  let lineIndex = 0;
  let length = 0;
  let ended = false;
  let lastLineUnterminated = false;

  /** Looks at the hits that begin from `start` to `end`, which is behind a line break or inside a line too long to wait for. */
  function scan(text: string, start: number, end: number, terminated: boolean): void {
    const breaks = createLineBreaks(text, start);
    hit.text = text;
    hit.breaks = breaks;
    hit.terminated = terminated;
    let from = start;
    while (from < end) {
      if (!finder.standsAt(text, from) && !finder.search(text, from)) break;
      if (finder.start >= end) break;
      breaks.advanceTo(finder.start);
      hit.anchor = finder.anchor;
      hit.anchorStart = finder.start;
      hit.lineStart = breaks.lineStart;
      hit.lineIndex = lineIndex + breaks.count;
      from = Math.max(finder.end, onHit(hit));
      // Most records end their line: the next one may begin at once.
      const next = from < end ? endOfBreakAt(text, from) : 0;
      if (next > 0) {
        breaks.pass(next);
        from = next;
      }
    }
    breaks.advanceTo(end);
    lineIndex += breaks.count;
  }

  return {
    push(chunk) {
      if (chunk === '' || ended) return;
      length += chunk.length;
      // Only the line that began in the last chunk is put together: a joined string is slow to read.
      let start = 0;
      if (carry !== '') {
        start = endOfFirstLine(chunk);
        carry += start === 0 ? chunk : chunk.slice(0, start);
        const end = start === 0 ? endOfLastLine(carry) : carry.length;
        if (end > 0) scan(carry, 0, end, true);
        carry = carry.slice(end);
      }
      if (carry === '') {
        const end = Math.max(start, endOfLastLine(chunk));
        if (end > start) scan(chunk, start, end, true);
        carry = chunk.slice(end);
      }
      if (carry.length > LONGEST_CARRY) {
        const cut = carry.length - LONG_LINE_OVERLAP;
        scan(carry, 0, cut, true);
        carry = carry.slice(cut);
      }
    },
    end() {
      if (ended) return;
      ended = true;
      if (carry === '') return;
      lastLineUnterminated = !carry.endsWith('\r');
      scan(carry, 0, carry.length, !lastLineUnterminated);
      if (lastLineUnterminated) lineIndex++;
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
