import type { Address } from '../model/address.ts';
import { toAddress } from '../model/address.ts';
import { OPERATIONS } from '../model/operation.ts';
import type { FieldKind, FieldValue, RecordDefinition, TemplatePart } from './record-template.ts';
import { parseTemplate } from './record-template.ts';
import { createSetReader, SET_PATTERN } from './set-reader.ts';

/**
 * Reads canonical lines: exactly the text that the firmware's format string makes. It exists because lexing and parsing a
 * line with Chevrotain costs several times as much and a log has tens of millions of them; whatever it refuses goes to the
 * grammar, which is tolerant and says what is wrong. Both are derived from the same templates.
 */
export interface RecordMatcher {
  readonly record: RecordDefinition;
  /** Filled by `match`; reused by the next one. */
  readonly fields: Record<string, FieldValue | null>;
  /** Offset just behind the record that starts at `start`, or -1. Never reads past a line break. */
  match(text: string, start: number): number;
  /** As `match`, but leaves the fields alone. */
  matchOnly(text: string, start: number): number;
  /** Whether more digits or letters could have followed: a cut line cannot be told from a whole one. */
  readonly openEnded: boolean;
}

/**
 * A sticky regular expression made from the template says whether the record stands there: native code, several times faster
 * than comparing in JavaScript. Behind it the literals are known and only skipped; the wanted fields are read on the way.
 */
export function createRecordMatcher(record: RecordDefinition): RecordMatcher {
  const { required, optional } = parseTemplate(record.template);
  const { except = [] } = record;
  const pattern = new RegExp(
    `${toPattern(required, except)}${optional.length > 0 ? `(?:${toPattern(optional, except)})?` : ''}`,
    'y',
  );
  const optionalSteps = toSteps(optional, false);
  const requiredSteps = toSteps(required, optionalSteps.length > 0 || required.at(-1)?.kind === 'set');
  const requiredTail = trailingLiteral(required);
  const last = [...required, ...optional].at(-1);
  const set = last?.kind === 'set' ? createSetReader(last.fields) : null;
  const fields: Record<string, FieldValue | null> = {};
  for (const step of [...requiredSteps, ...optionalSteps]) if (step.name !== '') fields[step.name] = null;
  return {
    record,
    fields,
    openEnded: isOpenEnded(last),
    matchOnly(text, start) {
      pattern.lastIndex = start;
      return pattern.test(text) ? pattern.lastIndex : -1;
    },
    match(text, start) {
      pattern.lastIndex = start;
      if (!pattern.test(text)) return -1;
      const end = pattern.lastIndex;
      const offset = readSteps(requiredSteps, text, start, fields);
      if (offset < 0) return -1;
      if (set) return set.read(text, offset + requiredTail, end, fields) === null ? end : -1;
      if (optionalSteps.length === 0) return end;
      if (offset + requiredTail < end)
        return readSteps(optionalSteps, text, offset + requiredTail, fields) < 0 ? -1 : end;
      for (const step of optionalSteps) if (step.name !== '') fields[step.name] = null;
      return end;
    },
  };
}

/** What to do to reach and read one field: skip the literal before it, then read. */
interface Step {
  readonly skip: number;
  readonly type: FieldKind;
  /** Empty where nobody wants the value. */
  readonly name: string;
}

/** Steps up to the last field that is wanted, or to the end if something is read behind it. The rest is checked and not looked at again. */
function toSteps(parts: readonly TemplatePart[], toEnd: boolean): readonly Step[] {
  const steps: Step[] = [];
  let skip = 0;
  for (const part of parts) {
    if (part.kind === 'literal') {
      skip += part.text.length;
    } else if (part.kind === 'field') {
      steps.push({ skip, type: part.type, name: part.name });
      skip = 0;
    }
  }
  while (!toEnd && steps.at(-1)?.name === '') steps.pop();
  return steps;
}

/** Digits may follow a bare `0x`, too. A set ends with its own mark. */
function isOpenEnded(last: TemplatePart | undefined): boolean {
  return last?.kind === 'field' || (last?.kind === 'literal' && last.text.endsWith('0x'));
}

/** Length of the text behind the last field. */
function trailingLiteral(parts: readonly TemplatePart[]): number {
  const last = parts.filter((part) => part.kind !== 'set').at(-1);
  return last?.kind === 'literal' ? last.text.length : 0;
}

function readSteps(
  steps: readonly Step[],
  text: string,
  start: number,
  fields: Record<string, FieldValue | null>,
): number {
  let offset = start;
  for (const step of steps) {
    offset = readField(step.type, text, offset + step.skip);
    if (offset < 0) return -1;
    if (step.name !== '') fields[step.name] = lastValue;
  }
  return offset;
}

/** No function has a longer name. Without a bound, a line of nothing but names would cost the square of its length. */
export const LONGEST_WORD = 256;

const FIELD_PATTERNS: Readonly<Record<FieldKind, string>> = {
  address: '0x[0-9A-Fa-f]+',
  hex: '[0-9A-Fa-f]+',
  dec: '[0-9]+',
  word: `[A-Za-z_][A-Za-z0-9_]{0,${LONGEST_WORD - 1}}`,
  operation: '[A-Za-z0-9]+',
  text: String.raw`[\t -\uffff]*[!-\uffff]`,
};

function toPattern(parts: readonly TemplatePart[], except: readonly string[]): string {
  const others = except.length === 0 ? '' : `(?!(?:${except.join('|')})(?![A-Za-z0-9_]))`;
  return parts
    .map((part) => {
      if (part.kind === 'literal') return part.text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
      if (part.kind === 'set') return SET_PATTERN;
      return part.type === 'word' ? others + FIELD_PATTERNS.word : FIELD_PATTERNS[part.type];
    })
    .join('');
}

/** The value of the last successful reader: a second result without an allocation per field. */
let lastValue: FieldValue | null = null;

function readField(type: FieldKind, text: string, start: number): number {
  switch (type) {
    case 'address':
      return readHex(text, start + 2);
    case 'hex':
      return readHex(text, start);
    case 'dec':
      return readDecimal(text, start);
    case 'word':
      return readWord(text, start);
    case 'operation':
      return readOperation(text, start);
    case 'text':
      return readText(text, start);
  }
}

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
  if (code <= 0x39) return code >= 0x30 ? code - 0x30 : -1;
  if (code <= 0x46) return code >= 0x41 ? code - 0x37 : -1;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

function readDecimal(text: string, start: number): number {
  let offset = start;
  let value = 0;
  for (; ; offset++) {
    const code = text.charCodeAt(offset);
    if (!(code >= 0x30 && code <= 0x39)) break;
    value = value * 10 + (code - 0x30);
  }
  if (value > Number.MAX_SAFE_INTEGER) return -1;
  lastValue = value;
  return offset;
}

function readWord(text: string, start: number): number {
  let offset = start;
  while (offset - start < LONGEST_WORD && isWordCode(text.charCodeAt(offset))) offset++;
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
  const value = OPERATION_NAMES.get(lastValue as string);
  if (value === undefined) return -1;
  lastValue = value;
  return end;
}

/** Reads to the end of the line, or to a control character, and drops blanks at both ends. */
function readText(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 0x20 && code !== 0x09) break;
  }
  lastValue = text.slice(start, end).trim();
  return end;
}
