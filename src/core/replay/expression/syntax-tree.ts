import type { Address } from '../../model/address.ts';

/** What an expression is made of, and what comes of it. */

/** A number is exact up to 64 bits, as addresses are; `null` is what the log does not tell. */
export type Value = Address | string | boolean | null;

export type Expression =
  | { readonly kind: 'literal'; readonly value: Value; readonly hexadecimal: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly call: LiveCount }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `value in low..high`: `high` is not part of the range. */
  | { readonly kind: 'in'; readonly value: Expression; readonly low: Expression; readonly high: Expression };

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/';

/** How many live mappings there are of a kind. What it is asked with is a literal, so that it can be counted along the way. */
export type LiveCount =
  | { readonly of: 'owner'; readonly argument: string }
  | { readonly of: 'operation'; readonly argument: string }
  | { readonly of: 'address'; readonly argument: Address };

/** Why a text is no expression. */
export interface ExpressionError {
  readonly message: string;
  /** Place of the mistake in the text, in UTF-16 units from 0. */
  readonly at: number;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ExpressionError };
