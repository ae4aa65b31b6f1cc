import type { Learned, LearnedRef } from '../record-ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';
import { endingRecord, liveBytes } from './lmdb-live-facts.ts';

export class LmdbLearned implements Learned {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async read(ref: LearnedRef & { readonly name: string }, nowMs: number) {
    const env = this.#env;
    return answer(env, () => liveBytes(env.get(env.learned, keyOf(ref, ref.name)), nowMs));
  }

  async list(ref: LearnedRef, nowMs: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const env = this.#env;
    const start = keyOf(ref, '');
    return answer(env, () => {
      const records = new Map<string, Uint8Array>();
      for (const key of [...env.learned.getKeys({ start, end: `${start}~` })]) {
        const bytes = liveBytes(env.get(env.learned, key), nowMs);
        if (bytes !== null) records.set(key.slice(start.length), bytes);
      }
      return records;
    });
  }

  async update(
    key: LearnedRef & { readonly name: string; readonly keepMs: number; readonly nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void> {
    const env = this.#env;
    const name = keyOf(key, key.name);
    await answer(env, () =>
      env.write(() => {
        const changed = change(liveBytes(env.get(env.learned, name), key.nowMs));
        env.learned.putSync(name, endingRecord(changed, key.nowMs + key.keepMs));
      }),
    );
  }
}

function keyOf({ exchange, kind }: LearnedRef, name: string): string {
  return `${exchange}/${kind}/${name}`;
}
