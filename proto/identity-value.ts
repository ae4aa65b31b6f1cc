/**
 * Values that stand where an identifier should and name nobody: an advertising id of zeros, a word
 * for nothing, a macro that nobody filled in. Taken for ids they would make one person of millions.
 */
const ZERO = 0x30;
const MINUS = 0x2d;
/** `{`, `[`, `$`, `%`, `<` and `(` begin macros and words like `(null)`; no id begins with them. */
const MACRO_BEGINS = new Set([0x7b, 0x5b, 0x24, 0x25, 0x3c, 0x28]);
const WORDS = new Set([
  '-1',
  'false',
  'n/a',
  'na',
  'nan',
  'nil',
  'none',
  'null',
  'opt-out',
  'optout',
  'undefined',
  'unknown',
]);
const WORD_LENGTH_MAX = 9;

/** SHA-256 as import files, shops and exchanges write it, once it is lower case. */
const SHA256 = /^[0-9a-f]{64}$/;
export const SHA256_HEX_LENGTH = 64;
/** Of no text at all: what a form without an e-mail hashes to. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export function namesNobody(value: string): boolean {
  if (value === '') return true;
  const first = value.charCodeAt(0);
  if ((first === ZERO || first === MINUS) && isZeros(value)) return true;
  if (value.length <= WORD_LENGTH_MAX && WORDS.has(value.toLowerCase())) return true;
  return MACRO_BEGINS.has(first);
}

/** Whether a text in lower case is the hash of something, as an e-mail's is written. */
export function isEmailHash(value: string): boolean {
  return SHA256.test(value) && value !== EMPTY_SHA256;
}

function isZeros(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const character = value.charCodeAt(i);
    if (character !== ZERO && character !== MINUS) return false;
  }
  return true;
}
