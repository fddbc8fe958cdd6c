import type { ForeignWriters } from '../text/foreign-line.ts';
import { createForeignWriters } from '../text/foreign-line.ts';
import { endOfBreakAt } from '../text/line-breaks.ts';
import type { LinePrefix } from '../text/line-prefix.ts';
import { readPrefix } from '../text/line-prefix.ts';
import type { AnchorHit } from '../text/line-scanner.ts';

/**
 * Puts together again what another writer cut. Its whole lines stand in the middle of a firmware line:
 *
 *   IoMmuMap: Operatusb_ehci_usbsts usbsts REC 1
 *   usb_ehci_usbsts usbsts REC 0
 *   ion=Write Host=0x1E36CE98 Bytes=0xFF
 *
 * The head ends where the foreign line begins, and the line goes on with the next one that does not begin with a foreign line;
 * that may be cut again. Where the log was passed on by a program that puts a prefix before each line, all of them have it. Nothing is made up: what is put together counts only if it is a whole record to its last character, and
 * if there is one way only to put it together.
 */
export interface SpliceRepair {
  /** Looks at the line of a hit, once. `more`: it goes on behind the end of the text. `null`: nothing is to be put together here. */
  at(hit: AnchorHit): Splice | 'more' | null;
  /** Offset behind the part of the hit's line that was read with the line it belongs to; 0 if there is none. */
  endOfTail(hit: AnchorHit): number;
  /** Lines put together. */
  readonly count: number;
}

export interface Splice {
  /** The whole line, without its break. */
  readonly text: string;
  /** Offset, in the text of the hit, where the foreign line begins. */
  readonly end: number;
}

/** Whether a whole record ends `text`: the offset where it begins, or -1. */
export type FindRecord = (text: string) => number;

/** A burst of another writer is shorter. */
const MOST_LINES = 64;
const LONGEST_SPLICE = 1 << 14;
/** Ways to put a line together that are tried. */
const MOST_WAYS = 256;

/** A line that holds a part of the one that was cut. */
interface PartLine {
  /** Lines behind that of the head. */
  readonly line: number;
  /** Column where the part begins: behind a prefix. */
  readonly column: number;
  readonly text: string;
}

interface Part extends PartLine {
  /** Lengths that it may have. */
  readonly ends: readonly number[];
}

interface Chain {
  readonly parts: readonly PartLine[];
  /** Lines behind that of the head which need not be looked at again. */
  readonly lines: number;
  readonly whole: boolean;
}

const NO_CHAIN: Chain = { parts: [], lines: 0, whole: false };

export function createSpliceRepair(findRecord: FindRecord): SpliceRepair {
  const writers = createForeignWriters();
  let lookedAt = -1;
  let found: {
    readonly lineIndex: number;
    readonly column: number;
    readonly cut: number;
    readonly text: string;
  } | null = null;
  let tails: { readonly lineIndex: number; readonly end: number }[] = [];
  let lastTail = -1;
  let count = 0;

  function look(hit: AnchorHit): 'more' | 'done' {
    const start = foreignStart(hit);
    if (start >= 0) {
      writers.learn(hit.text, start);
      lookedAt = hit.lineIndex;
      return 'done';
    }
    const chain = followLine(hit, writers);
    if (chain === 'more') return 'more';
    lookedAt = hit.lineIndex + chain.lines;
    if (chain.whole) keep(hit.lineIndex, withEnds(chain.parts));
    return 'done';
  }

  /** Where another writer's line begins that the hit's line is, or -1. */
  function foreignStart({ text, lineStart }: AnchorHit): number {
    if (writers.beginsAt(text, lineStart)) return lineStart;
    const start = endOfPrefix(text, lineStart);
    return start > lineStart && writers.beginsAt(text, start) ? start : -1;
  }

  /** Known only when all lines have been seen: they tell more about the writers. */
  function withEnds(lines: readonly PartLine[]): Part[] {
    return lines.map((part) => ({ ...part, ends: writers.findIn(part.text, 0)?.cuts ?? [part.text.length] }));
  }

  function keep(lineIndex: number, parts: readonly Part[]): void {
    const way = onlyWay(parts, findRecord);
    if (!way) return;
    const [cut = 0] = way.ends;
    const column = parts[0]?.column ?? 0;
    found = { lineIndex, column: column + Math.min(way.start, cut), cut: column + cut, text: way.text };
    tails = parts
      .slice(1)
      .map((part, index) => ({ lineIndex: lineIndex + part.line, end: part.column + (way.ends[index + 1] ?? 0) }));
    lastTail = tails.at(-1)?.lineIndex ?? -1;
    count++;
  }

  return {
    at(hit) {
      if (hit.lineIndex > lookedAt && !hit.midLine && look(hit) === 'more') return 'more';
      if (found?.lineIndex !== hit.lineIndex || hit.anchorStart - hit.lineStart < found.column) return null;
      const { text, cut } = found;
      found = null;
      return { text, end: hit.lineStart + cut };
    },
    endOfTail(hit) {
      if (hit.lineIndex > lastTail) return 0;
      const tail = tails.find(({ lineIndex }) => lineIndex === hit.lineIndex);
      const end = hit.lineStart + (tail?.end ?? 0);
      return end > hit.anchorStart ? end : 0;
    },
    get count() {
      return count;
    },
  };
}

