/**
 * JSON of which only wanted fields become values. What nobody reads, most of a bid request, is
 * stepped over with its syntax checked. The law (read-json.test.ts): the result is JSON.parse's,
 * pruned to the shape.
 */
import { type JsonShape, nameHash } from './json-shape.ts';
import {
  behindBlanks,
  behindNumber,
  behindString,
  behindWord,
  NOT_JSON,
  numberIn,
  spells,
  stringIn,
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
/** As long as the longest body that is taken; a longer one makes room for itself. */
const SCRATCH_BYTES = 2 ** 18;
/** What an object is to somebody who wants none of its fields. */
const OPAQUE: Readonly<Record<string, unknown>> = Object.freeze({});

/** The value that `json` holds, pruned to `shape`. Throws NOT_JSON or TOO_DEEP. */
export function readJson(json: Uint8Array, shape: JsonShape): unknown {
  return reader.read(json, shape);
}

class JsonReader {
  /** The JSON and a zero behind it. */
  #bytes = Buffer.alloc(SCRATCH_BYTES + 1);
  /** One character for each byte, so that places in it are places in the bytes. */
  #text = '';
  /** No string holds an escape or more than ASCII: each is a part of the text. */
  #plain = true;
  /** Behind the value that was read last. */
  #end = 0;

  read(json: Uint8Array, shape: JsonShape): unknown {
    if (json.length >= this.#bytes.length) this.#bytes = Buffer.alloc(json.length + 1);
    this.#bytes.set(json);
    this.#bytes[json.length] = 0;
    this.#text = this.#bytes.toString('latin1', 0, json.length);
    const isAscii = Buffer.byteLength(this.#text) === json.length;
    this.#plain = isAscii && !this.#text.includes('\\');
    const value = this.#value(behindBlanks(this.#bytes, 0), shape, 0);
    if (behindBlanks(this.#bytes, this.#end) !== json.length) throw NOT_JSON;
    return value;
  }

  #value(at: number, shape: JsonShape, depth: number): unknown {
    switch (this.#bytes[at]) {
      case QUOTE:
        return this.#string(at);
      case OPEN_OBJECT:
        return this.#object(at, shape, depth + 1);
      case OPEN_ARRAY:
        return this.#array(at, shape, depth + 1);
      case SMALL_T:
        this.#end = behindWord(this.#bytes, at, 'true');
        return true;
      case SMALL_F:
        this.#end = behindWord(this.#bytes, at, 'false');
        return false;
      case SMALL_N:
        this.#end = behindWord(this.#bytes, at, 'null');
        return null;
      default:
        this.#end = behindNumber(this.#bytes, at);
        return numberIn(this.#bytes, at, this.#end, shape.exact);
    }
  }

  #object(open: number, shape: JsonShape, depth: number): unknown {
    const bytes = this.#bytes;
    if (shape.names.length === 0) {
      this.#end = behindObject(bytes, open, depth);
      return OPAQUE;
    }
    const object = shape.blank();
    let at = firstIn(bytes, open, depth);
    if (bytes[at] === CLOSE_OBJECT) return this.#close(at, object);
    for (;;) {
      this.#field(object, at, shape, depth);
      at = behindBlanks(bytes, this.#end);
      if (bytes[at] === CLOSE_OBJECT) return this.#close(at, object);
      at = behindComma(bytes, at);
    }
  }

  #field(object: Record<string, unknown>, at: number, shape: JsonShape, depth: number): void {
    const bytes = this.#bytes;
    const keyEnd = behindString(bytes, at);
    const field = this.#fieldNamed(at, keyEnd, shape);
    const valueAt = behindColon(bytes, keyEnd);
    if (field < 0) this.#end = behindValue(bytes, valueAt, depth);
    // The last of two equal names wins, as with JSON.parse.
    else object[shape.names[field]!] = this.#value(valueAt, shape.shapes[field]!, depth);
  }

  /** Index of the key among the wanted names, or -1. */
  #fieldNamed(open: number, end: number, { names, table }: JsonShape): number {
    const bytes = this.#bytes;
    const length = end - open - 2;
    const mask = table.length - 1;
    let place = nameHash(length, bytes[open + 1]!, bytes[end - 2]!) & mask;
    for (; table[place] !== 0; place = (place + 1) & mask) {
      const name = names[table[place]! - 1]!;
      if (name.length === length && spells(bytes, open + 1, name)) return table[place]! - 1;
    }
    return this.#plain ? -1 : names.indexOf(stringIn(bytes, open, end));
  }

  #array(open: number, shape: JsonShape, depth: number): unknown[] {
    const bytes = this.#bytes;
    const array: unknown[] = [];
    let at = firstIn(bytes, open, depth);
    if (bytes[at] === CLOSE_ARRAY) return this.#close(at, array);
    for (;;) {
      array.push(this.#value(at, shape, depth));
      at = behindBlanks(bytes, this.#end);
      if (bytes[at] === CLOSE_ARRAY) return this.#close(at, array);
      at = behindComma(bytes, at);
    }
  }

  #string(open: number): string {
    const bytes = this.#bytes;
    const end = behindString(bytes, open);
    this.#end = end;
    return this.#plain ? this.#text.substring(open + 1, end - 1) : stringIn(bytes, open, end);
  }

  #close<T>(at: number, value: T): T {
    this.#end = at + 1;
    return value;
  }
}

const reader = new JsonReader();

/** Over a value of which nothing is wanted; `depth` counts the arrays and objects around it. */
function behindValue(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return behindString(bytes, at);
    case OPEN_OBJECT:
      return behindObject(bytes, at, depth + 1);
    case OPEN_ARRAY:
      return behindArray(bytes, at, depth + 1);
    case SMALL_T:
      return behindWord(bytes, at, 'true');
    case SMALL_F:
      return behindWord(bytes, at, 'false');
    case SMALL_N:
      return behindWord(bytes, at, 'null');
    default:
      return behindNumber(bytes, at);
  }
}

function behindObject(bytes: Uint8Array, open: number, depth: number): number {
  let at = firstIn(bytes, open, depth);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    at = behindColon(bytes, behindString(bytes, at));
    at = behindBlanks(bytes, behindValue(bytes, at, depth));
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    at = behindComma(bytes, at);
  }
}

function behindArray(bytes: Uint8Array, open: number, depth: number): number {
  let at = firstIn(bytes, open, depth);
  if (bytes[at] === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = behindBlanks(bytes, behindValue(bytes, at, depth));
    if (bytes[at] === CLOSE_ARRAY) return at + 1;
    at = behindComma(bytes, at);
  }
}

/** Where the first element or key of the array or object stands, or its closing bracket. */
function firstIn(bytes: Uint8Array, open: number, depth: number): number {
  if (depth > JSON_DEPTH_MAX) throw TOO_DEEP;
  return behindBlanks(bytes, open + 1);
}

function behindComma(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== COMMA) throw NOT_JSON;
  return behindBlanks(bytes, at + 1);
}

/** `keyEnd` stands behind the key. */
function behindColon(bytes: Uint8Array, keyEnd: number): number {
  const at = behindBlanks(bytes, keyEnd);
  if (bytes[at] !== COLON) throw NOT_JSON;
  return behindBlanks(bytes, at + 1);
}
