import type { SegmentFile, SegmentFiles } from './append-log-files.ts';
import { LOG_HEADER_BYTES, logHeader, segmentName } from './append-log-format.ts';

/** Everything before `offset` in the segment, and every earlier segment of the writer, is synced. */
export interface LogPosition {
  readonly name: string;
  readonly seq: number;
  readonly offset: number;
}

const NAME_TRIES_MAX = 1000;

export function isNoSpace(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** The segments of one writer, one of them open. Calls must not overlap. */
export class SegmentWriter {
  readonly #dir: string;
  readonly #writer: string;
  readonly #bytesMax: number;
  readonly #files: SegmentFiles;
  #segment: SegmentFile | null = null;
  #seq: number;
  #size = 0;
  #durable: LogPosition;

  constructor(
    options: { dir: string; writer: string; segmentBytesMax: number },
    files: SegmentFiles,
    lastSeq: number,
  ) {
    this.#dir = options.dir;
    this.#writer = options.writer;
    this.#bytesMax = options.segmentBytesMax;
    this.#files = files;
    this.#seq = lastSeq;
    this.#durable = { name: '', seq: lastSeq, offset: 0 };
  }

  /** Where the synced part ends. */
  durable(): LogPosition {
    return this.#durable;
  }

  /**
   * All of `bytes` after what was written before, synced when asked. Rejects with the disk's error,
   * and then nothing of it stays in the middle of a segment. The next call tries anew.
   */
  async write(bytes: Uint8Array, sync: boolean): Promise<void> {
    const segment = this.#segment ?? (await this.open());
    await this.#writeOrUndo(segment, bytes);
    this.#size += bytes.length;
    if (sync) await this.#syncOrAbandon(segment);
    if (this.#size >= this.#bytesMax) await this.seal();
  }

  /** Opens the next free segment, its header and its name durable. */
  async open(): Promise<SegmentFile> {
    const { name, file } = await this.#createNext();
    try {
      await file.write(logHeader(), 0);
      await file.sync();
    } catch (error) {
      await file.close().catch(ignore);
      await this.#files.remove(this.#dir, name).catch(ignore);
      throw error;
    }
    this.#segment = file;
    this.#size = LOG_HEADER_BYTES;
    this.#durable = { name, seq: this.#seq, offset: LOG_HEADER_BYTES };
    return file;
  }

  async #createNext(): Promise<{ name: string; file: SegmentFile }> {
    for (let i = 0; i < NAME_TRIES_MAX; i++) {
      this.#seq++;
      const name = segmentName(this.#writer, this.#seq);
      try {
        return { name, file: await this.#files.create(this.#dir, name) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    throw new Error(`${this.#dir}: no free segment name for ${this.#writer}`);
  }

  /** A write may fail half done; the half record must not stay in the middle of the file. */
  async #writeOrUndo(segment: SegmentFile, bytes: Uint8Array): Promise<void> {
    try {
      await segment.write(bytes, this.#size);
    } catch (error) {
      const undone = await segment.truncate(this.#size).then(
        () => true,
        () => false,
      );
      const full = isNoSpace(error);
      if (!undone || !full) await this.#abandon(segment);
      throw error;
    }
  }

  async #syncOrAbandon(segment: SegmentFile): Promise<void> {
    try {
      await segment.sync();
    } catch (error) {
      await this.#abandon(segment);
      throw error;
    }
    this.#durable = { name: this.#durable.name, seq: this.#seq, offset: this.#size };
  }

  async #abandon(segment: SegmentFile): Promise<void> {
    this.#segment = null;
    await segment.close().catch(ignore);
  }

  /** Every waiter of this segment has been answered: an error here fails nobody. */
  async seal(): Promise<void> {
    const segment = this.#segment;
    if (segment === null) return;
    await this.#syncOrAbandon(segment).then(() => this.#abandon(segment), ignore);
  }
}

function ignore(): void {}
