/**
 * Gives the text of bytes that come in pieces, one character to one UTF-16 unit where Unicode has room for that. A log is ASCII
 * with strangers in it, so it is read as ISO 8859-1, which loses nothing. Only where a byte order mark says so, or where every
 * other byte is NUL, is it UTF: the PowerShell of Windows writes that when the output of QEMU goes to a file.
 */
export interface ByteDecoder {
  /** Empty as long as the first bytes do not tell the encoding, or while a character is not whole. */
  decode(bytes: Uint8Array): string;
  /** Ends the input and gives what is left of it. */
  end(): string;
}

export type Encoding = 'iso-8859-1' | 'utf-8' | 'utf-16le' | 'utf-16be';

/** How far the first bytes are looked at for NULs. */
const LOOKED_AT = 4096;
/** Fewer bytes than these say nothing. */
const FEWEST = 4;

const NONE: Uint8Array = new Uint8Array(0);

/** `decodeLatin1` decodes one byte to one unit: what the host has is faster than any loop. */
export function createByteDecoder(decodeLatin1: (bytes: Uint8Array) => string): ByteDecoder {
  let decodeRest: ((bytes: Uint8Array, atEnd: boolean) => string) | null = null;
  let head = NONE;

  function decode(bytes: Uint8Array, atEnd: boolean): string {
    if (decodeRest) return decodeRest(bytes, atEnd);
    head = joined(head, bytes);
    const found = detectEncoding(head, atEnd);
    if (!found) return '';
    const { encoding, markLength } = found;
    decodeRest =
      encoding === 'iso-8859-1'
        ? decodeLatin1
        : encoding === 'utf-8'
          ? createUtf8Decoder(decodeLatin1)
          : createUtf16Decoder(encoding === 'utf-16le');
    const rest = head.subarray(markLength);
    head = NONE;
    return decodeRest(rest, atEnd);
  }

  return { decode: (bytes) => decode(bytes, false), end: () => decode(NONE, true) };
}

/** `null`: more bytes are needed to tell. */
function detectEncoding(
  head: Uint8Array,
  atEnd: boolean,
): { readonly encoding: Encoding; readonly markLength: number } | null {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', markLength: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', markLength: 2 };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', markLength: 3 };
  const looked = head.subarray(0, LOOKED_AT);
  const [even, odd] = [everyOther(looked, 0), everyOther(looked, 1)];
  if (!even && !odd) {
    const mayBeMark = first === 0xef && second === 0xbb && third === undefined && !atEnd;
    return mayBeMark ? null : { encoding: 'iso-8859-1', markLength: 0 };
  }
  if (looked.length < LOOKED_AT && !atEnd) return null;
  // Nothing but NULs is no text at all.
  if (even === odd || looked.length < FEWEST) return { encoding: 'iso-8859-1', markLength: 0 };
  return { encoding: odd ? 'utf-16le' : 'utf-16be', markLength: 0 };
}

function everyOther(bytes: Uint8Array, from: number): boolean {
  for (let index = from; index < bytes.length; index += 2) if (bytes[index] !== 0) return false;
  return true;
}

/** Halves of a surrogate pair that stand alone stay as they are; half a unit at the end becomes U+FFFD. */
function createUtf16Decoder(littleEndian: boolean): (bytes: Uint8Array, atEnd: boolean) => string {
  let rest = NONE;
  return (piece, atEnd) => {
    const bytes = joined(rest, piece);
    const length = bytes.length >> 1;
    rest = bytes.slice(length * 2);
    const units = new Uint16Array(length);
    const [low, high] = littleEndian ? [0, 1] : [1, 0];
    for (let index = 0; index < length; index++)
      units[index] = (bytes[index * 2 + low] ?? 0) | ((bytes[index * 2 + high] ?? 0) << 8);
    return textOf(units) + (atEnd && rest.length > 0 ? '\ufffd' : '');
  };
}

/** A byte that is part of no character becomes U+FFFD. */
function createUtf8Decoder(decodeLatin1: (bytes: Uint8Array) => string): (bytes: Uint8Array, atEnd: boolean) => string {
  let rest = NONE;
  return (piece, atEnd) => {
    const bytes = joined(rest, piece);
    rest = NONE;
    if (bytes.every((byte) => byte < 0x80)) return decodeLatin1(bytes);
    const units = new Uint16Array(bytes.length);
    let count = 0;
    for (let at = 0; at < bytes.length;) {
      const { length, code } = characterAt(bytes, at);
      if (at + length > bytes.length && !atEnd) {
        rest = bytes.slice(at);
        break;
      }
      if (code < 0x1_0000) {
        units[count++] = code;
      } else {
        units[count++] = 0xd800 + ((code - 0x1_0000) >> 10);
        units[count++] = 0xdc00 + (code & 0x3ff);
      }
      at += length;
    }
    return textOf(units.subarray(0, count));
  };
}

const UNKNOWN = 0xfffd;

/** A character that the bytes end in has a length beyond their end. */
function characterAt(bytes: Uint8Array, at: number): { readonly length: number; readonly code: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: 1, code: first };
  if (first < 0xc2 || first > 0xf4) return { length: 1, code: UNKNOWN };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let code = first & (0x7f >> length);
  for (let index = 1; index < length; index++) {
    const next = bytes[at + index];
    if (next === undefined) return { length, code: UNKNOWN };
    if ((next & 0xc0) !== 0x80 || (index === 1 && !mayFollow(first, next))) return { length: index, code: UNKNOWN };
    code = (code << 6) | (next & 0x3f);
  }
  return { length, code };
}

/** Longer forms than needed, surrogates and what is beyond Unicode show in the second byte. */
function mayFollow(first: number, second: number): boolean {
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}

/** More arguments than this overflow the stack of some engines. */
const UNITS_AT_ONCE = 8192;

function textOf(units: Uint16Array): string {
  let text = '';
  for (let start = 0; start < units.length; start += UNITS_AT_ONCE)
    text += String.fromCharCode(...units.subarray(start, start + UNITS_AT_ONCE));
  return text;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
