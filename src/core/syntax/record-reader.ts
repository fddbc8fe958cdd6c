import type { DmaEvent } from '../model/events.ts';
import type { AnchorFinder } from '../text/anchor-finder.ts';
import { createAnchorFinder } from '../text/anchor-finder.ts';
import { FOREIGN_ANCHORS } from '../text/foreign-line.ts';
import { endOfBreakAt } from '../text/line-breaks.ts';
import type { AnchorHit } from '../text/line-scanner.ts';
import { MORE_TEXT } from '../text/line-scanner.ts';
import type { RecordGrammar } from './record-grammar.ts';
import { createRecordGrammar } from './record-grammar.ts';
import type { RecordMatcher } from './record-matcher.ts';
import { createRecordMatcher, isWordCode, LONGEST_WORD } from './record-matcher.ts';
import type { RecordDefinition } from './record-template.ts';
import { leadingLiteral } from './record-template.ts';
import { createSpliceRepair } from './splice-repair.ts';

/** What the reader needs of a dialect. */
export interface RecordSource {
  readonly id: string;
  /** Default: the firmware. */
  readonly writer?: 'machine' | 'operating-system';
  readonly anchors: readonly string[];
  readonly records: readonly RecordDefinition[];
}

/** The reader's answer about one anchor hit. `end` is the offset to look on from. */
export type Reading =
  | {
      readonly kind: 'event';
      readonly event: DmaEvent;
      readonly source: RecordSource;
      readonly end: number;
      /** Another writer had cut the line. */
      readonly spliced?: true;
    }
  /** The text looked like a record but is damaged: it was cut, or another writer's text stands in it. */
  | { readonly kind: 'malformed'; readonly message: string; readonly column: number; readonly end: number }
  /** The input ends inside the record. */
  | { readonly kind: 'cut'; readonly end: number }
  /** A well-formed record, or mere text, that says nothing about DMA. */
  | { readonly kind: 'nothing'; readonly end: number };

type Reusable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_EVENT: DmaEvent = { kind: 'verbose-line' };
const NO_SOURCE: RecordSource = { id: '', anchors: [], records: [] };

/** What the reader makes of text that stands in no stream. */
type WholeHit = Pick<AnchorHit, 'text' | 'anchor' | 'anchorStart' | 'lineStart' | 'lineEnd' | 'terminated'>;

export interface RecordReader {
  /** All anchors, in the order that hits refer to. */
  readonly anchors: readonly string[];
  /** The answer is used again: it holds until the next question. */
  read(hit: AnchorHit): Reading;
  /** Lines that another writer had cut and that were put together again. */
  readonly splicedLines: number;
}

/**
 * How many damaged records are explained. To explain one costs as much as to read a hundred whole ones, and a log with more of
 * them is no evidence of anything; beyond, they are still found and counted.
 */
const MOST_EXPLANATIONS = 10_000;

/** Records are far shorter; a damaged line is shown to the grammar only up to here. */
const LONGEST_RECORD = 1024;

interface Candidate {
  readonly source: RecordSource;
  readonly matcher: RecordMatcher;
  readonly startsWithWord: boolean;
  readonly detail: boolean;
}

