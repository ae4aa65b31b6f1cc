/** Memory that is lent again and again: what a bid reads is garbage a moment later. */
export class Scratch {
  #bytes = Buffer.alloc(1024);

  /** So many bytes of any content; the ones lent before are gone. */
  lend(length: number): Buffer {
    if (length > this.#bytes.length) this.#bytes = Buffer.alloc(2 * length);
    return this.#bytes.subarray(0, length);
  }
}
