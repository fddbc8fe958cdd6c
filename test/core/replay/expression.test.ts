import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkReplayCondition } from '../../../src/core/index.ts';
import { evaluate, holds, type Scope } from '../../../src/core/replay/expression/evaluate.ts';
import { EXPRESSION_NAMES } from '../../../src/core/replay/expression/names.ts';
import { parseExpression } from '../../../src/core/replay/expression/parser.ts';
import type { BinaryOperator, Expression, Value } from '../../../src/core/replay/expression/syntax-tree.ts';
import { BARE_WORDS } from '../../../src/core/replay/expression/words.ts';

const VALUES: Readonly<Record<string, Value>> = {
  live: 12,
  line: 4083,
  op: 'Write64',
  owner: 'XhciDxe',
  kind: 'map-called',
  phase: 'boot-services',
  address: 0x1e6bc010,
  handle: 0xffff_ffff_ffff_fff0n,
  time: 1.5,
  certain: false,
};

const scope: Scope = {
  read: (name) => VALUES[name] ?? null,
  countLive: ({ of, argument }) => (of === 'owner' ? (argument === 'XhciDxe' ? 3 : 0) : of === 'address' ? 1 : 2),
};

function valueOf(text: string): Value {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return evaluate(parsed.value, scope);
}

describe('an expression', () => {
  test.each<[string, Value]>([
    ['live > 10', true],
    ['live > 10 && owner == "XhciDxe"', true],
    ["owner != 'XhciDxe'", false],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['100 / 5 / 2', 10],
    ['7 / 2', 3.5],
    ['-2 * -3', 6],
    ['!certain && live', true],
    ['false || true && false', false],
    ['!(live < 10) || false', true],
    ['live-1', 11],
    ['live - 1 == 11', true],
    ['line in 4083..4084', true],
    ['line in 4000..4083', false],
    ['address in 0x1e6bc000..0x1e6bc000 + 64 * 1024', true],
    ['1.5 <= time', true],
    ['0x10 == 16', true],
    ['0XfF', 255],
    ['0xFFFFFFFFFFFFFFFF', 0xffff_ffff_ffff_ffffn],
    ['0xFFFFFFFFFFFFFFFF + 1', 0x1_0000_0000_0000_0000n],
    ['handle + 15 == 0xffffffffffffffff', true],
    ['handle - handle', 0],
    ['9007199254740993 == 9007199254740992', false],
    ['kind == map-called', true],
    ['kind == "map-called"', true],
    ['phase == boot-services', true],
    ['live("XhciDxe") == 3 && live(\'AtaAtapiPassThruDxe\') == 0', true],
    ['count(Write) + covers(0x1e6bc010)', 3],
    ['true', true],
    ['null == device', true],
  ])('%s is %s', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  test('with an operation that is written without its width means both widths', () => {
    expect(valueOf('op == Write')).toBe(true);
    expect(valueOf('Write == op')).toBe(true);
    expect(valueOf('op != Write')).toBe(false);
    expect(valueOf('op == Write64')).toBe(true);
    expect(valueOf('op == Read')).toBe(false);
    expect(evaluate(expressionOf('op == Write64'), { ...scope, read: () => 'Write' })).toBe(false);
  });

  test.each(['1 / 0', '"a" + 1', '-owner', 'device + 1', 'null * 2', '1 / (live - 12)'])(
    'that makes no sense is null: %s',
    (text) => expect(valueOf(text)).toBeNull(),
  );

  test.each(['owner < 1', 'device > 0', 'device < 0', 'certain >= 0', 'owner in 0..9', '"a" == 1'])(
    'that compares what cannot be compared does not hold: %s',
    (text) => expect(valueOf(text)).toBe(false),
  );

  test.each<[Value, boolean]>([
    [0, false],
    ['', false],
    [null, false],
    [false, false],
    [-1, true],
    ['no', true],
    [true, true],
  ])('with the value %s as a condition: %s', (value, expected) => expect(holds(value)).toBe(expected));
});

describe('a mistake is told with its place', () => {
  test.each([
    ['live > ', 'Something is missing at the end. (at character 8)'],
    ['live = 3', 'To compare, write `==`. (at character 6)'],
    ['live & 3', 'Write `&&`. (at character 6)'],
    ['live > 3)', 'The expression is complete before `)`: an operator is missing. (at character 9)'],
    ['(live > 3', 'A `)` is missing; here is the end. (at character 10)'],
    ['op == write', '`write` is not known here. Did you mean `Write`? Other texts stand in quotes. (at character 7)'],
    ['owner == XhciDxe', '`XhciDxe` is not known here. Other texts stand in quotes. (at character 10)'],
    ['1 < live < 3', 'Comparisons cannot be chained: join them with `&&`. (at character 10)'],
    ['line in 1..3 in 1..2', 'Comparisons cannot be chained: join them with `&&`. (at character 14)'],
    ['line in 3', 'A range is written `from..to`; here is the end. (at character 10)'],
    ['live(owner)', '`live(…)` wants the name of a driver in quotes, such as `live("XhciDxe")`. (at character 6)'],
    ['count(1)', '`count(…)` wants an operation, such as `count(CommonBuffer)`. (at character 7)'],
    ['covers(device)', '`covers(…)` wants an address, such as `covers(0x1e6bc010)`. (at character 8)'],
    ['sum(1)', 'There is no function `sum`, but `live`, `count` and `covers`. (at character 1)'],
    ['covers(', '`covers(…)` wants an address, such as `covers(0x1e6bc010)`. (at character 8)'],
    ['"abc', 'The text that begins with " has no end. (at character 1)'],
    ['0x', '`0x` is no hexadecimal number of up to 64 bits. (at character 1)'],
    ['0x1ffffffffffffffff', '`0x1ffffffffffffffff` is no hexadecimal number of up to 64 bits. (at character 1)'],
    ['18446744073709551616', 'A number has at most 64 bits. (at character 1)'],
    ['12ab', '`12ab` is no number; a hexadecimal one begins with 0x. (at character 1)'],
    ['live # 3', '`#` has no meaning here. (at character 6)'],
    ['* 3', 'A value is missing before `*`. (at character 1)'],
    ['()', 'A value is missing before `)`. (at character 2)'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 'An expression nests at most 32 levels deep. (at character 34)'],
    ['1 '.repeat(501), 'An expression has at most 1000 characters. (at character 1001)'],
  ])('%s', (text, message) => expect(checkReplayCondition(text)).toBe(message));

  test.each(['', '  ', 'live', '1 + 1 || 1 '.trim()])('but none is made in %j', (text) => {
    expect(checkReplayCondition(text)).toBeNull();
  });
});

/** Fully parenthesised where it must be, and with other spaces than anybody would write. */
function print(expression: Expression, space: string): string {
  const inner = (each: Expression): string =>
    each.kind === 'binary' || each.kind === 'in' ? `(${print(each, space)})` : print(each, space);
  switch (expression.kind) {
    case 'literal': {
      const { value, hexadecimal } = expression;
      if (typeof value === 'string') return value.includes('"') ? `'${value}'` : `"${value}"`;
      return hexadecimal && value !== null ? `0x${(value as number | bigint).toString(16)}` : String(value);
    }
    case 'name':
      return expression.name;
    case 'call': {
      const { of, argument } = expression.call;
      return of === 'owner' ? `live("${argument}")` : of === 'operation' ? `count(${argument})` : `covers(${argument})`;
    }
    case 'unary':
      return `${expression.operator}${inner(expression.operand)}`;
    case 'in':
      return `${inner(expression.value)} in ${inner(expression.low)}${space}..${space}${inner(expression.high)}`;
    case 'binary':
      return `${inner(expression.left)}${space}${expression.operator}${space}${inner(expression.right)}`;
  }
}

const number = fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }));
const operators: readonly BinaryOperator[] = ['||', '&&', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/'];

const { expression: expressions } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ kind: fc.constant('literal' as const), value: number, hexadecimal: fc.boolean() }),
    fc.record({
      kind: fc.constant('literal' as const),
      value: fc.oneof(
        fc.constantFrom<Value>(true, false, null),
        fc.string().filter((text) => !(text.includes('"') && text.includes("'"))),
      ),
      hexadecimal: fc.constant(false),
    }),
    fc.record({ kind: fc.constant('name' as const), name: fc.constantFrom(...EXPRESSION_NAMES.keys()) }),
    fc.record({
      kind: fc.constant('call' as const),
      call: fc.oneof(
        fc.record({ of: fc.constant('owner' as const), argument: fc.constantFrom('XhciDxe', '') }),
        fc.record({ of: fc.constant('operation' as const), argument: fc.constantFrom('Read', 'CommonBuffer64') }),
        fc.record({ of: fc.constant('address' as const), argument: number }),
      ),
    }),
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('!' as const, '-' as const),
      operand: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...operators),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({
      kind: fc.constant('in' as const),
      value: tie('expression'),
      low: tie('expression'),
      high: tie('expression'),
    }),
  ),
}));

