import { StoreUnavailable } from '../ports.ts';
import type { Learned, LearnedRef } from '../record-ports.ts';
import { learnedKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { runScript, runScriptForBytes } from './redis-scripts.ts';

/** Writers of one record that may collide before the last one gives up. */
const UPDATE_TRIES_MAX = 64;
const SPACE = 32;

export class RedisLearned implements Learned {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async read(ref: LearnedRef & { readonly name: string }, nowMs: number) {
    const value = await this.#value(ref, nowMs);
    return value === null ? null : bytesOf(value);
  }

  async list(ref: LearnedRef, nowMs: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = await this.#ask(ref, nowMs, '');
    const records = new Map<string, Uint8Array>();
    for (let i = 0; i < found.length; i += 2) {
      records.set(found[i]!.toString(), bytesOf(found[i + 1]!));
    }
    return records;
  }

  async update(
    key: LearnedRef & { readonly name: string; readonly keepMs: number; readonly nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void> {
    const { exchange, kind, name, keepMs, nowMs } = key;
    for (let tries = 0; tries < UPDATE_TRIES_MAX; tries++) {
      const value = await this.#value(key, nowMs);
      const changed = change(value === null ? null : bytesOf(value));
      const next = Buffer.concat([Buffer.from(`${nowMs + keepMs} `), changed]);
      const call = [learnedKey(exchange, kind), name, value ?? '', next, keepMs];
      if ((await this.#link.ask((client) => runScript(client, 'replaceLearned', call))) === 1)
        return;
    }
    throw new StoreUnavailable(
      `${this.#link.description}: ${kind} ${name} of ${exchange} changed ${UPDATE_TRIES_MAX} times while written`,
    );
  }

  async #value(ref: LearnedRef & { readonly name: string }, nowMs: number): Promise<Buffer | null> {
    const [, value] = await this.#ask(ref, nowMs, ref.name);
    return value ?? null;
  }

  #ask({ exchange, kind }: LearnedRef, nowMs: number, name: string): Promise<Buffer[]> {
    const call = [learnedKey(exchange, kind), nowMs, name];
    return this.#link.ask(
      (client) => runScriptForBytes(client, 'readLearned', call) as Promise<Buffer[]>,
    );
  }
}

/** Behind the end and its space. */
function bytesOf(value: Buffer): Uint8Array {
  return value.subarray(value.indexOf(SPACE) + 1);
}
