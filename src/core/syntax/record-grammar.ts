import type { IParserErrorMessageProvider, IToken, TokenType, ParserMethod } from 'chevrotain';
import { createToken, defaultParserErrorProvider, EmbeddedActionsParser, EOF, Lexer, tokenLabel } from 'chevrotain';
import { parseHex } from '../model/address.ts';
import { OPERATIONS } from '../model/operation.ts';
import type { FieldKind, FieldValue, RecordDefinition, TemplatePart } from './record-template.ts';
import { parseTemplate } from './record-template.ts';
import { createSetReader } from './set-reader.ts';

/**
 * The grammar of a dialect's records, built from their templates. It is the specification of the language: it accepts what the
 * canonical matcher accepts, and besides that any blanks between words, lower- and upper-case hexadecimal, and further
 * `, Name=value` fields behind a known record, as later edk2 versions append them. What it refuses it explains.
 */
export interface RecordGrammar {
  /** Parses one record that begins at the start of `text` and must reach its end. Never throws. */
  parse(text: string): RecordParse;
}

export type RecordParse =
  | {
      readonly ok: true;
      readonly record: RecordDefinition;
      readonly fields: Readonly<Record<string, FieldValue | null>>;
    }
  /** `offset` is where in `text` the trouble is. */
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Only production bundles skip Chevrotain's self-check; the tests build every grammar with it. */
declare const __PRODUCTION__: boolean | undefined;
const skipValidations = typeof __PRODUCTION__ !== 'undefined' && __PRODUCTION__;

/** Builds lexer and parser: 10–80 ms, so callers make it on first use. */
export function createRecordGrammar(records: readonly RecordDefinition[]): RecordGrammar {
  const vocabulary = createVocabulary(records);
  const lexer = new Lexer(vocabulary.tokens, {
    ensureOptimizations: true,
    positionTracking: 'onlyOffset',
    skipValidations,
  });
  const parser = new RecordParser(vocabulary, createTrie(records, vocabulary));
  return {
    parse(text) {
      const lexed = lexer.tokenize(text);
      const unreadable = lexed.errors[0];
      const readable = unreadable
        ? lexed.tokens.filter((token) => token.startOffset < unreadable.offset)
        : lexed.tokens;
      const matched = parser.parseRecord(text, readable);
      const error = parser.errors[0];
      if (!error && matched && !unreadable) return matched;
      const atEnd = error === undefined || error.token.tokenType === EOF;
      if (unreadable && atEnd)
        return { ok: false, message: `unexpected ${quote(text.slice(unreadable.offset))}`, offset: unreadable.offset };
      return {
        ok: false,
        message: error?.message ?? 'not a known record',
        offset: atEnd ? text.length : error.token.startOffset,
      };
    },
  };
}

interface Vocabulary {
  readonly tokens: TokenType[];
  readonly literals: ReadonlyMap<string, TokenType>;
  readonly fields: Readonly<Record<FieldKind, TokenType>>;
  readonly comma: TokenType;
  readonly fieldName: TokenType;
  readonly anyValue: TokenType;
}

const OPERATION_NAMES: readonly string[] = [...OPERATIONS, 'Invalid'];

