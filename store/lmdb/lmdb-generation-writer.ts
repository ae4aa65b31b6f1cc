import { setImmediate as nextTurn } from 'node:timers/promises';
import { COPIED_AT_ONCE, type GenerationWriter, type ProfileRange } from '../ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';
import { below, readGeneration, writeGeneration } from './lmdb-generation-records.ts';

/** Rows of one transaction: some 1 ms under the write lock, which reservations wait for. */
const CHUNK_ROWS = 500;

const COUNTED_ROWS = 10_000;

export class LmdbGenerationWriter implements GenerationWriter {
  readonly #env: LmdbEnv;
  readonly #at: { shop: string; generation: string };
  readonly #abandon: () => Promise<void>;
  #stays = false;

  constructor(
    env: LmdbEnv,
    at: { shop: string; generation: string },
    abandon: () => Promise<void>,
  ) {
    this.#env = env;
    this.#at = at;
    this.#abandon = abandon;
  }

  async putProfiles(batch: readonly { person: string; bytes: Uint8Array }[]): Promise<void> {
    await this.#putAll('profiles', batch, ({ person, bytes }) => [person, bytes]);
  }

  async putLinks(batch: readonly { identity: string; person: string }[]): Promise<void> {
    await this.#putAll('links', batch, ({ identity, person }) => [
      identity,
      Buffer.from(person, 'latin1'),
    ]);
  }

  async *copyProfiles({ generation, from, to, but }: ProfileRange): AsyncGenerator<number> {
    const env = this.#env;
    const source = `${this.#at.shop}/${generation}`;
    const target = this.#prefix();
    const end = to === null ? below(source).end : `${source}/${to}`;
    for (let start = `${source}/${from}`; start !== ''; ) {
      let copied = 0;
      start = await answer(env, () => {
        env.assertRoom();
        return env.write(() => {
          this.#assertWritable();
          // One more than is copied: where the next chunk starts.
          const rows = [...env.profiles.getRange({ start, end, limit: COPIED_AT_ONCE + 1 })];
          for (const { key, value } of rows.slice(0, COPIED_AT_ONCE)) {
            const person = key.slice(source.length + 1);
            if (but.has(person)) continue;
            env.profiles.putSync(`${target}/${person}`, value);
            copied++;
          }
          return rows[COPIED_AT_ONCE]?.key ?? '';
        });
      });
      await env.rowsTouched(COPIED_AT_ONCE);
      yield copied;
      await nextTurn();
    }
  }

  async putBlob(name: string, bytes: Uint8Array): Promise<void> {
    await this.#putAll('blobs', [bytes], (whole) => [name, whole]);
  }

  async #putAll<Row>(
    table: 'profiles' | 'links' | 'blobs',
    rows: readonly Row[],
    keyAndValue: (row: Row) => [string, Uint8Array],
  ): Promise<void> {
    const env = this.#env;
    const prefix = this.#prefix();
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const some = rows.slice(from, from + CHUNK_ROWS);
      await answer(env, () => {
        env.assertRoom();
        env.write(() => {
          this.#assertWritable();
          for (const row of some) {
            const [key, value] = keyAndValue(row);
            env[table].putSync(`${prefix}/${key}`, value as Buffer);
          }
        });
      });
      await env.rowsTouched(some.length);
      await nextTurn();
    }
  }

  async seal(counts: { profiles: number; links: number }): Promise<void> {
    const env = this.#env;
    await answer(env, () => {
      this.#assertWritable();
      env.refresh();
    });
    const profiles = await this.#count('profiles');
    const links = await this.#count('links');
    if (profiles !== counts.profiles || links !== counts.links) {
      throw new Error(
        `generation ${this.#prefix()} cannot be sealed: it holds ${profiles} profiles and ${links} links, expected ${counts.profiles} and ${counts.links}`,
      );
    }
    // The data first, then the record that vouches for it: a power cut leaves no sealed half.
    await env.flush();
    await answer(env, () => env.write(() => writeGeneration(env, this.#at, { sealed: true })));
    await env.flush();
  }

  async #count(table: 'profiles' | 'links'): Promise<number> {
    const env = this.#env;
    const { start: first, end } = below(this.#prefix());
    let counted = 0;
    for (let start = first; start !== ''; ) {
      const keys = await answer(env, () => [
        ...env[table].getKeys({ start, end, limit: COUNTED_ROWS + 1 }),
      ]);
      counted += Math.min(keys.length, COUNTED_ROWS);
      // The first of the next.
      start = keys[COUNTED_ROWS] ?? '';
      await env.rowsTouched(keys.length);
    }
    return counted;
  }

  leave(): void {
    this.#stays = true;
  }

  /** Leaves a sealed generation alone; an unfinished one is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stays) return;
    const { shop, generation } = this.#at;
    const record = await answer(this.#env, () => readGeneration(this.#env, shop, generation));
    if (record?.sealed === false) await this.#abandon();
  }

  #prefix(): string {
    return `${this.#at.shop}/${this.#at.generation}`;
  }

  #assertWritable(): void {
    const record = readGeneration(this.#env, this.#at.shop, this.#at.generation);
    if (record === null) throw new Error(`generation ${this.#prefix()} was removed while written`);
    if (record.sealed) throw new Error(`generation ${this.#prefix()} is sealed`);
  }
}
