/**
 * JSON of which only wanted fields become values. What nobody reads, most of a bid request, is
 * stepped over with its syntax checked. The law (read-json.test.ts): the result is JSON.parse's,
 * pruned and cut to the shape.
 */
import { type JsonShape, nameHash } from './json-shape.ts';
import {
  behindEscape,
  behindNumber,
  behindWord,
  FALSE,
  marked,
  NOT_JSON,
  NULL,
  numberIn,
  spells,
  TRUE,
} from './json-tokens.ts';
import {
  JSON_DEPTH_MAX,
  REQUEST_BYTES_MAX,
  TOO_DEEP,
  TOO_MANY,
  VALUES_MAX,
} from './read-limits.ts';
import { SLACK_BYTES, scratchOf } from './scratch.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NOT_ASCII = 0x80;
/**
 * A constant of this module: optimised code has the address of its bytes built in, until longer JSON
 * replaces them and all of it is thrown away. So there is room for any body that is taken.
 */
const scratch = scratchOf(REQUEST_BYTES_MAX);
/** One character for each byte, so that places in it are places in the bytes. */
let text = '';
/** No string holds an escape or more than ASCII: each is a part of the text. */
let isPlain = true;
// Tables stay in their module: one that is imported is looked up anew for each byte.
const BLANK = marked(' \t\n\r');
/** What an object is to somebody who wants none of its fields. */
const OPAQUE: Readonly<Record<string, unknown>> = Object.freeze({});
/** What an array in an array is to everybody. */
const NO_ELEMENTS: readonly unknown[] = Object.freeze([]);

/** The value that `json` holds, pruned and cut to `shape`. Throws NOT_JSON, TOO_DEEP or TOO_MANY. */
export function readJson(json: Uint8Array, shape: JsonShape, valuesMax = VALUES_MAX): unknown {
  return reader.read(json, shape, valuesMax);
}

class JsonReader {
  /** Behind the value that was read last. */
  #end = 0;
  /** How many more values are made. */
  #left = 0;

  read(json: Uint8Array, shape: JsonShape, valuesMax: number): unknown {
    loadJson(json);
    this.#left = valuesMax;
    const value = this.#value(behindBlanks(0), shape, 0);
    if (behindBlanks(this.#end) !== json.length) throw NOT_JSON;
    return value;
  }

  #value(at: number, shape: JsonShape, depth: number): unknown {
    const { bytes } = scratch;
    if (--this.#left < 0) throw TOO_MANY;
    switch (bytes[at]) {
      case QUOTE:
        return this.#string(at);
      case OPEN_OBJECT:
        return this.#object(at, shape, depth + 1);
      case OPEN_ARRAY:
        return this.#array(at, shape, depth + 1);
      case SMALL_T:
        this.#end = behindWord(bytes, at, TRUE);
        return true;
      case SMALL_F:
        this.#end = behindWord(bytes, at, FALSE);
        return false;
      case SMALL_N:
        this.#end = behindWord(bytes, at, NULL);
        return null;
      default:
        this.#end = behindNumber(bytes, at);
        return numberIn(bytes, at, this.#end, shape.exact);
    }
  }

  #object(open: number, shape: JsonShape, depth: number): unknown {
    const { bytes } = scratch;
    if (shape.names.length === 0) {
      this.#end = behindObject(open, depth);
      return OPAQUE;
    }
    const object = shape.blank();
    let at = firstIn(open, depth);
    if (bytes[at] === CLOSE_OBJECT) return this.#close(at, object);
    for (;;) {
      this.#field(object, at, shape, depth);
      at = behindBlanks(this.#end);
      if (bytes[at] === CLOSE_OBJECT) return this.#close(at, object);
      at = behindComma(at);
    }
  }

  #field(object: Record<string, unknown>, at: number, shape: JsonShape, depth: number): void {
    const keyEnd = behindString(at);
    const field = this.#fieldNamed(at, keyEnd, shape);
    const valueAt = behindColon(keyEnd);
    if (field < 0) this.#end = behindValue(valueAt, depth);
    // The last of two equal names wins, as with JSON.parse.
    else object[shape.names[field]!] = this.#value(valueAt, shape.shapes[field]!, depth);
  }

  /** Index of the key among the wanted names, or -1. */
  #fieldNamed(open: number, end: number, { names, spelled, table }: JsonShape): number {
    const { bytes } = scratch;
    const length = end - open - 2;
    const mask = table.length - 1;
    let place = nameHash(length, bytes[open + 1]!, bytes[end - 2]!) & mask;
    for (; table[place] !== 0; place = (place + 1) & mask) {
      const name = spelled[table[place]! - 1]!;
      if (name.length === length && spells(bytes, open + 1, name)) return table[place]! - 1;
    }
    return isPlain ? -1 : names.indexOf(stringIn(open, end));
  }

  #array(open: number, shape: JsonShape, depth: number): unknown[] {
    const { bytes } = scratch;
    let at = firstIn(open, depth);
    if (bytes[at] === CLOSE_ARRAY) return this.#close(at, []);
    // Most hold one element: an empty array would make room for seventeen.
    const array = [this.#element(at, shape, depth)];
    for (;;) {
      at = behindBlanks(this.#end);
      if (bytes[at] === CLOSE_ARRAY) return this.#close(at, array);
      at = behindComma(at);
      if (array.length === shape.kept) {
        this.#end = behindElements(at, depth);
        return array;
      }
      array.push(this.#element(at, shape, depth));
    }
  }

  #element(at: number, shape: JsonShape, depth: number): unknown {
    if (scratch.bytes[at] !== OPEN_ARRAY) return this.#value(at, shape, depth);
    this.#end = behindArray(at, depth + 1);
    return NO_ELEMENTS;
  }

  #string(open: number): string {
    const end = behindString(open);
    this.#end = end;
    return stringIn(open, end);
  }

  #close<T>(at: number, value: T): T {
    this.#end = at + 1;
    return value;
  }
}

