/** Over JSON of which nothing is wanted, with its syntax checked; `depth` counts what is around. */
import {
  behindBlanks,
  behindNumber,
  behindString,
  behindWord,
  FALSE,
  type JsonBytes,
  NOT_JSON,
  NULL,
  TRUE,
} from './json-tokens.ts';

/** An exchange nests some ten deep; recursion ends here. */
export const JSON_DEPTH_MAX = 64;
/** Thrown for arrays and objects more than JSON_DEPTH_MAX deep. */
export const TOO_DEEP = new Error('nested too deep');

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export function behindValue(json: JsonBytes, at: number, depth: number): number {
  const { bytes } = json;
  switch (bytes[at]) {
    case QUOTE:
      return behindString(json, at);
    case OPEN_OBJECT:
      return behindObject(json, at, depth + 1);
    case OPEN_ARRAY:
      return behindArray(json, at, depth + 1);
    case SMALL_T:
      return behindWord(bytes, at, TRUE);
    case SMALL_F:
      return behindWord(bytes, at, FALSE);
    case SMALL_N:
      return behindWord(bytes, at, NULL);
    default:
      return behindNumber(bytes, at);
  }
}

export function behindObject(json: JsonBytes, open: number, depth: number): number {
  const { bytes } = json;
  let at = firstIn(bytes, open, depth);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    at = behindColon(bytes, behindString(json, at));
    at = behindBlanks(bytes, behindValue(json, at, depth));
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    at = behindComma(bytes, at);
  }
}

function behindArray(json: JsonBytes, open: number, depth: number): number {
  const { bytes } = json;
  let at = firstIn(bytes, open, depth);
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = behindBlanks(bytes, behindValue(json, at, depth));
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    at = behindComma(bytes, at);
  }
}

/** Where the first element or key of the array or object stands, or its closing bracket. */
export function firstIn(bytes: Uint8Array, open: number, depth: number): number {
  if (depth > JSON_DEPTH_MAX) throw TOO_DEEP;
  return behindBlanks(bytes, open + 1);
}

export function behindComma(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== COMMA) throw NOT_JSON;
  return behindBlanks(bytes, at + 1);
}

/** `keyEnd` stands behind the key. */
export function behindColon(bytes: Uint8Array, keyEnd: number): number {
  const at = behindBlanks(bytes, keyEnd);
  if (bytes[at] !== COLON) throw NOT_JSON;
  return behindBlanks(bytes, at + 1);
}
