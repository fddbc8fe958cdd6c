import type { Address } from '../model/address.ts';
import type { DmaEvent } from '../model/events.ts';
import type { Operation } from '../model/operation.ts';

/**
 * A record of a dialect, written as the line looks: literal text with `{name:kind}` fields (`{:kind}` where nobody
 * wants the value) and at most one optional tail in
 * «guillemets», or at the end a set in ‹single ones›: `key=value` words in any order up to the ` ;` that ends the record.
 * From this one definition come the Chevrotain grammar (record-grammar.ts) and the canonical-line matcher
 * (record-matcher.ts); a property test holds the two to the same answers.
 */
export interface RecordDefinition {
  readonly name: string;
  /** The edk2 stable tag, commit month or release that first printed it. */
  readonly since: string;
  readonly template: string;
  /** Set where the record only adds a line to a call that other records tell: not read where details are not wanted. */
  readonly detail?: true;
  /** Words that no `word` field of this record takes: other records of the dialect have them as text. */
  readonly except?: readonly string[];
  /** `null` drops a well-formed record that says nothing about DMA. The fields object is reused: do not keep it. */
  readonly toEvent: (fields: Readonly<Record<string, FieldValue | null>>) => DmaEvent | null;
}

/**
 * `address`: `0x` and hexadecimal digits. `hex`: the same without `0x`. `dec`: decimal digits. `word`: a C identifier.
 * `operation`: a name from model/operation.ts, or `Invalid`, whose value is `null`. `text`: what is left of the line, at least
 * one character that is not blank; only as the last field.
 */
export const FIELD_KINDS = ['address', 'hex', 'dec', 'word', 'operation', 'text'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];
export type FieldValue = Address | string;

interface KindValues {
  address: Address;
  hex: Address;
  dec: number;
  word: string;
  operation: Operation | null;
  text: string;
}

/**
 * Kinds of the values of a set. `token`: printable characters but blanks, of the log's own choice: never to be trusted.
 * `address`, `dec` and `operation` as above, but that an operation may be `Invalid` with a number behind it.
 */
export const SET_KINDS = ['address', 'dec', 'operation', 'token'] as const;
export type SetKind = (typeof SET_KINDS)[number];

interface SetValues {
  address: Address;
  dec: number;
  operation: Operation | null;
  token: string;
}

/** One key of a set; `optional` where it may be missing: its value is `null` then. Written `key:kind`, or `key:kind?`. */
export interface SetField {
  readonly name: string;
  readonly type: SetKind;
  readonly optional: boolean;
}

type KeyIn<T extends string> = T extends `${infer Name}:${infer Kind}?`
  ? Record<Name, Kind extends keyof SetValues ? SetValues[Kind] | null : never>
  : T extends `${infer Name}:${infer Kind}`
    ? Record<Name, Kind extends keyof SetValues ? SetValues[Kind] : never>
    : unknown;
type KeysIn<T extends string> = T extends `${infer Key} ${infer Rest}` ? KeyIn<Key> & KeysIn<Rest> : KeyIn<T>;

type FieldsIn<T extends string> = T extends `${string}{${infer Name}:${infer Kind}}${infer Rest}`
  ? (Name extends '' ? unknown : Record<Name, Kind extends keyof KindValues ? KindValues[Kind] : never>) &
      FieldsIn<Rest>
  : unknown;

/** The fields that a template yields, by name; those of the optional tail may be `null`. */
export type FieldsOf<T extends string> = T extends `${infer Head}«${infer Tail}»`
  ? FieldsIn<Head> & { [Name in keyof FieldsIn<Tail>]: FieldsIn<Tail>[Name] | null }
  : T extends `${infer Head}‹${infer Set}›`
    ? FieldsIn<Head> & KeysIn<Set>
    : FieldsIn<T>;

export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  /** `name` is empty where nobody wants the value. */
  | { readonly kind: 'field'; readonly name: string; readonly type: FieldKind }
  /** `key=value` words and the ` ;` behind them; only as the last part. */
  | { readonly kind: 'set'; readonly fields: readonly SetField[] };

export interface ParsedTemplate {
  readonly required: readonly TemplatePart[];
  /** Parts of the optional tail; empty when there is none. */
  readonly optional: readonly TemplatePart[];
}

/** Declares a record; the types of the fields that `toEvent` sees come from the template itself. */
export function defineRecord<const T extends string>(definition: {
  readonly name: string;
  readonly since: string;
  readonly template: T;
  readonly detail?: true;
  readonly except?: readonly string[];
  readonly toEvent: (fields: FieldsOf<T>) => DmaEvent | null;
}): RecordDefinition {
  // The template's own type proves what the record's field table holds.
  return definition as unknown as RecordDefinition;
}

/** Parses a template. Throws on a bad one: templates are source code, so that is a bug found by the first test. */
export function parseTemplate(template: string): ParsedTemplate {
  const groups = /^(?<head>[^«»‹›]+)(?:«(?<tail>[^«»‹›]+)»|‹(?<set>[^«»‹›]*)›)?$/.exec(template)?.groups;
  const head = groups?.['head'];
  if (head === undefined)
    throw new Error(`Template "${template}": one optional tail in «guillemets», or one ‹set›, at most, at the end`);
  const set = groups?.['set'];
  return {
    required: set === undefined ? toParts(head) : [...toParts(head), { kind: 'set', fields: toSetFields(set) }],
    optional: toParts(groups?.['tail'] ?? ''),
  };
}

/** The literal text a record begins with; empty when it begins with a field. */
export function leadingLiteral(template: string): string {
  return /^[^{«‹]*/.exec(template)?.[0] ?? '';
}

function toParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^{]+|\{/g)) {
    const field = /^\{(?<name>\w*):(?<type>\w+)\}$/.exec(piece)?.groups;
    if (field) {
      const type = FIELD_KINDS.find((kind) => kind === field['type']);
      if (type === undefined) throw new Error(`Template field ${piece}: unknown kind`);
      parts.push({ kind: 'field', name: field['name'] ?? '', type });
    } else {
      parts.push({ kind: 'literal', text: piece });
    }
  }
  return parts;
}

function toSetFields(text: string): SetField[] {
  return text.split(' ').flatMap((key) => {
    if (key === '') return [];
    const groups = /^(?<name>\w+):(?<type>\w+)(?<optional>\??)$/.exec(key)?.groups;
    const type = SET_KINDS.find((kind) => kind === groups?.['type']);
    if (groups?.['name'] === undefined || type === undefined) throw new Error(`Template key ${key}: unknown kind`);
    return [{ name: groups['name'], type, optional: groups['optional'] === '?' }];
  });
}