function createVocabulary(records: readonly RecordDefinition[]): Vocabulary {
  const anyValue = createToken({ name: 'Value', label: 'a value', pattern: Lexer.NA });
  const wordLike = createToken({ name: 'Word', label: 'a name', pattern: Lexer.NA, categories: [anyValue] });
  const digits = createToken({ name: 'Digits', label: 'digits', pattern: Lexer.NA, categories: [anyValue] });
  const operation = createToken({
    name: 'Operation',
    label: 'an operation',
    pattern: Lexer.NA,
    categories: [wordLike],
  });
  const name = createToken({ name: 'Name', pattern: /[A-Z_a-z]\w*/, categories: [wordLike] });
  const address = createToken({
    name: 'Address',
    label: 'a hexadecimal number',
    pattern: /0[Xx][\dA-Fa-f]+/,
    categories: [anyValue],
  });
  const decimal = createToken({ name: 'Decimal', pattern: /\d+/, categories: [digits], longer_alt: name });
  const hexWord = createToken({
    name: 'HexWord',
    pattern: /[A-Fa-f][\dA-Fa-f]*/,
    categories: [digits, wordLike],
    longer_alt: name,
  });
  const hexMixed = createToken({ name: 'HexMixed', pattern: /\d+[A-Fa-f][\dA-Fa-f]*/, categories: [digits] });
  const fieldName = createToken({ name: 'FieldName', pattern: /[A-Z_a-z]\w*=/ });
  const comma = createToken({ name: 'Comma', label: '","', pattern: ',' });
  const other = createToken({ name: 'Other', pattern: /[!-/:-@[-`{-\uffff]/ });
  const anyText = createToken({ name: 'Text', label: 'text', pattern: Lexer.NA });
  const blank = createToken({ name: 'Blank', pattern: /[\t ]+/, group: Lexer.SKIPPED });
  const texts = [
    ...new Set(
      records.flatMap((record) =>
        allParts(record).flatMap((part) => (part.kind === 'literal' ? words(part.text) : [])),
      ),
    ),
  ];
  const literals = new Map(
    texts
      .sort(longestFirst)
      .map((text, index) => [
        text,
        text === ','
          ? comma
          : createToken({ name: `Text${index}`, label: `"${text}"`, pattern: text, ...literalTraits(text) }),
      ]),
  );
  function literalTraits(text: string): { longer_alt?: TokenType; categories?: TokenType[] } {
    if (/^[A-Z_a-z]\w*=$/.test(text)) return { categories: [fieldName] };
    if (text === '0x') return { longer_alt: address };
    if (OPERATION_NAMES.includes(text)) return { longer_alt: name, categories: [operation] };
    return /^[A-Z_a-z]\w*$/.test(text) ? { longer_alt: name } : {};
  }
  const operations = OPERATION_NAMES.filter((text) => !literals.has(text))
    .sort(longestFirst)
    .map((text) => createToken({ name: `Op${text}`, pattern: text, categories: [operation], longer_alt: name }));
  const tokens = [
    blank,
    ...[...literals.values()].filter((token) => token !== comma),
    ...operations,
    fieldName,
    address,
    hexMixed,
    decimal,
    hexWord,
    name,
    comma,
    other,
    digits,
    operation,
    wordLike,
    anyValue,
    anyText,
  ];
  for (const token of tokens) if (token !== blank && token !== anyText) (token.CATEGORIES ??= []).push(anyText);
  return {
    tokens,
    literals,
    fields: { address, hex: digits, dec: digits, word: wordLike, operation, text: anyText },
    comma,
    fieldName,
    anyValue,
  };
}

/** What yields values: one, or those of a set. */
type ValuePart = Extract<TemplatePart, { kind: 'field' | 'set' }>;

/** One step of a record: a token, and the field that takes its image if it is one. */
interface TrieEdge {
  readonly token: TokenType;
  readonly fields: Map<RecordDefinition, ValuePart>;
  readonly node: TrieNode;
}

/** Left-factored form of all templates, so that one token of lookahead decides. */
interface TrieNode {
  readonly edges: TrieEdge[];
  record: RecordDefinition | null;
}

function createTrie(records: readonly RecordDefinition[], vocabulary: Vocabulary): TrieNode {
  const root: TrieNode = { edges: [], record: null };
  for (const record of records) {
    const { required, optional } = parseTemplate(record.template);
    for (const parts of optional.length === 0 ? [required] : [required, [...required, ...optional]]) {
      let node = root;
      for (const part of parts) node = followPart(node, part, record, vocabulary);
      node.record ??= record;
    }
  }
  return root;
}

function followPart(node: TrieNode, part: TemplatePart, record: RecordDefinition, vocabulary: Vocabulary): TrieNode {
  if (part.kind === 'field') return follow(node, vocabulary.fields[part.type], record, part);
  if (part.kind === 'set') return follow(node, vocabulary.fields.text, record, part);
  return words(part.text).reduce((from, text) => follow(from, literalToken(vocabulary, text), record, null), node);
}

function literalToken(vocabulary: Vocabulary, text: string): TokenType {
  const token = vocabulary.literals.get(text);
  if (!token) throw new Error(`No token for "${text}"`);
  return token;
}

function follow(node: TrieNode, token: TokenType, record: RecordDefinition, value: ValuePart | null): TrieNode {
  let edge = node.edges.find((candidate) => candidate.token === token);
  if (!edge) {
    edge = { token, fields: new Map(), node: { edges: [], record: null } };
    node.edges.push(edge);
  }
  if (value && (value.kind === 'set' || value.name !== '')) edge.fields.set(record, value);
  return edge.node;
}

interface Captured {
  readonly edge: TrieEdge;
  readonly image: string;
  readonly offset: number;
}

class RecordParser extends EmbeddedActionsParser {
  readonly #recordRule: ParserMethod<[], RecordParse | null>;
  readonly #vocabulary: Vocabulary;
  #text = '';
  /** Chevrotain wants the calls of one method with one token to be numbered within a rule, from 0 to 255. */
  readonly #occurrences = new Map<TokenType | 'or' | 'option' | 'many', number>();

  constructor(vocabulary: Vocabulary, root: TrieNode) {
    super(vocabulary.tokens, {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: ERROR_WORDING,
    });
    this.#vocabulary = vocabulary;
    const grammar = this.#plan(root);
    this.#recordRule = this.RULE('record', () => {
      const captured: Captured[] = [];
      return grammar(captured);
    });
    this.performSelfAnalysis();
  }

  parseRecord(text: string, tokens: IToken[]): RecordParse | null {
    this.#text = text;
    this.input = tokens;
    return this.#recordRule();
  }

  #number(key: TokenType | 'or' | 'option' | 'many'): number {
    const number = this.#occurrences.get(key) ?? 0;
    this.#occurrences.set(key, number + 1);
    return number;
  }

  /** Turns a node into the parsing calls for all that can follow it; numbers them once, ahead of recording and parsing. */
  #plan(node: TrieNode): (captured: Captured[]) => RecordParse | null {
    const steps = node.edges.map((edge) => {
      const occurrence = this.#number(edge.token);
      const isText = edge.token === this.#vocabulary.fields.text;
      const more = isText ? { many: this.#number('many'), consume: this.#number(edge.token) } : null;
      const rest = this.#plan(edge.node);
      return (captured: Captured[]): RecordParse | null => {
        const token = this.consume(occurrence, edge.token);
        this.ACTION(() => {
          if (edge.fields.size > 0) captured.push({ edge, image: token.image, offset: token.startOffset });
        });
        if (more) this.many(more.many, () => this.consume(more.consume, edge.token));
        return rest(captured);
      };
    });
    const { record } = node;
    const [only] = steps;
    if (record) {
      if (steps.length === 0)
        return endsInText(record)
          ? (captured) => this.ACTION(() => toResult(record, captured, this.#text))
          : this.#planTail(record);
      const occurrence = this.#number('option');
      const choice = this.#planChoice(steps);
      // A record that may go on: what follows is tried first, and the end of the line ends it here.
      return (captured) =>
        this.option(occurrence, () => choice(captured)) ?? this.ACTION(() => toResult(record, captured, this.#text));
    }
    return steps.length === 1 && only ? only : this.#planChoice(steps);
  }

  #planChoice(
    steps: readonly ((captured: Captured[]) => RecordParse | null)[],
  ): (captured: Captured[]) => RecordParse | null {
    const occurrence = this.#number('or');
    let current: Captured[] = [];
    const alternatives: { ALT: () => RecordParse | null }[] = steps.map((step) => ({ ALT: () => step(current) }));
    return (captured) => {
      current = captured;
      return this.or(occurrence, alternatives) as RecordParse | null;
    };
  }

  /** Later versions of edk2 append `, Name=value` fields: read over them. */
  #planTail(record: RecordDefinition): (captured: Captured[]) => RecordParse | null {
    const { comma, fieldName, anyValue } = this.#vocabulary;
    const many = this.#number('many');
    const [commaNumber, nameNumber, valueNumber] = [
      this.#number(comma),
      this.#number(fieldName),
      this.#number(anyValue),
    ];
    return (captured) => {
      this.many(many, () => {
        this.consume(commaNumber, comma);
        this.consume(nameNumber, fieldName);
        this.consume(valueNumber, anyValue);
      });
      return this.ACTION(() => toResult(record, captured, this.#text));
    };
  }
}

function toResult(record: RecordDefinition, captured: readonly Captured[], text: string): RecordParse {
  const fields: Record<string, FieldValue | null> = {};
  for (const part of allParts(record)) if (part.kind === 'field' && part.name !== '') fields[part.name] = null;
  for (const { edge, image, offset } of captured) {
    const field = edge.fields.get(record);
    if (!field) continue;
    if (field.kind === 'set') {
      const trouble = createSetReader(field.fields).read(text, offset, text.length, fields);
      if (trouble) return { ok: false, ...trouble };
      continue;
    }
    const value = toValue(field.type, field.type === 'text' ? text.slice(offset).trimEnd() : image);
    if (value === undefined)
      return { ok: false, message: `${field.name}: ${quote(image)} is no ${FIELD_WORDS[field.type]}`, offset };
    fields[field.name] = value;
  }
  return { ok: true, record, fields };
}

function toValue(type: FieldKind, image: string): FieldValue | null | undefined {
  switch (type) {
    case 'address':
      return parseHex(image.slice(2)) ?? undefined;
    case 'hex':
      return parseHex(image) ?? undefined;
    case 'dec':
      return /^\d+$/.test(image) && Number(image) <= Number.MAX_SAFE_INTEGER ? Number(image) : undefined;
    case 'word':
    case 'text':
      return image;
    case 'operation':
      return image === 'Invalid' ? null : image;
  }
}

const FIELD_WORDS: Readonly<Record<FieldKind, string>> = {
  address: 'hexadecimal number of at most 64 bits',
  hex: 'hexadecimal number of at most 64 bits',
  dec: 'decimal number',
  word: 'name',
  operation: 'operation',
  text: 'text',
};

const ERROR_WORDING: IParserErrorMessageProvider = {
  ...defaultParserErrorProvider,
  buildMismatchTokenMessage: ({ expected, actual }) => `expected ${tokenLabel(expected)} but found ${found(actual)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) =>
    `expected ${[...new Set(expectedPathsPerAlt.flat().flatMap((path) => path.slice(0, 1).map(tokenLabel)))].join(' or ')} but found ${found(actual[0])}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${found(firstRedundant)} behind a whole record`,
};

function found(token: IToken | undefined): string {
  return token === undefined || token.tokenType === EOF ? 'the end of the line' : quote(token.image);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function endsInText(record: RecordDefinition): boolean {
  const last = allParts(record).at(-1);
  return last?.kind === 'set' || (last?.kind === 'field' && last.type === 'text');
}

function allParts(record: RecordDefinition): TemplatePart[] {
  const { required, optional } = parseTemplate(record.template);
  return [...required, ...optional];
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}
