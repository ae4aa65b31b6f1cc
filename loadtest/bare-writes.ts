/** The profiles that a build has published, written again by nothing but the store's own client. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { open } from 'lmdb';

/** As the stores' writers: store/lmdb/lmdb-generation-writer.ts, store/redis/redis-generation-writer.ts. */
const ROWS_AT_ONCE = 500;
/** Enough for a rate. */
const ROWS_MAX = 500_000;

type Row = readonly [key: string, value: Buffer];

/** Rows a second, in transactions of a fresh environment with the settings of the embedded store. */
export async function bareLmdbRate(workspace: string): Promise<number> {
  const path = join(workspace, 'bare.lmdb');
  const options = { path, encoding: 'binary', noSync: true, useWritemap: true } as const;
  const root = open<Buffer, string>({ ...options, mapSize: 16 * 2 ** 30 });
  try {
    return await rateOf(workspace, async (rows) => {
      root.transactionSync(() => {
        for (const [key, value] of rows) root.putSync(key, value);
      });
    });
  } finally {
    await root.close();
    for (const file of [path, `${path}-lock`]) rmSync(file, { force: true });
  }
}

/** Rows a second, pipelined. */
export async function bareRedisRate(workspace: string, socket: string): Promise<number> {
  const client = new Redis(socket);
  try {
    return await rateOf(workspace, async (rows) => {
      const pipeline = client.pipeline();
      for (const [key, value] of rows) pipeline.set(key, value);
      await pipeline.exec();
    });
  } finally {
    client.disconnect();
  }
}

/** Only the writing is timed. */
async function rateOf(
  workspace: string,
  write: (rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  let rows = 0;
  let ms = 0;
  for (const batch of published(workspace)) {
    const startMs = performance.now();
    await write(batch);
    ms += performance.now() - startMs;
    rows += batch.length;
  }
  return rows / (ms / 1000);
}

function* published(workspace: string): Generator<readonly Row[]> {
  const path = join(workspace, 'store', 'store.lmdb');
  const root = open<Buffer, string>({ path, readOnly: true, maxDbs: 16 });
  const profiles = root.openDB<Buffer, string>({ name: 'profiles', encoding: 'binary' });
  let batch: Row[] = [];
  for (const { key, value } of profiles.getRange({ limit: ROWS_MAX })) {
    batch.push([key, Buffer.from(value)]);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
}
