/** Reads HTTP/1.1 responses of one connection, one at a time: a status and a Content-Length. */
import { hasBids, OPENING_BYTES } from './has-bids.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const HEAD_BYTES_MAX = 16 * 1024;
const NOTHING = Buffer.alloc(0);

export class ResponseReader {
  /** Of the response read last. */
  status = 0;
  bodyBytes = 0;
  #head: Buffer | null = null;
  #missing = 0;
  /** The first bytes of the body, OPENING_BYTES or more when it has them. */
  #opening: Buffer = NOTHING;

  /** Whether the response read last is a bid: 200, and not just a reason why there is none. */
  get isBid(): boolean {
    return this.status === 200 && hasBids(this.#opening);
  }

  /**
   * True when `chunk` completes a response. Throws on what is no HTTP or has no readable length;
   * a chunked body is such, because our servers never send one.
   */
  read(chunk: Buffer): boolean {
    if (this.#missing > 0) {
      this.#missing -= chunk.length;
      if (this.#opening.length < OPENING_BYTES) {
        this.#opening = Buffer.concat([this.#opening, chunk]);
      }
      return this.#complete();
    }
    const bytes = this.#head === null ? chunk : Buffer.concat([this.#head, chunk]);
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) {
      if (bytes.length > HEAD_BYTES_MAX) throw new Error('a response head without an end');
      this.#head = bytes;
      return false;
    }
    this.#head = null;
    this.#readHead(bytes.toString('latin1', 0, end));
    this.#opening = bytes.subarray(end + HEAD_END.length);
    this.#missing = this.bodyBytes - this.#opening.length;
    return this.#complete();
  }

  #complete(): boolean {
    if (this.#missing < 0) throw new Error('more bytes than the response has');
    return this.#missing === 0;
  }

  #readHead(head: string): void {
    this.status = Number(head.slice(9, 12));
    if (!head.startsWith('HTTP/1.1 ') || !(this.status >= 100)) {
      throw new Error(`no HTTP/1.1 response: ${JSON.stringify(head.slice(0, 40))}`);
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined && this.status !== 204) throw new Error('a response without a length');
    this.bodyBytes = Number(length ?? 0);
  }
}
