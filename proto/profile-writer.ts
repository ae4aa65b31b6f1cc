/**
 * Profiles written in one pass from columns into one buffer, byte for byte what the generated encoder makes of them:
 * a build writes millions, and that encoder wants an object for each profile and order, and costs several times as
 * much. What reads them is read-profile.ts. Fields are to be written in the order of their numbers.
 */
import { putF64 } from './little-endian.ts';
import { ORDER_TAG, PROFILE_TAG } from './read-profile.ts';

/** Orders by row. */
export interface OrderColumns {
  readonly atS: Float64Array;
  readonly status: Float64Array;
  readonly revenueMicros: Float64Array;
  /** ID_BYTES a row, ASCII. */
  readonly orderKeys: Uint8Array;
  /** NaN where the cost is not known. */
  readonly marginMicros: Float64Array;
}

/** Texts as they stand in a field, each behind its length. */
export interface EncodedTexts {
  readonly bytes: Uint8Array;
  /** Where the text of each number begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

const ID_BYTES = 16;
const VARINT_BYTES_MAX = 5;
/** Two varints, two doubles and a key with their tags: a length of one byte. */
const ORDER_BYTES_MAX = 2 * (1 + VARINT_BYTES_MAX) + 2 * (1 + 8) + 2 + ID_BYTES;
const FIRST_BYTES = 1 << 16;

export class ProfileWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;

  /** How much was written since take(). */
  get length(): number {
    return this.#at;
  }

  /** A copy of all that was written since the last time. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    return taken;
  }

  /** The id of that row of ids, ID_BYTES each. */
  id(tag: number, ids: Uint8Array, row: number): void {
    this.#reserve(2 + ID_BYTES);
    this.#id(tag, ids, row);
  }

  /** Left out when it is 0. */
  integer(tag: number, value: number): void {
    this.#reserve(1 + VARINT_BYTES_MAX);
    this.#integer(tag, value);
  }

  /** Packed; left out when there are none. */
  integers(tag: number, values: readonly number[]): void {
    if (values.length === 0) return;
    let length = 0;
    for (let i = 0; i < values.length; i++) length += varintBytes(values[i]!);
    this.#reserve(1 + VARINT_BYTES_MAX + length);
    this.#bytes[this.#at++] = tag;
    this.#varint(length);
    for (let i = 0; i < values.length; i++) this.#varint(values[i]!);
  }

  /** The texts of the first numbers, each a field. */
  texts(tag: number, texts: EncodedTexts, numbers: readonly number[], max: number): void {
    const count = Math.min(numbers.length, max);
    for (let i = 0; i < count; i++) {
      const from = texts.starts[numbers[i]!]!;
      const to = texts.starts[numbers[i]! + 1]!;
      this.#reserve(1 + to - from);
      this.#bytes[this.#at++] = tag;
      this.#copy(texts.bytes, from, to);
    }
  }

  order(orders: OrderColumns, row: number): void {
    this.#reserve(2 + ORDER_BYTES_MAX);
    this.#bytes[this.#at++] = PROFILE_TAG.order;
    const lengthAt = this.#at++;
    this.#integer(ORDER_TAG.atS, orders.atS[row]!);
    this.#integer(ORDER_TAG.status, orders.status[row]!);
    const revenueMicros = orders.revenueMicros[row]!;
    if (!Object.is(revenueMicros, 0)) this.#double(ORDER_TAG.revenueMicros, revenueMicros);
    this.#id(ORDER_TAG.orderKey, orders.orderKeys, row);
    const marginMicros = orders.marginMicros[row]!;
    if (!Number.isNaN(marginMicros)) this.#double(ORDER_TAG.marginMicros, marginMicros);
    this.#bytes[lengthAt] = this.#at - lengthAt - 1;
  }

  #id(tag: number, ids: Uint8Array, row: number): void {
    this.#bytes[this.#at++] = tag;
    this.#bytes[this.#at++] = ID_BYTES;
    this.#copy(ids, row * ID_BYTES, (row + 1) * ID_BYTES);
  }

  #integer(tag: number, value: number): void {
    if (value === 0) return;
    this.#bytes[this.#at++] = tag;
    this.#varint(value);
  }

  #double(tag: number, value: number): void {
    this.#bytes[this.#at++] = tag;
    putF64(this.#bytes, this.#at, value);
    this.#at += 8;
  }

  /** Of 32 bits. */
  #varint(value: number): void {
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#at++] = rest;
  }

  /** Some bytes: a call to the runtime would cost more. */
  #copy(from: Uint8Array, start: number, end: number): void {
    const to = this.#bytes;
    let at = this.#at;
    for (let i = start; i < end; i++) to[at++] = from[i]!;
    this.#at = at;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + bytes));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

export function encodeTexts(texts: readonly string[]): EncodedTexts {
  const starts = new Uint32Array(texts.length + 1);
  const fields = texts.map((text, number) => {
    const bytes = Buffer.from(text);
    const field = Buffer.concat([Uint8Array.from(varintOf(bytes.length)), bytes]);
    starts[number + 1] = starts[number]! + field.length;
    return field;
  });
  return { bytes: new Uint8Array(Buffer.concat(fields)), starts };
}

function varintOf(value: number): number[] {
  return value <= 0x7f ? [value] : [(value & 0x7f) | 0x80, ...varintOf(value >>> 7)];
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}
