/** Up to this length a loop is faster than a call into C++. */
const LOOP_BYTES_MAX = 512;
/** Views of lengths up to this are kept: making one costs more than a small look-up. */
const VIEW_BYTES_MAX = 1024;

/** Memory that is lent again and again: what a bid reads is garbage a moment later. */
export class Scratch {
  #bytes = Buffer.alloc(VIEW_BYTES_MAX);
  /** By length, all of the same memory. */
  readonly #views: (Buffer | undefined)[] = new Array(VIEW_BYTES_MAX + 1).fill(undefined);

  /** So many bytes; the ones lent before are the same memory, unless more than ever are asked for. */
  lend(length: number): Buffer {
    if (length > this.#bytes.length) {
      this.#bytes = Buffer.alloc(2 * length);
      this.#views.fill(undefined);
    }
    if (length > VIEW_BYTES_MAX) return this.#bytes.subarray(0, length);
    const view = this.#views[length] ?? this.#bytes.subarray(0, length);
    this.#views[length] = view;
    return view;
  }

  /** The first so many bytes of `source`, copied. */
  take(source: Buffer, length: number): Buffer {
    const copy = this.lend(length);
    if (length > LOOP_BYTES_MAX) source.copy(copy, 0, 0, length);
    else for (let i = 0; i < length; i++) copy[i] = source[i]!;
    return copy;
  }
}
