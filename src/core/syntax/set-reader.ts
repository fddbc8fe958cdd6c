import { parseHex } from '../model/address.ts';
import { OPERATIONS } from '../model/operation.ts';
import type { FieldValue, SetField, SetKind } from './record-template.ts';

/**
 * Reads the `key=value` words of a set, in any order. A key that the set does not name, and a word that is no pair, is passed
 * over: later versions of a writer add keys, and it is for them to do so without breaking their readers.
 */
export interface SetReader {
  /**
   * Reads what stands from `start` to `end`, the mark behind the last word included, into `fields`. `null`, or what is wrong
   * where: then `fields` holds nothing of use.
   */
  read(text: string, start: number, end: number, fields: Record<string, FieldValue | null>): SetTrouble | null;
}

export interface SetTrouble {
  readonly message: string;
  /** Offset in the text. */
  readonly offset: number;
}

/** No writer has longer words, or more of them. Without bounds, a line of nothing but heads would cost the square of its length. */
const LONGEST_SET_WORD = 256;
const MOST_SET_WORDS = 64;

/** What a set looks like to the matcher: words of printable characters, one blank behind each, and the mark. */
export const SET_PATTERN = String.raw`(?:[!-~]{1,${LONGEST_SET_WORD}} ){0,${MOST_SET_WORDS}};`;

const MARK = ';';

export function createSetReader(set: readonly SetField[]): SetReader {
  const places = new Map(set.map((field, place) => [field.name, place]));
  /** In which reading each key was seen last. */
  const seen = new Float64Array(set.length);
  let readings = 0;

  /** Reads the pair that stands from `start` to `end`, whose name ends at `equals`. */
  function readPair(
    text: string,
    start: number,
    equals: number,
    end: number,
    fields: Record<string, FieldValue | null>,
  ): SetTrouble | null {
    const place = places.get(text.slice(start, equals)) ?? -1;
    const field = set[place];
    if (!field) return null;
    if (seen[place] === readings) return { message: `${field.name}= stands twice`, offset: start };
    seen[place] = readings;
    const value = toSetValue(field.type, text.slice(equals + 1, end));
    if (value === undefined)
      return { message: `the value of ${field.name}= is no ${SET_WORDS[field.type]}`, offset: equals + 1 };
    fields[field.name] = value;
    return null;
  }

  function readMissing(start: number, fields: Record<string, FieldValue | null>): SetTrouble | null {
    for (const [place, field] of set.entries()) {
      if (seen[place] === readings) continue;
      if (!field.optional) return { message: `${field.name}= is missing`, offset: start };
      fields[field.name] = null;
    }
    return null;
  }

  return {
    read(text, start, end, fields) {
      readings++;
      for (let offset = start; ;) {
        while (offset < end && isBlank(text.charCodeAt(offset))) offset++;
        const wordEnd = endOfWord(text, offset, end);
        if (wordEnd < 0) return { message: 'unexpected character in a value', offset };
        if (wordEnd === offset) return { message: `expected "${MARK}" behind the last value`, offset };
        if (wordEnd === offset + 1 && text[offset] === MARK)
          return text.slice(wordEnd, end).trim() === ''
            ? readMissing(start, fields)
            : { message: 'unexpected text behind a whole record', offset: wordEnd };
        const equals = text.slice(offset, wordEnd).indexOf('=');
        const trouble = equals < 0 ? null : readPair(text, offset, offset + equals, wordEnd, fields);
        if (trouble) return trouble;
        offset = wordEnd;
      }
    },
  };
}

/** Offset behind the word that begins at `start`; -1 if it holds what no writer prints. */
function endOfWord(text: string, start: number, end: number): number {
  for (let offset = start; offset < end; offset++) {
    const code = text.charCodeAt(offset);
    if (isBlank(code)) return offset;
    if (code < 0x21 || code > 0x7e) return -1;
  }
  return end;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const SET_WORDS: Readonly<Record<SetKind, string>> = {
  address: 'hexadecimal number of at most 64 bits',
  dec: 'decimal number',
  operation: 'operation',
  token: 'text',
};

function toSetValue(kind: SetKind, value: string): FieldValue | null | undefined {
  switch (kind) {
    case 'address':
      return /^0[Xx]/.test(value) ? (parseHex(value.slice(2)) ?? undefined) : undefined;
    case 'dec':
      return /^\d{1,16}$/.test(value) && Number(value) <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined;
    case 'operation':
      if (/^Invalid\d*$/.test(value)) return null;
      return OPERATIONS.find((name) => name === value);
    case 'token':
      return value === '' ? undefined : value;
  }
}
