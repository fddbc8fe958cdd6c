import type { Address } from '../../model/address.ts';
import { parseHex, toAddress } from '../../model/address.ts';
import type { Parsed } from './syntax-tree.ts';
import { DASHED_WORDS } from './words.ts';

export type Token = { readonly at: number } & (
  | { readonly kind: 'number'; readonly value: Address; readonly hexadecimal: boolean }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'end' }
);

/** Whoever writes more than this pasted something else. */
const LONGEST_EXPRESSION = 1000;

const SIGNS = ['==', '!=', '<=', '>=', '&&', '||', '..', '<', '>', '!', '+', '-', '*', '/', '(', ')'] as const;

/** Every pattern begins where it is applied and repeats one class of characters, so that no text costs more than its length. */
const SPACE = /\s+/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d\w*/y;
const FRACTION = /\.\d+/y;

/** Cuts a text into tokens, the last of which is the end. */
export function readTokens(text: string): Parsed<readonly Token[]> {
  if (text.length > LONGEST_EXPRESSION)
    return fail(`An expression has at most ${LONGEST_EXPRESSION} characters.`, LONGEST_EXPRESSION);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    at += space.length;
    if (at >= text.length) break;
    const token = readToken(text, at);
    if (!token.ok) return token;
    tokens.push(token.value.token);
    at = token.value.end;
  }
  tokens.push({ kind: 'end', at: text.length });
  return { ok: true, value: tokens };
}

type Read = Parsed<{ readonly token: Token; readonly end: number }>;

function readToken(text: string, at: number): Read {
  const first = text.charAt(at);
  if (first === '"' || first === "'") return readString(text, at, first);
  if (first >= '0' && first <= '9') return readNumber(text, at);
  const word = wordAt(text, at);
  if (word !== '') return found({ kind: 'word', text: word, at }, at + word.length);
  const sign = SIGNS.find((each) => text.startsWith(each, at));
  if (sign !== undefined) return found({ kind: 'sign', text: sign, at }, at + sign.length);
  if (first === '=') return fail('To compare, write `==`.', at);
  if (first === '&' || first === '|') return fail(`Write \`${first}${first}\`.`, at);
  return fail(`\`${String.fromCodePoint(text.codePointAt(at) ?? 0)}\` has no meaning here.`, at);
}

/** Kinds of steps have dashes in their names: `map-called` is one word, `live-1` is a subtraction. */
function wordAt(text: string, at: number): string {
  const dashed = DASHED_WORDS.find((each) => text.startsWith(each, at) && !/[\w-]/.test(text.charAt(at + each.length)));
  return dashed ?? matchAt(WORD, text, at);
}

function readString(text: string, at: number, quote: string): Read {
  const end = text.indexOf(quote, at + 1);
  if (end < 0) return fail(`The text that begins with ${quote} has no end.`, at);
  return found({ kind: 'string', text: text.slice(at + 1, end), at }, end + 1);
}

function readNumber(text: string, at: number): Read {
  const digits = matchAt(NUMBER, text, at);
  if (/^0x/i.test(digits)) {
    const value = parseHex(digits.slice(2));
    if (value === null) return fail(`\`${digits}\` is no hexadecimal number of up to 64 bits.`, at);
    return found({ kind: 'number', value, hexadecimal: true, at }, at + digits.length);
  }
  if (!/^\d+$/.test(digits)) return fail(`\`${digits}\` is no number; a hexadecimal one begins with 0x.`, at);
  const fraction = matchAt(FRACTION, text, at + digits.length);
  const value = fraction === '' ? toAddress(BigInt(digits)) : Number(digits + fraction);
  if (value >= 2n ** 64n) return fail('A number has at most 64 bits.', at);
  return found({ kind: 'number', value, hexadecimal: false, at }, at + digits.length + fraction.length);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function found(token: Token, end: number): Read {
  return { ok: true, value: { token, end } };
}

function fail(message: string, at: number): Parsed<never> {
  return { ok: false, error: { message, at } };
}
