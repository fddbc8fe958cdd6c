import { OPERATIONS } from '../../model/operation.ts';
import { EXPRESSION_NAMES } from './names.ts';
import type { BinaryOperator, Expression, ExpressionError, LiveCount, Parsed, Value } from './syntax-tree.ts';
import type { Token } from './tokens.ts';
import { readTokens } from './tokens.ts';
import { BARE_WORDS } from './words.ts';

/** Parentheses and signs inside each other: deeper than anybody thinks. */
const DEEPEST_NESTING = 32;

const COMPARISONS: readonly BinaryOperator[] = ['==', '!=', '<', '<=', '>', '>='];
/** From the weakest to the strongest. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['||'], ['&&'], COMPARISONS, ['+', '-'], ['*', '/']];

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads an expression. Never throws; takes time and memory in proportion to the text, which is bounded. */
export function parseExpression(text: string): Parsed<Expression> {
  const tokens = readTokens(text);
  if (!tokens.ok) return tokens;
  try {
    return { ok: true, value: createParser(tokens.value).whole() };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, error: { message: error.message, at: error.at } };
    throw error;
  }
}

/** Leaves the recursion of the parser; nobody outside sees it. */
class Mistake extends Error implements ExpressionError {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function createParser(tokens: readonly Token[]): { whole(): Expression } {
  let next = 0;
  let depth = 0;

  function peek(): Token {
    const token = tokens[next];
    // The end is never taken.
    if (token === undefined) throw new Mistake('The expression ends here.', 0);
    return token;
  }

  function isSign(text: string): boolean {
    const token = peek();
    return token.kind === 'sign' && token.text === text;
  }

  function take(signs: readonly BinaryOperator[]): BinaryOperator | null {
    const taken = signs.find(isSign);
    if (taken !== undefined) next++;
    return taken ?? null;
  }

  function expect(sign: string, why: string): void {
    if (!isSign(sign)) throw new Mistake(`${why}; here is ${nameOf(peek())}.`, peek().at);
    next++;
  }

  function nested<T>(read: () => T): T {
    if (++depth > DEEPEST_NESTING)
      throw new Mistake(`An expression nests at most ${DEEPEST_NESTING} levels deep.`, peek().at);
    const value = read();
    depth--;
    return value;
  }

  function level(index: number): Expression {
    const signs = LEVELS[index];
    if (signs === undefined) return unary();
    if (signs === COMPARISONS) return comparison(index);
    let left = level(index + 1);
    for (let operator = take(signs); operator !== null; operator = take(signs))
      left = { kind: 'binary', operator, left, right: level(index + 1) };
    return left;
  }

  /** `in` is as strong as the other comparisons, and none can be followed by another. */
  function comparison(index: number): Expression {
    const left = level(index + 1);
    const operator = take(COMPARISONS);
    let result = left;
    if (operator !== null) {
      result = { kind: 'binary', operator, left, right: level(index + 1) };
    } else if (isIn()) {
      next++;
      const low = level(index + 1);
      expect('..', 'A range is written `from..to`');
      result = { kind: 'in', value: left, low, high: level(index + 1) };
    }
    if (result !== left && (COMPARISONS.some(isSign) || isIn()))
      throw new Mistake('Comparisons cannot be chained: join them with `&&`.', peek().at);
    return result;
  }

  function isIn(): boolean {
    const token = peek();
    return token.kind === 'word' && token.text === 'in';
  }

  function unary(): Expression {
    for (const operator of ['!', '-'] as const) {
      if (!isSign(operator)) continue;
      next++;
      return nested(() => ({ kind: 'unary', operator, operand: unary() }));
    }
    return primary();
  }

  function primary(): Expression {
    const token = peek();
    if (token.kind === 'end') throw new Mistake('Something is missing at the end.', token.at);
    if (isSign('(')) {
      next++;
      const inner = nested(() => level(0));
      expect(')', 'A `)` is missing');
      return inner;
    }
    next++;
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: token.value, hexadecimal: token.hexadecimal };
      case 'string':
        return literal(token.text);
      case 'word':
        return isSign('(') ? call(token) : word(token);
      case 'sign':
        throw new Mistake(`A value is missing before \`${token.text}\`.`, token.at);
    }
  }

  function word({ text, at }: { readonly text: string; readonly at: number }): Expression {
    const constant = CONSTANTS.get(text);
    if (constant !== undefined) return literal(constant);
    if (EXPRESSION_NAMES.has(text)) return { kind: 'name', name: text };
    if (BARE_WORDS.has(text)) return literal(text);
    throw new Mistake(`\`${text}\` is not known here.${suggestionFor(text)} Other texts stand in quotes.`, at);
  }

  function call(name: { readonly text: string; readonly at: number }): Expression {
    next++;
    const argument = peek();
    next++;
    const made = liveCount(name, argument);
    expect(')', 'A `)` is missing');
    return { kind: 'call', call: made };
  }

  return {
    whole() {
      const expression = level(0);
      const rest = peek();
      if (rest.kind !== 'end')
        throw new Mistake(`The expression is complete before ${nameOf(rest)}: an operator is missing.`, rest.at);
      return expression;
    },
  };
}

function liveCount({ text, at }: { readonly text: string; readonly at: number }, argument: Token): LiveCount {
  switch (text) {
    case 'live':
      if (argument.kind === 'string') return { of: 'owner', argument: argument.text };
      throw new Mistake('`live(…)` wants the name of a driver in quotes, such as `live("XhciDxe")`.', argument.at);
    case 'count':
      if ((argument.kind === 'word' || argument.kind === 'string') && OPERATIONS.some((each) => each === argument.text))
        return { of: 'operation', argument: argument.text };
      throw new Mistake('`count(…)` wants an operation, such as `count(CommonBuffer)`.', argument.at);
    case 'covers':
      if (argument.kind === 'number') return { of: 'address', argument: argument.value };
      throw new Mistake('`covers(…)` wants an address, such as `covers(0x1e6bc010)`.', argument.at);
    default:
      throw new Mistake(`There is no function \`${text}\`, but \`live\`, \`count\` and \`covers\`.`, at);
  }
}

function literal(value: Value): Expression {
  return { kind: 'literal', value, hexadecimal: false };
}

function nameOf(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end';
    case 'number':
      return 'a number';
    case 'string':
      return 'a text';
    case 'word':
    case 'sign':
      return `\`${token.text}\``;
  }
}

function suggestionFor(text: string): string {
  const wanted = text.toLowerCase();
  const near = [...EXPRESSION_NAMES.keys(), ...BARE_WORDS].find((word) => word.toLowerCase() === wanted);
  return near === undefined ? '' : ` Did you mean \`${near}\`?`;
}