const reader = new JsonReader();

/** Over a value of which nothing is wanted; `depth` counts the arrays and objects around it. */
function behindValue(at: number, depth: number): number {
  const { bytes } = scratch;
  switch (bytes[at]) {
    case QUOTE:
      return behindString(at);
    case OPEN_OBJECT:
      return behindObject(at, depth + 1);
    case OPEN_ARRAY:
      return behindArray(at, depth + 1);
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

function behindObject(open: number, depth: number): number {
  const { bytes } = scratch;
  let at = firstIn(open, depth);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    at = behindColon(behindString(at));
    at = behindBlanks(behindValue(at, depth));
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    at = behindComma(at);
  }
}

function behindArray(open: number, depth: number): number {
  const at = firstIn(open, depth);
  return scratch.bytes[at] === CLOSE_ARRAY ? at + 1 : behindElements(at, depth);
}

/** Over an array from an element on; `depth` counts the array too. */
function behindElements(first: number, depth: number): number {
  const { bytes } = scratch;
  let at = first;
  for (;;) {
    at = behindBlanks(behindValue(at, depth));
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    at = behindComma(at);
  }
}

/** Where the first element or key of the array or object stands, or its closing bracket. */
function firstIn(open: number, depth: number): number {
  if (depth > JSON_DEPTH_MAX) throw TOO_DEEP;
  return behindBlanks(open + 1);
}

function behindComma(at: number): number {
  const { bytes } = scratch;
  if (bytes[at] !== COMMA) throw NOT_JSON;
  return behindBlanks(at + 1);
}

/** `keyEnd` stands behind the key. */
function behindColon(keyEnd: number): number {
  const { bytes } = scratch;
  const at = behindBlanks(keyEnd);
  if (bytes[at] !== COLON) throw NOT_JSON;
  return behindBlanks(at + 1);
}

function behindBlanks(from: number): number {
  const { bytes } = scratch;
  let at = from;
  while (BLANK[bytes[at]!] === 1) at++;
  return at;
}

function behindString(open: number): number {
  const { bytes, view } = scratch;
  if (bytes[open] !== QUOTE) throw NOT_JSON;
  let at = open + 1;
  for (;;) {
    const ends = endsIn(view.getInt32(at, true));
    if (ends === 0) {
      at += 4;
      continue;
    }
    at += (31 - Math.clz32(ends & -ends)) >> 3;
    if (bytes[at] === QUOTE) return at + 1;
    at = behindEscape(bytes, at);
  }
}

/**
 * Of four bytes, the top bit of each that a string does not hold as it is: quote, backslash and
 * control characters. A difference borrows into the top bit of such a byte, and perhaps beyond it:
 * the lowest bit is right, and there is none when all four are plain.
 */
function endsIn(four: number): number {
  const control = four - 0x20202020;
  const quote = (four ^ 0x22222222) - 0x01010101;
  const backslash = (four ^ 0x5c5c5c5c) - 0x01010101;
  return (control | quote | backslash) & ~four & 0x80808080;
}

/** The string whose quotes are first and last in open..end. */
function stringIn(open: number, end: number): string {
  return isPlain ? text.substring(open + 1, end - 1) : mixedIn(open, end);
}

function mixedIn(open: number, end: number): string {
  const { bytes } = scratch;
  for (let at = open; at < end; at++) {
    if (bytes[at]! < NOT_ASCII && bytes[at] !== BACKSLASH) continue;
    return JSON.parse(bytes.toString('utf8', open, end)) as string;
  }
  return text.substring(open + 1, end - 1);
}

/** Takes a copy of the JSON; all places are places in it until the next one is loaded. */
function loadJson(json: Uint8Array): void {
  if (json.length + SLACK_BYTES > scratch.bytes.length) {
    Object.assign(scratch, scratchOf(json.length));
  }
  const { bytes } = scratch;
  bytes.set(json);
  bytes[json.length] = 0;
  text = bytes.toString('latin1', 0, json.length);
  const isAscii = Buffer.byteLength(text) === json.length;
  isPlain = isAscii && !text.includes('\\');
}
