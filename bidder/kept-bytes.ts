const BYTES_MIN = 1024;

/** The store's bytes live only during its call; these live until the same place keeps others. */
export class KeptBytes {
  readonly #buffers: Uint8Array[] = [];

  keep(place: number, bytes: Uint8Array): Uint8Array {
    let buffer = this.#buffers[place];
    if (buffer === undefined || buffer.length < bytes.length) {
      buffer = new Uint8Array(Math.max(BYTES_MIN, bytes.length * 2));
      this.#buffers[place] = buffer;
    }
    buffer.set(bytes);
    return buffer.subarray(0, bytes.length);
  }
}
