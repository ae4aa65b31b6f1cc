import { SYNC_KEEP_MAX_MS, type Sync, type Syncs } from '../record-ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';
import { below } from './lmdb-generation-records.ts';

const END_BYTES = 8;
/** Read in one go. */
const BATCH_ROWS = 1000;

/** When a row of the table may be removed, Unix ms; 0 for a damaged one. */
export function syncEndMs(stored: Uint8Array): number {
  if (stored.length !== END_BYTES) return 0;
  return Buffer.from(stored.buffer, stored.byteOffset, stored.length).readDoubleLE(0);
}

/**
 * Keys of the syncs table: `shop/cookie/theirs/exchange` for a sync, and `shop/cookie` for a cookie
 * that was forgotten, which outlives every sync of it. Each holds its end as f64 little-endian.
 */
export class LmdbSyncs implements Syncs {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async put(shop: string, { cookie, theirs, exchange }: Sync, endsAtMs: number): Promise<void> {
    const browser = `${shop}/${cookie}`;
    const key = `${browser}/${theirs}/${exchange}`;
    await this.#write(() => {
      if (this.#endMs(browser) === 0 && endsAtMs > this.#endMs(key)) this.#put(key, endsAtMs);
    });
  }

  async forget(shop: string, cookie: string, atMs: number): Promise<void> {
    const browser = `${shop}/${cookie}`;
    await this.#write(() => {
      this.#put(browser, Math.max(atMs + SYNC_KEEP_MAX_MS, this.#endMs(browser)));
      for (const key of [...this.#env.syncs.getKeys(below(browser))]) {
        this.#env.syncs.removeSync(key);
      }
    });
  }

  async *all(shop: string, nowMs: number): AsyncGenerator<readonly Sync[]> {
    const { start, end } = below(shop);
    for (let from = start; ; ) {
      const keys = await answer(this.#env, () => [
        ...this.#env.syncs.getKeys({ start: from, end, limit: BATCH_ROWS }),
      ]);
      yield await answer(this.#env, () =>
        keys.filter((key) => this.#endMs(key) > nowMs).flatMap(syncOf),
      );
      if (keys.length < BATCH_ROWS) return;
      // The last one of a batch comes once more.
      from = keys.at(-1)!;
    }
  }

  #endMs(key: string): number {
    const stored = this.#env.get(this.#env.syncs, key);
    return stored === null ? 0 : syncEndMs(stored);
  }

  #put(key: string, endMs: number): void {
    const record = Buffer.allocUnsafe(END_BYTES);
    record.writeDoubleLE(endMs, 0);
    this.#env.syncs.putSync(key, record);
  }

  #write(work: () => void): Promise<void> {
    return answer(this.#env, () => this.#env.write(work));
  }
}

/** Nothing of a cookie that was forgotten. */
function syncOf(key: string): readonly Sync[] {
  const [, cookie, theirs, exchange] = key.split('/');
  if (theirs === undefined || exchange === undefined) return [];
  return [{ cookie: cookie!, theirs, exchange }];
}
