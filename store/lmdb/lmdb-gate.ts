/**
 * One gate for all who write the store's file and all who open it.
 *
 * Who opens a file of LMDB reads the number of its last commit and writes that number, some
 * microseconds later, where every process takes the next one from (ITS#9496, in lmdb 3.5.6). What is
 * committed in between is lost: a notice counts twice, a lease is granted twice. So openings and
 * commits pass one at a time, behind the write lock of a file that holds nothing; the kernel frees it
 * when its holder dies (docs/decisions/0013).
 */
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

export const GATE_FILE = 'gate.lmdb';
/** Two pages are ever used. */
const MAP_BYTES = 64 * 1024;

export class LmdbGate {
  readonly #env: RootDatabase<Buffer, string>;

  constructor(dir: string) {
    this.#env = open<Buffer, string>({
      path: join(dir, GATE_FILE),
      encoding: 'binary',
      noSync: true,
      mapSize: MAP_BYTES,
      maxDbs: 1,
    });
  }

  /** Not from within another passage. */
  pass<T>(work: () => T): T {
    return this.#env.transactionSync(work);
  }

  async flush(): Promise<void> {
    await sync(this.#env);
  }

  async close(): Promise<void> {
    await this.#env.close();
  }
}

/** Resolves when everything committed so far is on the disk. */
export async function sync(env: RootDatabase<Buffer, string>): Promise<void> {
  // Missing in the library's types, documented nowhere else: mdb_env_sync on its thread pool.
  const library = env as unknown as { sync(done: (error: unknown) => void): void };
  await new Promise<void>((resolve, reject) => {
    library.sync((error) => (error ? reject(error) : resolve()));
  });
}