/** Collects the parts of the line that a hit stands in. */
function followLine(hit: AnchorHit, writers: ForeignWriters): Chain | 'more' {
  const window = hit.text.slice(hit.lineStart, hit.lineStart + LONGEST_SPLICE);
  const complete = window.length === LONGEST_SPLICE || !hit.mayGrow;
  const prefix = outerPrefix(window, 0);
  const parts: PartLine[] = [];
  let start = 0;
  for (let line = 0; line < MOST_LINES; line++) {
    const end = endOfLine(window, start);
    const next = end < 0 ? 0 : complete && end === window.length - 1 ? window.length : endOfBreakAt(window, end);
    if (next === 0) return complete ? { ...NO_CHAIN, lines: Math.max(line - 1, 0) } : 'more';
    const from = prefix === null ? start : endOfPrefix(window, start, prefix);
    if (line === 0 || !writers.beginsAt(window, from)) {
      const text = window.slice(from, end);
      const isCut = writers.findIn(text, 0) !== null;
      if (!isCut && line === 0) return NO_CHAIN;
      parts.push({ line, column: from - start, text });
      if (!isCut) return { parts, lines: line, whole: true };
    } else {
      writers.learn(window, from);
    }
    start = next;
  }
  return { ...NO_CHAIN, lines: MOST_LINES - 1 };
}

/** The prefix of a line that comes from outside of all writers: that of QEMU is part of its line. */
function outerPrefix(text: string, start: number): LinePrefix | null {
  const prefix = readPrefix(text, start, null)?.prefix ?? null;
  return prefix?.id === 'qemu' ? null : prefix;
}

/** Where the line itself begins. */
function endOfPrefix(text: string, start: number, prefix = outerPrefix(text, start)): number {
  const reading = prefix && readPrefix(text, start, prefix);
  return reading !== null && reading.prefix === prefix ? reading.end : start;
}

function endOfLine(text: string, start: number): number {
  const pattern = /[\r\n]/g;
  pattern.lastIndex = start;
  return pattern.exec(text)?.index ?? -1;
}

interface Way {
  readonly text: string;
  readonly ends: readonly number[];
  /** Where the record begins. */
  readonly start: number;
}

/** The one way to put the parts together that gives a record across a cut; `null` if there is none, or more than one. */
function onlyWay(parts: readonly Part[], findRecord: FindRecord): Way | null {
  if (parts.reduce((ways, part) => ways * part.ends.length, 1) > MOST_WAYS) return null;
  let only: Way | null = null;
  const ends: number[] = [];

  function tryFrom(index: number, text: string): boolean {
    const part = parts[index];
    if (!part) {
      const start = findRecord(text);
      // What stands in the last part alone is read where it stands.
      if (start < 0 || start >= text.length - (ends.at(-1) ?? 0)) return true;
      if (only) return false;
      only = { text, ends: [...ends], start };
      return true;
    }
    for (const end of part.ends) {
      ends.push(end);
      const goOn = tryFrom(index + 1, text + part.text.slice(0, end));
      ends.pop();
      if (!goOn) return false;
    }
    return true;
  }

  return tryFrom(0, '') ? only : null;
}