describe('any expression', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(expressions, fc.constantFrom('', ' ', '\t\n '), (expression, space) => {
        const text = print(expression, space);
        fc.pre(text.length <= 1000);
        expect(parseExpression(text)).toEqual({ ok: true, value: expression });
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  test('has a value, whatever its names stand for', () => {
    const value = fc.oneof(number, fc.double(), fc.string(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(expressions, value, (expression, anything) => {
        const result = evaluate(expression, { read: () => anything, countLive: () => 1 });
        expect(['number', 'bigint', 'string', 'boolean', 'object']).toContain(typeof result);
        expect(result).not.toBeUndefined();
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

describe('any text', () => {
  test('is an expression, or is told why not at a place inside of it', () => {
    const pieces = fc.constantFrom(...operators, '(', ')', '..', ' in ', '0x', '1', '.', "'", '"', '=', '-', 'live');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(pieces, fc.constantFrom(...BARE_WORDS), fc.string({ maxLength: 2 })))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (each) => {
        const parsed = parseExpression(each);
        if (parsed.ok) return;
        expect(parsed.error.message).not.toBe('');
        expect(parsed.error.at).toBeGreaterThanOrEqual(0);
        expect(parsed.error.at).toBeLessThanOrEqual(each.length);
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});

function expressionOf(text: string): Expression {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}
