import { closeSync, openSync, writeSync } from 'node:fs';

const BATCH_BYTES = 1 << 20;
/** UTF-8 takes at most this many bytes for one UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/**
 * Appends rows to a new CSV file in large batches: a million rows cost a few hundred writes. Rows
 * are encoded as they come, because strings grown to a batch would cost more in garbage collection
 * than everything else.
 */
export class CsvFile implements Disposable {
  readonly #fd: number;
  readonly #batch = Buffer.allocUnsafe(BATCH_BYTES);
  #used = 0;

  /** Throws when the file exists. `header` is a line without its end. */
  constructor(path: string, header: string) {
    this.#fd = openSync(path, 'wx');
    this.add(header);
  }

  /** `row` is already CSV, one line or several, without the last line end; under 300 KB. */
  add(row: string): void {
    if (this.#used + row.length * BYTES_PER_UNIT_MAX + 1 > BATCH_BYTES) this.#flush();
    this.#used += this.#batch.write(row, this.#used);
    this.#batch[this.#used++] = 0x0a;
  }

  [Symbol.dispose](): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    let written = 0;
    while (written < this.#used) {
      written += writeSync(this.#fd, this.#batch, written, this.#used - written);
    }
    this.#used = 0;
  }
}

/** A value that may hold commas or quotes as one CSV field. */
export function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
