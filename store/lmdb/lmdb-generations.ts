import { setImmediate as nextTurn } from 'node:timers/promises';
import { assertGeneration } from '../generation-id.ts';
import type { Generations, GenerationWriter, ServingPointer } from '../ports.ts';
import { answer, type LmdbEnv, type LmdbTable } from './lmdb-env.ts';
import {
  below,
  generationKey,
  readGeneration,
  readServing,
  writeGeneration,
  writeServing,
} from './lmdb-generation-records.ts';
import { LmdbGenerationWriter } from './lmdb-generation-writer.ts';

const REMOVE_CHUNK_ROWS = 1000;

export class LmdbGenerations implements Generations {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async write(shop: string, generation: string): Promise<GenerationWriter> {
    assertGeneration(shop, generation);
    const env = this.#env;
    await answer(env, () =>
      env.write(() => {
        if (readGeneration(env, shop, generation)?.sealed) {
          throw new Error(`generation ${shop}/${generation} is sealed`);
        }
        writeGeneration(env, { shop, generation }, { sealed: false });
      }),
    );
    // What a killed build of the same name left behind may not be mixed into this one.
    await this.#clear(shop, generation);
    return this.#writer(shop, generation);
  }

  async resume(shop: string, generation: string): Promise<GenerationWriter> {
    const env = this.#env;
    const record = await answer(env, () => {
      env.refresh();
      return readGeneration(env, shop, generation);
    });
    if (record?.sealed === false) return this.#writer(shop, generation);
    throw new Error(`generation ${shop}/${generation} is not an unfinished one`);
  }

  #writer(shop: string, generation: string): GenerationWriter {
    return new LmdbGenerationWriter(this.#env, { shop, generation }, () =>
      this.remove(shop, generation),
    );
  }

  async serving(shop: string): Promise<ServingPointer | null> {
    return answer(this.#env, () => readServing(this.#env, shop));
  }

  async flip(shop: string, generation: string): Promise<void> {
    const env = this.#env;
    // What the pointer is about to name must reach the disk before the pointer does.
    await env.flush();
    await answer(env, () =>
      env.write(() => {
        if (!readGeneration(env, shop, generation)?.sealed) {
          throw new Error(`generation ${shop}/${generation} is not sealed and cannot serve`);
        }
        const before = readServing(env, shop);
        if (before?.generation === generation) return;
        writeServing(env, shop, { generation, previous: before?.generation ?? null });
      }),
    );
    await env.flush();
  }

  async rollback(shop: string): Promise<ServingPointer> {
    const env = this.#env;
    const pointer = await answer(env, () =>
      env.write(() => {
        const before = readServing(env, shop);
        if (before === null || before.previous === null) {
          throw new Error(`shop ${shop} has no previous generation to roll back to`);
        }
        const after = { generation: before.previous, previous: before.generation };
        writeServing(env, shop, after);
        return after;
      }),
    );
    await env.flush();
    return pointer;
  }

  async list(shop: string): Promise<readonly { generation: string; sealed: boolean }[]> {
    const env = this.#env;
    return answer(env, () => {
      const prefix = `gen/${shop}/`;
      return [...env.meta.getKeys(below(`gen/${shop}`))].map((key) => {
        const generation = key.slice(prefix.length);
        return { generation, sealed: readGeneration(env, shop, generation)?.sealed === true };
      });
    });
  }

  async remove(shop: string, generation: string): Promise<void> {
    const env = this.#env;
    await answer(env, () =>
      env.write(() => {
        const pointer = readServing(env, shop);
        if (pointer?.generation === generation || pointer?.previous === generation) {
          throw new Error(`generation ${shop}/${generation} is serving or previous: not removed`);
        }
        // Unsealed at once, so that nobody flips to a half of it.
        if (readGeneration(env, shop, generation) !== null) {
          writeGeneration(env, { shop, generation }, { sealed: false });
        }
      }),
    );
    await this.#clear(shop, generation);
    await answer(env, () => env.write(() => env.meta.removeSync(generationKey(shop, generation))));
  }

  async readBlob(shop: string, generation: string, name: string): Promise<Uint8Array | null> {
    return this.#read(this.#env.blobs, `${shop}/${generation}/${name}`);
  }

  async readProfile(shop: string, generation: string, person: string): Promise<Uint8Array | null> {
    return this.#read(this.#env.profiles, `${shop}/${generation}/${person}`);
  }

  async readLink(shop: string, generation: string, identity: string): Promise<string | null> {
    const link = await this.#read(this.#env.links, `${shop}/${generation}/${identity}`);
    return link === null || link.length === 0 ? null : link.toString('latin1');
  }

  async scanProfiles(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly string[]> {
    return answer(this.#env, () =>
      this.#keysAfter(this.#env.profiles, `${shop}/${generation}`, after, limit),
    );
  }

  async scanLinks(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly { identity: string; person: string }[]> {
    const env = this.#env;
    const prefix = `${shop}/${generation}`;
    return answer(env, () =>
      this.#keysAfter(env.links, prefix, after, limit).map((identity) => ({
        identity,
        person: env.get(env.links, `${prefix}/${identity}`)!.toString('latin1'),
      })),
    );
  }

  #read(table: LmdbTable, key: string): Promise<Buffer | null> {
    return answer(this.#env, () => this.#env.get(table, key));
  }

  #keysAfter(table: LmdbTable, prefix: string, after: string, limit: number): string[] {
    const start = `${prefix}/${after}`;
    // One more than asked for, because the range begins with `after` itself.
    const keys = [...table.getKeys({ start, end: below(prefix).end, limit: limit + 1 })];
    if (keys[0] === start) keys.shift();
    return keys.slice(0, limit).map((key) => key.slice(prefix.length + 1));
  }

  /** In chunks, so that reservations of the running bidders get the write lock in between. */
  async #clear(shop: string, generation: string): Promise<void> {
    const env = this.#env;
    for (const table of ['profiles', 'links', 'blobs'] as const) {
      let removed = REMOVE_CHUNK_ROWS;
      while (removed === REMOVE_CHUNK_ROWS) {
        removed = await answer(env, () => removeSome(env, env[table], `${shop}/${generation}`));
        await env.rowsTouched(removed);
        await nextTurn();
      }
    }
  }
}

function removeSome(env: LmdbEnv, table: LmdbTable, prefix: string): number {
  return env.write(() => {
    const keys = [...table.getKeys({ ...below(prefix), limit: REMOVE_CHUNK_ROWS })];
    for (const key of keys) table.removeSync(key);
    return keys.length;
  });
}
