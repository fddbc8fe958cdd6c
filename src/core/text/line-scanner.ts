import { createLineBreaks, endOfLastLine } from './line-breaks.ts';

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
  /** Offset of the line break, or of the end of `text`. */
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
  const findAnchor = createAnchorFinder(anchors);
  const hit: { -readonly [Key in keyof AnchorHit]: AnchorHit[Key] } = {
    text: '',
    anchor: 0,
    anchorStart: 0,
    lineStart: 0,
    lineEnd: 0,
    lineIndex: 0,
    terminated: true,
  };
  let carry = '';
  let lineIndex = 0;
  let length = 0;
  let ended = false;
  let lastLineUnterminated = false;

  /** Looks at the hits that begin before `end`, which is behind a line break or inside a line too long to wait for. */
  function scan(text: string, end: number, terminated: boolean): void {
    const breaks = createLineBreaks(text);
    let from = 0;
    while (findAnchor(text, from)) {
      if (found.start >= end) break;
      breaks.advanceTo(found.start);
      hit.text = text;
      hit.anchor = found.anchor;
      hit.anchorStart = found.start;
      hit.lineStart = breaks.lineStart;
      hit.lineEnd = breaks.lineEnd;
      hit.lineIndex = lineIndex + breaks.count;
      hit.terminated = terminated;
      from = Math.max(found.end, onHit(hit));
    }
    breaks.advanceTo(end);
    lineIndex += breaks.count;
  }

  return {
    push(chunk) {
      if (chunk === '' || ended) return;
      length += chunk.length;
      let text = carry === '' ? chunk : carry + chunk;
      const end = endOfLastLine(text);
      if (end > 0) {
        scan(text, end, true);
        text = text.slice(end);
      }
      if (text.length > LONGEST_CARRY) {
        const cut = text.length - LONG_LINE_OVERLAP;
        scan(text, cut, true);
        text = text.slice(cut);
      }
      carry = text;
    },
    end() {
      if (ended) return;
      ended = true;
      if (carry === '') return;
      lastLineUnterminated = !carry.endsWith('\r');
      scan(carry, carry.length, !lastLineUnterminated);
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

/** The result of the last successful `findAnchor`: three numbers without an allocation per hit. */
const found = { anchor: 0, start: 0, end: 0 };

/**
 * One regular expression of literals finds the next anchor at several hundred MB/s. `test` tells only where the match ends,
 * but makes no match object; which anchor it was is then read off its last two units.
 */
function createAnchorFinder(anchors: readonly string[]): (text: string, from: number) => boolean {
  const sorted = [...anchors].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const pattern = new RegExp(
    sorted.map((anchor) => anchor.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|'),
    'g',
  );
  const byTail = new Map<number, { readonly text: string; readonly index: number }[]>();
  for (const anchor of sorted) {
    if (anchor.length < 2) throw new Error(`Anchor "${anchor}" is too short to be one`);
    const tail = tailOf(anchor, anchor.length);
    byTail.set(tail, [...(byTail.get(tail) ?? []), { text: anchor, index: anchors.indexOf(anchor) }]);
  }
  return (text, from) => {
    pattern.lastIndex = from;
    if (!pattern.test(text)) return false;
    const end = pattern.lastIndex;
    for (const candidate of byTail.get(tailOf(text, end)) ?? []) {
      const start = end - candidate.text.length;
      if (start < from || !text.startsWith(candidate.text, start)) continue;
      found.anchor = candidate.index;
      found.start = start;
      found.end = end;
      return true;
    }
    throw new Error('An anchor matched that is in no list');
  };
}

function tailOf(text: string, end: number): number {
  return text.charCodeAt(end - 2) * 0x10000 + text.charCodeAt(end - 1);
}