/** `details`: whether records that only add a line to a call are wanted. They are checked all the same. */
export function createRecordReader(sources: readonly RecordSource[], details: boolean): RecordReader {
  const anchors = [...new Set([...sources.flatMap((source) => source.anchors), ...FOREIGN_ANCHORS])];
  const isForeign = anchors.map((anchor) => FOREIGN_ANCHORS.some((foreign) => anchor.startsWith(foreign)));
  /** By anchor. Made when the anchor is met first: a log has few of them, and matchers for all would make a start slow. */
  const candidates = new Array<readonly Candidate[] | null>(anchors.length).fill(null);
  const grammars = new Map<RecordSource, RecordGrammar>();
  let explanations = 0;
  let explainedLineIndex = -1;

  function candidatesAt(anchor: number): readonly Candidate[] {
    return (candidates[anchor] ??= sources.flatMap((source) => candidatesFor(source, anchors[anchor] ?? '')));
  }

  function grammarOf(source: RecordSource): RecordGrammar {
    let grammar = grammars.get(source);
    if (!grammar) {
      grammar = createRecordGrammar(source.records);
      grammars.set(source, grammar);
    }
    return grammar;
  }

  /** Another record may begin later in a damaged line; behind the anchor, or inside it if no record begins with it. */
  function resumeAt(hit: AnchorHit): number {
    return hit.anchorStart + (candidatesAt(hit.anchor).length === 0 ? 1 : (anchors[hit.anchor]?.length ?? 1));
  }

  function readWithGrammar(hit: AnchorHit, start: number, tried: readonly Candidate[]): Reading {
    // One explanation a line: what follows in a damaged line is read only if it is canonical.
    if (explanations >= MOST_EXPLANATIONS || hit.lineIndex === explainedLineIndex)
      return { kind: 'malformed', message: 'damaged record', column: start - hit.lineStart, end: resumeAt(hit) };
    const text = withoutNoise(hit.text.slice(start, Math.min(hit.lineEnd, start + LONGEST_RECORD)));
    let worst: { message: string; offset: number } | null = null;
    for (const source of new Set(tried.map((candidate) => candidate.source))) {
      const parsed = grammarOf(source).parse(text);
      if (parsed.ok) {
        const event = parsed.record.toEvent(parsed.fields);
        return event ? { kind: 'event', event, source, end: hit.lineEnd } : { kind: 'nothing', end: hit.lineEnd };
      }
      if (!worst || parsed.offset > worst.offset) worst = parsed;
    }
    explanations++;
    explainedLineIndex = hit.lineIndex;
    const { message, offset } = worst ?? { message: 'not a known record', offset: 0 };
    return { kind: 'malformed', message, column: start - hit.lineStart + offset, end: resumeAt(hit) };
  }

  /** Where the record begins that `readCanonical` found: a second result without an allocation. */
  let recordStart = 0;

  /** Used again for every record: one object less for each line. */
  const eventReading: Reusable<Extract<Reading, { kind: 'event' }>> = {
    kind: 'event',
    event: NO_EVENT,
    source: NO_SOURCE,
    end: 0,
  };
  const nothingReading: Reusable<Extract<Reading, { kind: 'nothing' }>> = { kind: 'nothing', end: 0 };

  function nothing(end: number): Reading {
    nothingReading.end = end;
    return nothingReading;
  }

  /** What the matchers say: `null` if they know no record that stands there. */
  function readCanonical(hit: WholeHit): Reading | null {
    const list = candidatesAt(hit.anchor);
    let nothingEnd = -1;
    let wordStart = -1;
    // An index loop: this runs for every record.
    // eslint-disable-next-line @typescript-eslint/prefer-for-of
    for (let index = 0; index < list.length; index++) {
      const candidate = list[index];
      if (!candidate) break;
      const { matcher } = candidate;
      let start = hit.anchorStart;
      if (candidate.startsWithWord) {
        if (wordStart < 0) wordStart = startOfWord(hit);
        start = wordStart;
      }
      const skipped = !details && candidate.detail;
      const end = skipped ? matcher.matchOnly(hit.text, start) : matcher.match(hit.text, start);
      if (end < 0) continue;
      if (endOfBreakAt(hit.text, end) === 0) {
        if (!endsRecord(hit, end)) continue;
        if (!hit.terminated && matcher.openEnded) return { kind: 'cut', end: hit.lineEnd };
      }
      recordStart = start;
      if (skipped) return nothing(end);
      const event = matcher.record.toEvent(matcher.fields);
      if (event) {
        eventReading.event = event;
        eventReading.source = candidate.source;
        eventReading.end = end;
        return eventReading;
      }
      if (!candidate.startsWithWord) nothingEnd = end;
    }
    return nothingEnd < 0 ? null : nothing(nothingEnd);
  }

  /** Whether a record stands there that is well-formed and says nothing; other text may follow it. */
  function saysNothing(hit: WholeHit, literal: readonly Candidate[]): boolean {
    return literal.some(
      ({ matcher }) => matcher.match(hit.text, hit.anchorStart) >= 0 && matcher.record.toEvent(matcher.fields) === null,
    );
  }

  let joinedFinder: AnchorFinder | null = null;

  /** Reads a line that was put together; `start` is where its record begins. */
  function readJoined(text: string): { readonly reading: Reading; readonly start: number } | null {
    const finder = (joinedFinder ??= createAnchorFinder(anchors));
    const lineEnd = text.length;
    for (let from = 0; finder.search(text, from); from = finder.start + 1) {
      const { anchor, start: anchorStart } = finder;
      const list = candidatesAt(anchor);
      const hit = { text, anchor, anchorStart, lineStart: 0, lineEnd, terminated: true };
      const reading = readCanonical(hit);
      if (reading) return { reading, start: recordStart };
      const isWhole = list.some(({ matcher, startsWithWord }) => {
        const end = startsWithWord ? -1 : matcher.match(text, anchorStart);
        return end >= 0 && endsRecord(hit, end) && matcher.record.toEvent(matcher.fields) === null;
      });
      if (isWhole) return { reading: { kind: 'nothing', end: lineEnd }, start: anchorStart };
    }
    return null;
  }

  const splices = createSpliceRepair((text) => readJoined(text)?.start ?? -1);

  function readSplice(hit: AnchorHit): Reading | null {
    const splice = splices.at(hit);
    if (splice === 'more') return { kind: 'nothing', end: MORE_TEXT };
    const joined = splice && readJoined(splice.text);
    if (!joined) return null;
    const { reading } = joined;
    return reading.kind === 'event' ? { ...reading, end: splice.end, spliced: true } : { ...reading, end: splice.end };
  }

  return {
    anchors,
    read(hit) {
      const tailEnd = splices.endOfTail(hit);
      if (tailEnd > 0) return { kind: 'nothing', end: tailEnd };
      const spliceAtForeign =
        isForeign[hit.anchor] === true && hit.anchorStart > hit.lineStart ? readSplice(hit) : null;
      const reading = spliceAtForeign ?? readCanonical(hit);
      if (reading) return reading;
      const list = candidatesAt(hit.anchor);
      // A name alone is no sign of a record: only text that begins one can be damaged.
      const literal = list.filter((candidate) => !candidate.startsWithWord);
      if (saysNothing(hit, literal)) return { kind: 'nothing', end: resumeAt(hit) };
      const splice = list.length > 0 ? readSplice(hit) : null;
      if (splice) return splice;
      if (literal.length === 0) return { kind: 'nothing', end: resumeAt(hit) };
      const damaged = readWithGrammar(hit, hit.anchorStart, literal);
      return !hit.terminated && damaged.kind !== 'nothing' ? { kind: 'cut', end: hit.lineEnd } : damaged;
    },
    get splicedLines() {
      return splices.count;
    },
  };
}

