/**
 * The tokens of JSON in bytes, checked as strictly as by JSON.parse. Each `behind…` takes the place
 * where a token begins and returns the place behind it, or throws NOT_JSON. The bytes end in a zero
 * that read-json.ts puts there, at which every scan stops without asking for the length.
 */

/** Thrown for what is no JSON: made once, since a trace of somebody else's mistake tells nothing. */
export const NOT_JSON = new Error('not JSON');

export const TRUE = Buffer.from('true');
export const FALSE = Buffer.from('false');
export const NULL = Buffer.from('null');

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;
const SMALL_U = 0x75;
/** Set in a capital letter, it makes it small. */
const SMALL = 0x20;
/** So many digits always fit a double exactly. */
const EXACT_DIGITS = 15;
/** Their quotients are exact doubles too, so that one division rounds as JSON.parse does. */
const TENS = Array.from({ length: EXACT_DIGITS + 1 }, (_, digits) => 10 ** digits);

// Tables stay in their module: one that is imported is looked up anew for each byte.
const DIGIT = marked('0123456789');
const HEX = marked('0123456789abcdefABCDEF');
const AFTER_BACKSLASH = marked('"\\/bfnrt');

export function behindEscape(bytes: Buffer, at: number): number {
  if (bytes[at] !== BACKSLASH) throw NOT_JSON;
  if (AFTER_BACKSLASH[bytes[at + 1]!] === 1) return at + 2;
  if (bytes[at + 1] !== SMALL_U) throw NOT_JSON;
  for (let i = at + 2; i < at + 6; i++) if (HEX[bytes[i]!] !== 1) throw NOT_JSON;
  return at + 6;
}

export function behindNumber(bytes: Buffer, from: number): number {
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
function behindWhole(bytes: Buffer, from: number): number {
  const at = bytes[from] === MINUS ? from + 1 : from;
  return bytes[at] === ZERO ? at + 1 : behindDigits(bytes, at);
}

function behindDigits(bytes: Buffer, from: number): number {
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
  return end - from <= EXACT_DIGITS ? shortIn(bytes, from, end) : longIn(bytes, from, end, exact);
}

function shortIn(bytes: Buffer, from: number, end: number): number {
  const isNegative = bytes[from] === MINUS;
  let number = 0;
  let point = end;
  for (let at = isNegative ? from + 1 : from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === POINT) point = at;
    else if ((byte | SMALL) === SMALL_E) return Number(bytes.toString('latin1', from, end));
    else number = number * 10 + byte - ZERO;
  }
  if (point < end) number /= TENS[end - point - 1]!;
  return isNegative ? -number : number;
}

function longIn(bytes: Buffer, from: number, end: number, exact: boolean): number | string {
  const digits = bytes.toString('latin1', from, end);
  const number = Number(digits);
  const isWhole = behindWhole(bytes, from) === end;
  return exact && isWhole && !Number.isSafeInteger(number) ? digits : number;
}

/** `true`, `false` or `null`. */
export function behindWord(bytes: Buffer, at: number, word: Uint8Array): number {
  if (!spells(bytes, at, word)) throw NOT_JSON;
  return at + word.length;
}

/** Whether the word stands there. */
export function spells(bytes: Buffer, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}

/** A table of bytes with 1 for those characters. */
export function marked(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
