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
  FALSE,
  type JsonBytes,
  NOT_JSON,
  NULL,
  numberIn,
  spells,
  stringIn,
  TRUE,
} from './json-tokens.ts';
import { behindColon, behindComma, behindObject, behindValue, firstIn } from './skip-json.ts';

const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** As long as the longest body that is taken; a longer one makes room for itself. */
const SCRATCH_BYTES = 2 ** 18;
/** A zero behind the JSON, and what is read together with it. */
const SLACK_BYTES = 4;
/** What an object is to somebody who wants none of its fields. */
const OPAQUE: Readonly<Record<string, unknown>> = Object.freeze({});

/** The value that `json` holds, pruned to `shape`. Throws NOT_JSON or TOO_DEEP. */
export function readJson(json: Uint8Array, shape: JsonShape): unknown {
  return reader.read(json, shape);
}

class JsonReader {
  #json = jsonBytes(SCRATCH_BYTES);
  /** One character for each byte, so that places in it are places in the bytes. */
  #text = '';
  /** No string holds an escape or more than ASCII: each is a part of the text. */
  #plain = true;
  /** Behind the value that was read last. */
  #end = 0;

  read(json: Uint8Array, shape: JsonShape): unknown {
    if (json.length + SLACK_BYTES > this.#json.bytes.length) this.#json = jsonBytes(json.length);
    const { bytes } = this.#json;
    bytes.set(json);
    bytes[json.length] = 0;
    this.#text = bytes.toString('latin1', 0, json.length);
    const isAscii = Buffer.byteLength(this.#text) === json.length;
    this.#plain = isAscii && !this.#text.includes('\\');
    const value = this.#value(behindBlanks(bytes, 0), shape, 0);
    if (behindBlanks(bytes, this.#end) !== json.length) throw NOT_JSON;
    return value;
  }

  #value(at: number, shape: JsonShape, depth: number): unknown {
    const { bytes } = this.#json;
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
    const { bytes } = this.#json;
    if (shape.names.length === 0) {
      this.#end = behindObject(this.#json, open, depth);
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
    const { bytes } = this.#json;
    const keyEnd = behindString(this.#json, at);
    const field = this.#fieldNamed(at, keyEnd, shape);
    const valueAt = behindColon(bytes, keyEnd);
    if (field < 0) this.#end = behindValue(this.#json, valueAt, depth);
    // The last of two equal names wins, as with JSON.parse.
    else object[shape.names[field]!] = this.#value(valueAt, shape.shapes[field]!, depth);
  }

  /** Index of the key among the wanted names, or -1. */
  #fieldNamed(open: number, end: number, { names, spelled, table }: JsonShape): number {
    const { bytes } = this.#json;
    const length = end - open - 2;
    const mask = table.length - 1;
    let place = nameHash(length, bytes[open + 1]!, bytes[end - 2]!) & mask;
    for (; table[place] !== 0; place = (place + 1) & mask) {
      const name = spelled[table[place]! - 1]!;
      if (name.length === length && spells(bytes, open + 1, name)) return table[place]! - 1;
    }
    return this.#plain ? -1 : names.indexOf(stringIn(bytes, open, end));
  }

  #array(open: number, shape: JsonShape, depth: number): unknown[] {
    const { bytes } = this.#json;
    let at = firstIn(bytes, open, depth);
    if (bytes[at] === CLOSE_ARRAY) return this.#close(at, []);
    // Most hold one element: an empty array would make room for seventeen.
    const array = [this.#value(at, shape, depth)];
    for (;;) {
      at = behindBlanks(bytes, this.#end);
      if (bytes[at] === CLOSE_ARRAY) return this.#close(at, array);
      array.push(this.#value(behindComma(bytes, at), shape, depth));
    }
  }

  #string(open: number): string {
    const { bytes } = this.#json;
    const end = behindString(this.#json, open);
    this.#end = end;
    return this.#plain ? this.#text.substring(open + 1, end - 1) : stringIn(bytes, open, end);
  }

  #close<T>(at: number, value: T): T {
    this.#end = at + 1;
    return value;
  }
}

const reader = new JsonReader();

function jsonBytes(length: number): JsonBytes {
  const bytes = Buffer.alloc(length + SLACK_BYTES);
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}
