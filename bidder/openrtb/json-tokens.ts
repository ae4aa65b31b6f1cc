/**
 * The tokens of JSON in bytes, checked as strictly as by JSON.parse. Each `behind…` takes the place
 * where a token begins and returns the place behind it, or throws NOT_JSON. The bytes end in a zero,
 * at which every scan stops without asking for the length.
 */

/** Thrown for what is no JSON: made once, since a trace of somebody else's mistake tells nothing. */
export const NOT_JSON = new Error('not JSON');

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
/** Set in a capital letter, it makes it small. */
const SMALL = 0x20;
const NOT_ASCII = 0x80;
/** So many digits always fit a double exactly. */
const EXACT_DIGITS = 15;

// Tables stay in their module: one that is imported is looked up anew for each byte.
/** Bytes that a string holds as they are: no control characters, no quote, no backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;
const BLANK = marked(' \t\n\r');
const DIGIT = marked('0123456789');
const HEX = marked('0123456789abcdefABCDEF');
const AFTER_BACKSLASH = marked('"\\/bfnrt');

export function behindBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (BLANK[bytes[at]!] === 1) at++;
  return at;
}

export function behindString(bytes: Uint8Array, open: number): number {
  if (bytes[open] !== QUOTE) throw NOT_JSON;
  let at = open + 1;
  for (;;) {
    while (PLAIN[bytes[at]!] === 1) at++;
    if (bytes[at] === QUOTE) return at + 1;
    at = behindEscape(bytes, at);
  }
}

function behindEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH) throw NOT_JSON;
  if (AFTER_BACKSLASH[bytes[at + 1]!] === 1) return at + 2;
  if (bytes[at + 1] !== SMALL_U) throw NOT_JSON;
  for (let i = at + 2; i < at + 6; i++) if (HEX[bytes[i]!] !== 1) throw NOT_JSON;
  return at + 6;
}

/** The string whose quotes are first and last in open..end. */
export function stringIn(bytes: Buffer, open: number, end: number): string {
  for (let at = open; at < end; at++) {
    if (bytes[at]! < NOT_ASCII && bytes[at] !== BACKSLASH) continue;
    return JSON.parse(bytes.toString('utf8', open, end)) as string;
  }
  return bytes.toString('latin1', open + 1, end - 1);
}

export function behindNumber(bytes: Uint8Array, from: number): number {
  let at = behindWhole(bytes, from);
  if (bytes[at] === POINT) at = behindDigits(bytes, at + 1);
  if ((bytes[at]! | SMALL) === SMALL_E) {
    at++;
    if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
    at = behindDigits(bytes, at);
  }
  return at;
}

/** Behind the sign and digits of a number, where a fraction or exponent may follow. */
function behindWhole(bytes: Uint8Array, from: number): number {
  const at = bytes[from] === MINUS ? from + 1 : from;
  return bytes[at] === ZERO ? at + 1 : behindDigits(bytes, at);
}

function behindDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (DIGIT[bytes[at]!] === 1) at++;
  if (at === from) throw NOT_JSON;
  return at;
}

/** The number in from..end; its digits when `exact` and it is a whole one that no double holds. */
export function numberIn(
  bytes: Buffer,
  from: number,
  end: number,
  exact: boolean,
): number | string {
  const isWhole = behindWhole(bytes, from) === end;
  if (isWhole && end - from <= EXACT_DIGITS) return wholeIn(bytes, from, end);
  const digits = bytes.toString('latin1', from, end);
  const number = Number(digits);
  return exact && isWhole && !Number.isSafeInteger(number) ? digits : number;
}

function wholeIn(bytes: Uint8Array, from: number, end: number): number {
  const isNegative = bytes[from] === MINUS;
  let number = 0;
  for (let at = isNegative ? from + 1 : from; at < end; at++) {
    number = number * 10 + bytes[at]! - ZERO;
  }
  return isNegative ? -number : number;
}

/** `true`, `false` or `null`. */
export function behindWord(bytes: Uint8Array, at: number, word: string): number {
  if (!spells(bytes, at, word)) throw NOT_JSON;
  return at + word.length;
}

/** Whether the ASCII word stands there. */
export function spells(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

function marked(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
