/**
 * Work on a shop's data that the service starts by itself: uploads in the order they came, one at a time,
 * and the segments anew after them. Shops do not wait for each other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../platform/log.ts';
import type { ImportReport } from '../segmenter/import/import-report.ts';
import { JobFailed } from '../segmenter/run-job.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import type { UploadRecord } from '../segmenter/uploads/upload-record.ts';
import {
  clearReceiving,
  removeUpload,
  type WaitingUpload,
} from '../segmenter/uploads/waiting-uploads.ts';
import { nextUpload, recordOf } from './upload-jobs.ts';

export interface UploadLineDeps {
  /** The workspace's folder. */
  readonly dir: string;
  readonly log: Log;
  importUpload(shop: string, upload: WaitingUpload, givenUp?: string): Promise<ImportReport>;
  /** Has the segments made anew, in the shop's turn. What it throws is logged, and it is called again. */
  rebuild(shop: string): void;
  /** How long to wait for a command that works on the shop. */
  readonly retryMs: number;
}

/** An upload whose import breaks off so often, for no fault that it names, is recorded as failed. */
const TRIES_MAX = 3;
const GIVEN_UP = `the import broke off ${TRIES_MAX} times, not for what the file holds: send it again`;

export class UploadLine {
  readonly #deps: UploadLineDeps;
  readonly #tails = new Map<string, Promise<void>>();
  readonly #running = new Map<string, number>();
  /** Shops whose data is another since their segments were last to be made. */
  readonly #owed = new Set<string>();
  #stopped = false;

  constructor(deps: UploadLineDeps) {
    this.#deps = deps;
  }

  /** Takes up what was acknowledged before the service ended. */
  start(shops: readonly string[]): void {
    for (const shop of shops) {
      clearReceiving(shopFiles(this.#deps.dir, shop));
      this.came(shop);
    }
  }

  /** What runs may end; nothing new begins. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#tails.values());
  }

  /** An upload of this shop was taken, or what waits may be imported now. */
  came(shop: string): void {
    void this.inTurn(shop, () => this.#work(shop));
  }

  /** The shop's data is another now: its segments are made anew, once its settings are sound. */
  changed(shop: string): void {
    this.#owed.add(shop);
    this.came(shop);
  }

  /** The upload that is being imported, or null. */
  running(shop: string): number | null {
    return this.#running.get(shop) ?? null;
  }

  /** Runs after all that the shop has waiting. */
  inTurn<T>(shop: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#tails.get(shop) ?? Promise.resolve()).then(work);
    const tail = result.then(
      () => {},
      () => {},
    );
    this.#tails.set(shop, tail);
    void tail.then(() => {
      if (this.#tails.get(shop) === tail) this.#tails.delete(shop);
    });
    return result;
  }

  async #work(shop: string): Promise<void> {
    try {
      await this.#importAll(shop);
    } catch (error) {
      const reason = error instanceof JobFailed ? error.reason : error;
      const wait = 'uploads or their segments wait for sound settings, the next upload or start';
      this.#deps.log.error(wait, { shop, reason });
    }
  }

  async #importAll(shop: string): Promise<void> {
    const { dir, rebuild } = this.#deps;
    try {
      for (;;) {
        const upload = this.#stopped ? null : nextUpload(dir, shop);
        if (upload === null) break;
        if (await this.#import(shop, upload)) this.#owed.add(shop);
      }
    } finally {
      if (this.#owed.has(shop) && !this.#stopped) {
        rebuild(shop);
        this.#owed.delete(shop);
      }
    }
  }

  /** Whether the data is another now. */
  async #import(shop: string, upload: WaitingUpload): Promise<boolean> {
    const { retryMs } = this.#deps;
    this.#running.set(shop, upload.id);
    try {
      for (let tries = 0; !this.#stopped; ) {
        const report = await this.#tryImport(shop, upload, tries);
        if (typeof report === 'object') return this.#ended(shop, upload, report);
        if (report === 'broke off') tries++;
        await sleep(retryMs, undefined, { ref: false });
      }
      return false;
    } finally {
      this.#running.delete(shop);
    }
  }

  #ended(shop: string, upload: WaitingUpload, ended: ImportReport | UploadRecord): boolean {
    const { dir, log } = this.#deps;
    removeUpload(shopFiles(dir, shop), upload.id);
    const isFailed = 'state' in ended && ended.state === 'FAILED';
    if (!isFailed) log.info('an upload was imported', { shop, upload: upload.id });
    return ended.changed && !ended.dryRun;
  }

  /** Its record where the import ended after that was in place; rejects when not even a failure can be recorded. */
  async #tryImport(
    shop: string,
    upload: WaitingUpload,
    tries: number,
  ): Promise<ImportReport | UploadRecord | 'locked' | 'broke off'> {
    const { dir, importUpload, log } = this.#deps;
    try {
      return await importUpload(shop, upload, tries < TRIES_MAX ? undefined : GIVEN_UP);
    } catch (error) {
      if (!(error instanceof JobFailed)) throw error;
      if (error.reason === 'FileLocked') return 'locked';
      // Its message may hold cells of the file; the record has what may be shown.
      log.warn('an upload was not imported', { shop, upload: upload.id, reason: error.reason });
      const record = recordOf(dir, shop, upload.id);
      if (record !== undefined) return record;
      if (tries >= TRIES_MAX) throw error;
      return 'broke off';
    }
  }
}
