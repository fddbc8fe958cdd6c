import type { Address } from '../model/address.ts';
import { toAddress } from '../model/address.ts';
import { OPERATIONS } from '../model/operation.ts';
import type { FieldKind, FieldValue, RecordDefinition, TemplatePart } from './record-template.ts';
import { parseTemplate } from './record-template.ts';

/**
 * Reads canonical lines: exactly the text that the firmware's format string makes. It exists because lexing and parsing a
 * line with Chevrotain costs 1.2–1.6 µs and a log has tens of millions of them; whatever it refuses goes to the grammar,
 * which is tolerant and says what is wrong. Both are derived from the same templates.
 */
export interface RecordMatcher {
  readonly record: RecordDefinition;
  /** Filled by `match`; reused by the next one. */
  readonly fields: Record<string, FieldValue | null>;
  /** Offset just behind the record that starts at `start`, or -1. Never reads past a line break. */
  match(text: string, start: number): number;
  /** Whether more digits or letters could have followed the last field: a cut line cannot be told from a whole one. */
  readonly openEnded: boolean;
}

export function createRecordMatcher(record: RecordDefinition): RecordMatcher {
  const { required, optional } = parseTemplate(record.template);
  const fields: Record<string, FieldValue | null> = {};
  for (const part of [...required, ...optional]) if (part.kind === 'field') fields[part.name] = null;
  const optionalNames = optional.flatMap((part) => (part.kind === 'field' ? [part.name] : []));
  const last = [...required, ...optional].at(-1);
  return {
    record,
    fields,
    openEnded: last?.kind === 'field',
    match(text, start) {
      const end = matchParts(required, text, start, fields);
      if (end < 0 || optional.length === 0) return end;
      const tailEnd = matchParts(optional, text, end, fields);
      if (tailEnd >= 0) return tailEnd;
      for (const name of optionalNames) fields[name] = null;
      return end;
    },
  };
}

function matchParts(
  parts: readonly TemplatePart[],
  text: string,
  start: number,
  fields: Record<string, FieldValue | null>,
): number {
  let offset = start;
  for (const part of parts) {
    if (part.kind === 'literal') {
      if (!text.startsWith(part.text, offset)) return -1;
      offset += part.text.length;
    } else {
      offset = READERS[part.type](text, offset);
      if (offset < 0) return -1;
      fields[part.name] = lastValue;
    }
  }
  return offset;
}

/** The value of the last successful reader: a second result without an allocation per field. */
let lastValue: FieldValue | null = null;

const READERS: Readonly<Record<FieldKind, (text: string, start: number) => number>> = {
  address: (text, start) =>
    text.charCodeAt(start) === 0x30 && text.charCodeAt(start + 1) === 0x78 ? readHex(text, start + 2) : -1,
  hex: readHex,
  dec: readDecimal,
  word: readWord,
  operation: readOperation,
  text: readText,
};

/** Digits that a double holds exactly: 13 × 4 = 52 bits. */
const EXACT_HEX_DIGITS = 13;

function readHex(text: string, start: number): number {
  let offset = start;
  let value = 0;
  for (; ; offset++) {
    const digit = hexDigit(text.charCodeAt(offset));
    if (digit < 0) break;
    value = value * 16 + digit;
  }
  if (offset === start) return -1;
  if (offset - start > EXACT_HEX_DIGITS) {
    const wide = wideHex(text.slice(start, offset));
    if (wide === null) return -1;
    lastValue = wide;
  } else {
    lastValue = value;
  }
  return offset;
}

function wideHex(digits: string): Address | null {
  const significant = digits.replace(/^0+(?=.)/, '');
  return significant.length > 16 ? null : toAddress(BigInt(`0x${significant}`));
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

function readDecimal(text: string, start: number): number {
  let offset = start;
  let value = 0;
  for (; ; offset++) {
    const code = text.charCodeAt(offset);
    if (code < 0x30 || code > 0x39) break;
    value = value * 10 + (code - 0x30);
  }
  if (offset === start || value > Number.MAX_SAFE_INTEGER) return -1;
  lastValue = value;
  return offset;
}

function readWord(text: string, start: number): number {
  let offset = start;
  while (isWordCode(text.charCodeAt(offset))) offset++;
  const first = text.charCodeAt(start);
  if (offset === start || (first >= 0x30 && first <= 0x39)) return -1;
  lastValue = text.slice(start, offset);
  return offset;
}

/** Whether `code` is an ASCII letter, digit or underscore. `NaN` (past the end) is none. */
export function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  );
}

const OPERATION_NAMES = new Map<string, FieldValue | null>([
  ...OPERATIONS.map((name) => [name, name] as const),
  ['Invalid', null],
]);

function readOperation(text: string, start: number): number {
  const end = readWord(text, start);
  if (end < 0) return -1;
  const value = OPERATION_NAMES.get(lastValue as string);
  if (value === undefined) return -1;
  lastValue = value;
  return end;
}

/** Reads to the end of the line and drops blanks at both ends. */
function readText(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x0a || code === 0x0d) break;
  }
  const value = text.slice(start, end).trim();
  if (value === '') return -1;
  lastValue = value;
  return end;
}
