import { formatAddress } from '../model/address.ts';
import { formatBytes } from '../model/describe.ts';
import { EXPRESSION_NAMES, type ValueForm } from './expression/names.ts';
import type { Expression, Value } from './expression/syntax-tree.ts';
import { plainText } from './words.ts';

/** The value of an expression in words: addresses in hexadecimal where the expression is about addresses, sizes with their unit. */
export function formatValue(value: Value, form: ValueForm): string {
  switch (typeof value) {
    case 'string':
      return plainText(value);
    case 'boolean':
      return String(value);
    case 'number':
    case 'bigint':
      if (form === 'address' && value >= 0 && isWhole(value)) return formatAddress(value);
      if (form === 'bytes' && value >= 1024) return `${value} (${formatBytes(value)})`;
      return String(value);
    default:
      return 'null';
  }
}

/** What the value of an expression is, as far as its form tells. */
export function formOf(expression: Expression): ValueForm {
  switch (expression.kind) {
    case 'literal':
      return expression.hexadecimal ? 'address' : 'number';
    case 'name':
      return EXPRESSION_NAMES.get(expression.name)?.form ?? 'number';
    case 'unary':
      return expression.operator === '!' ? 'yes or no' : formOf(expression.operand);
    case 'binary': {
      if (expression.operator !== '+' && expression.operator !== '-') return 'number';
      const [left, right] = [formOf(expression.left), formOf(expression.right)];
      // The distance of two addresses is a number of bytes.
      if (expression.operator === '-' && left === 'address' && right === 'address') return 'bytes';
      return left === 'address' || right === 'address' ? 'address' : left;
    }
    case 'call':
    case 'in':
      return 'number';
  }
}

export function typeOf(value: Value, form: ValueForm): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint')
    return form === 'address' || form === 'bytes' || form === 'seconds' ? form : 'number';
  return typeof value;
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}
