/** RESP2, what Redis answers: https://redis.io/docs/latest/develop/reference/protocol-spec/ */

/** An error that the server answered: the call failed, the connection did not. */
export class RedisReplyError extends Error {
  override readonly name = 'RedisReplyError';
}

export type RespReply = null | number | string | Buffer | RedisReplyError | readonly RespReply[];

/** `next` has no whole reply. */
export const INCOMPLETE = Symbol('incomplete');

/** Longest text and list, and deepest list, that an answer to one of our commands can be. */
const BYTES_MAX = 16 * 2 ** 20;
const ITEMS_MAX = 4_096;
const DEPTH_MAX = 3;
const LINE_BYTES_MAX = 4_096;

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const SIMPLE = 43;
const ERROR = 45;
const INTEGER = 58;
const BULK = 36;
const LIST = 42;

/**
 * Takes chunks as the socket cuts them and gives whole replies. A chunk is lent until `next` has no
 * whole reply; bytes in a reply are views of it: copy what is kept.
 */
export class RespReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #isLent = false;

  push(chunk: Buffer): void {
    this.#isLent = this.#at === this.#bytes.length;
    this.#bytes = this.#isLent ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** Throws an Error when the bytes are no RESP; after that nothing more can be read. */
  next(): RespReply | typeof INCOMPLETE {
    const start = this.#at;
    const reply = start < this.#bytes.length ? this.#value(0) : INCOMPLETE;
    if (reply === INCOMPLETE) this.#keepFrom(start);
    return reply;
  }

  #keepFrom(start: number): void {
    if (!this.#isLent) this.#at = start;
    else {
      this.#bytes = Buffer.from(this.#bytes.subarray(start));
      this.#at = 0;
      this.#isLent = false;
    }
  }

  #value(depth: number): RespReply | typeof INCOMPLETE {
    if (this.#at >= this.#bytes.length) return INCOMPLETE;
    const type = this.#bytes[this.#at++]!;
    if (type === BULK) return this.#bulk();
    if (type === LIST) return this.#list(depth);
    if (type === INTEGER) return this.#integer();
    if (type !== SIMPLE && type !== ERROR) {
      throw new Error(`an answer begins with byte ${type}, which is no type of RESP`);
    }
    const line = this.#line();
    if (line === INCOMPLETE) return INCOMPLETE;
    return type === SIMPLE ? line : new RedisReplyError(line);
  }

  #bulk(): Buffer | null | typeof INCOMPLETE {
    const length = this.#integer();
    if (length === INCOMPLETE) return INCOMPLETE;
    if (length === -1) return null;
    refuseOver(length, BYTES_MAX);
    const start = this.#at;
    const end = start + length;
    if (end + 2 > this.#bytes.length) return INCOMPLETE;
    if (this.#bytes[end] !== CR || this.#bytes[end + 1] !== LF) {
      throw new Error(`a text of ${length} bytes has another end`);
    }
    this.#at = end + 2;
    return this.#bytes.subarray(start, end);
  }

  #list(depth: number): RespReply | typeof INCOMPLETE {
    const length = this.#integer();
    if (length === INCOMPLETE) return INCOMPLETE;
    if (length === -1) return null;
    refuseOver(length, ITEMS_MAX);
    if (depth === DEPTH_MAX) throw new Error(`lists are nested deeper than ${DEPTH_MAX}`);
    const items: RespReply[] = [];
    for (let i = 0; i < length; i++) {
      const item = this.#value(depth + 1);
      if (item === INCOMPLETE) return INCOMPLETE;
      items.push(item);
    }
    return items;
  }

  #integer(): number | typeof INCOMPLETE {
    const bytes = this.#bytes;
    const isNegative = bytes[this.#at] === MINUS;
    const first = isNegative ? this.#at + 1 : this.#at;
    let at = first;
    let value = 0;
    while (at < bytes.length && bytes[at] !== CR) {
      const digit = bytes[at]!;
      if (digit < ZERO || digit > NINE) throw new Error(`byte ${digit} within a number`);
      value = value * 10 + (digit - ZERO);
      at++;
    }
    if (at + 1 >= bytes.length) return INCOMPLETE;
    if (at === first || bytes[at + 1] !== LF) throw new Error('a number has no digits or no end');
    this.#at = at + 2;
    return isNegative ? -value : value;
  }

  #line(): string | typeof INCOMPLETE {
    const end = this.#bytes.indexOf('\r\n', this.#at, 'latin1');
    if (end === -1) {
      refuseOver(this.#bytes.length - this.#at, LINE_BYTES_MAX);
      return INCOMPLETE;
    }
    const line = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 2;
    return line;
  }
}

function refuseOver(length: number, max: number): void {
  if (length < 0 || length > max) throw new Error(`a length of ${length} (expected 0 to ${max})`);
}
