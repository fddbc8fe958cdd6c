import type { DmaEvent } from '../model/events.ts';
import { endOfBreakAt } from '../text/line-breaks.ts';
import type { AnchorHit } from '../text/line-scanner.ts';
import type { RecordGrammar } from './record-grammar.ts';
import { createRecordGrammar } from './record-grammar.ts';
import type { RecordMatcher } from './record-matcher.ts';
import { createRecordMatcher, isWordCode, LONGEST_WORD } from './record-matcher.ts';
import type { RecordDefinition } from './record-template.ts';
import { leadingLiteral } from './record-template.ts';

/** What the reader needs of a dialect. */
export interface RecordSource {
  readonly id: string;
  readonly anchors: readonly string[];
  readonly records: readonly RecordDefinition[];
}

/** The reader's answer about one anchor hit. `end` is the offset to look on from. */
export type Reading =
  | { readonly kind: 'event'; readonly event: DmaEvent; readonly source: RecordSource; readonly end: number }
  /** The text looked like a record but is damaged: it was cut, or another writer's text stands in it. */
  | { readonly kind: 'malformed'; readonly message: string; readonly column: number; readonly end: number }
  /** The input ends inside the record. */
  | { readonly kind: 'cut'; readonly end: number }
  /** A well-formed record, or mere text, that says nothing about DMA. */
  | { readonly kind: 'nothing'; readonly end: number };

export interface RecordReader {
  /** All anchors, in the order that hits refer to. */
  readonly anchors: readonly string[];
  read(hit: AnchorHit): Reading;
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
  const anchors = [...new Set(sources.flatMap((source) => source.anchors))];
  const candidates = anchors.map((anchor) =>
    sources.flatMap((source) => (source.anchors.includes(anchor) ? candidatesFor(source, anchor) : [])),
  );
  const grammars = new Map<RecordSource, RecordGrammar>();
  let explanations = 0;
  let explainedLineIndex = -1;

  function grammarOf(source: RecordSource): RecordGrammar {
    let grammar = grammars.get(source);
    if (!grammar) {
      grammar = createRecordGrammar(source.records);
      grammars.set(source, grammar);
    }
    return grammar;
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

  return {
    anchors,
    read(hit) {
      const list = candidates[hit.anchor] ?? [];
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
        if (skipped) return { kind: 'nothing', end };
        const event = matcher.record.toEvent(matcher.fields);
        if (event) return { kind: 'event', event, source: candidate.source, end };
      }
      // A name alone is no sign of a record: only text that begins one can be damaged.
      const literal = list.filter((candidate) => !candidate.startsWithWord);
      if (
        literal.length === 0 ||
        literal.some(
          ({ matcher }) =>
            matcher.match(hit.text, hit.anchorStart) >= 0 && matcher.record.toEvent(matcher.fields) === null,
        )
      )
        return { kind: 'nothing', end: resumeAt(hit) };
      const reading = readWithGrammar(hit, hit.anchorStart, literal);
      return !hit.terminated && reading.kind !== 'nothing' ? { kind: 'cut', end: hit.lineEnd } : reading;
    },
  };
}

function candidatesFor(source: RecordSource, anchor: string): Candidate[] {
  return source.records.flatMap((record) => {
    const literal = leadingLiteral(record.template);
    const startsWithWord = literal === '';
    return startsWithWord || literal.startsWith(anchor) || anchor.startsWith(literal)
      ? [{ source, matcher: createRecordMatcher(record), startsWithWord, detail: record.detail === true }]
      : [];
  });
}

/** A record is whole if the line ends behind it, but for blanks and what terminals and serial lines leave there. */
function endsRecord(hit: AnchorHit, end: number): boolean {
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

function startOfWord(hit: AnchorHit): number {
  const first = Math.max(hit.lineStart, hit.anchorStart - LONGEST_WORD);
  let start = hit.anchorStart;
  while (start > first && isWordCode(hit.text.charCodeAt(start - 1))) start--;
  return start;
}

/** Behind the anchor: another record may begin later in a damaged line. */
function resumeAt(hit: AnchorHit): number {
  return hit.anchorStart + 1;
}