function candidatesFor(source: RecordSource, anchor: string): Candidate[] {
  if (!source.anchors.includes(anchor)) return [];
  return source.records.flatMap((record) => {
    const literal = leadingLiteral(record.template);
    const startsWithWord = literal === '';
    return startsWithWord || literal.startsWith(anchor) || anchor.startsWith(literal)
      ? [{ source, matcher: createRecordMatcher(record), startsWithWord, detail: record.detail === true }]
      : [];
  });
}

/** A record is whole if the line ends behind it, but for blanks and what terminals and serial lines leave there. */
function endsRecord(hit: WholeHit, end: number): boolean {
  for (let offset = end; offset < hit.lineEnd; offset++) {
    const code = hit.text.charCodeAt(offset);
    if (code === 0x1b)
      return withoutNoise(hit.text.slice(offset, Math.min(hit.lineEnd, offset + LONGEST_RECORD))).trim() === '';
    if (code > 0x20) return false;
  }
  return true;
}

const NOISE = /\u001b\[[\d;?]{0,32}[@-~]|[\u0000-\u0008\u000b-\u001f]/g;

/** `text` without ANSI escape sequences and control characters, which serial consoles mix into lines. */
function withoutNoise(text: string): string {
  return text.replaceAll(NOISE, '');
}

function startOfWord(hit: WholeHit): number {
  const first = Math.max(hit.lineStart, hit.anchorStart - LONGEST_WORD);
  let start = hit.anchorStart;
  while (start > first && isWordCode(hit.text.charCodeAt(start - 1))) start--;
  return start;
}
