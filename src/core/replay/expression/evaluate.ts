import type { Address } from '../../model/address.ts';
import { toAddress } from '../../model/address.ts';
import type { BinaryOperator, Expression, LiveCount, Value } from './syntax-tree.ts';

/** What the names of an expression stand for at one step. */
export interface Scope {
  read(name: string): Value;
  countLive(call: LiveCount): number;
}

/**
 * The value of an expression. Total: what makes no sense, such as a text plus a number or a division by zero, is `null`, and a
 * comparison of things that cannot be compared does not hold.
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return scope.read(expression.name);
    case 'call':
      return scope.countLive(expression.call);
    case 'unary': {
      const value = evaluate(expression.operand, scope);
      if (expression.operator === '!') return !holds(value);
      return isNumber(value) ? calculate('-', 0, value) : null;
    }
    case 'in': {
      const value = evaluate(expression.value, scope);
      return (
        isLess(evaluate(expression.low, scope), value, true) && isLess(value, evaluate(expression.high, scope), false)
      );
    }
    case 'binary':
      return evaluateBinary(expression.operator, expression.left, expression.right, scope);
  }
}

/** Whether a condition with this value holds. */
export function holds(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

function evaluateBinary(operator: BinaryOperator, left: Expression, right: Expression, scope: Scope): Value {
  const a = evaluate(left, scope);
  if (operator === '&&') return holds(a) && holds(evaluate(right, scope));
  if (operator === '||') return holds(a) || holds(evaluate(right, scope));
  const b = evaluate(right, scope);
  switch (operator) {
    case '==':
      return isSame(a, b, left, right);
    case '!=':
      return !isSame(a, b, left, right);
    case '<':
      return isLess(a, b, false);
    case '<=':
      return isLess(a, b, true);
    case '>':
      return isLess(b, a, false);
    case '>=':
      return isLess(b, a, true);
    case '+':
    case '-':
    case '*':
    case '/':
      return isNumber(a) && isNumber(b) ? calculate(operator, a, b) : null;
  }
}

/** `Write`, where it is written out, is `Write64`, too: the two differ in the width of addresses, which hardly anybody asks for. */
function isSame(a: Value, b: Value, left: Expression, right: Expression): boolean {
  return a === b || isWideFormOf(a, b, right) || isWideFormOf(b, a, left);
}

const OPERATIONS_OF_BOTH_WIDTHS: ReadonlySet<Value> = new Set(['Read', 'Write', 'CommonBuffer']);

function isWideFormOf(value: Value, written: Value, expression: Expression): boolean {
  return expression.kind === 'literal' && OPERATIONS_OF_BOTH_WIDTHS.has(written) && value === `${String(written)}64`;
}

function isLess(a: Value, b: Value, orEqual: boolean): boolean {
  if ((isNumber(a) && isNumber(b)) || (typeof a === 'string' && typeof b === 'string')) return orEqual ? a <= b : a < b;
  return false;
}

function isNumber(value: Value): value is Address {
  return typeof value === 'number' || typeof value === 'bigint';
}

function calculate(operator: '+' | '-' | '*' | '/', a: Address, b: Address): Value {
  if (operator === '/') return divide(a, b);
  if (typeof a === 'number' && typeof b === 'number') {
    const result = operator === '+' ? a + b : operator === '-' ? a - b : a * b;
    if (Math.abs(result) <= Number.MAX_SAFE_INTEGER) return noMinusZero(result);
    if (!Number.isInteger(a) || !Number.isInteger(b)) return finite(result);
  } else if (!isWhole(a) || !isWhole(b)) {
    return finite(
      operator === '+' ? Number(a) + Number(b) : operator === '-' ? Number(a) - Number(b) : Number(a) * Number(b),
    );
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  return exact(operator === '+' ? x + y : operator === '-' ? x - y : x * y);
}

function divide(a: Address, b: Address): Value {
  if (Number(b) === 0) return null;
  if (isWhole(a) && isWhole(b)) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if (x % y === 0n) return exact(x / y);
  }
  return finite(Number(a) / Number(b));
}

function isWhole(value: Address): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** As everywhere, a number where that is exact. */
function exact(value: bigint): Address {
  return value >= 0n ? toAddress(value) : value >= -BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function finite(value: number): Value {
  return Number.isFinite(value) ? noMinusZero(value) : null;
}

function noMinusZero(value: number): number {
  return value === 0 ? 0 : value;
}
