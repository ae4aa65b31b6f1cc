import { type LiveFactsStore, type Marks, type Notices, StoreUnavailable } from '../ports.ts';
import { liveKey, markKey, noticeKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { runScript } from './redis-scripts.ts';

/** Writers of one person's live facts that may collide before the last one gives up. */
const UPDATE_TRIES_MAX = 64;

export class RedisLiveFacts implements LiveFactsStore {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async read(shop: string, person: string): Promise<Uint8Array | null> {
    // MGET and not GET: a value of another type is none, not an error.
    const [record] = await this.#link.ask((client) => client.mgetBuffer([liveKey(shop, person)]));
    return record ?? null;
  }

  async update(
    key: { shop: string; person: string; keepMs: number; nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void> {
    const name = liveKey(key.shop, key.person);
    for (let tries = 0; tries < UPDATE_TRIES_MAX; tries++) {
      const current = await this.read(key.shop, key.person);
      const read = current === null ? Buffer.alloc(0) : Buffer.from(current);
      const changed = Buffer.from(change(current));
      const call = [name, current === null ? '0' : '1', read, changed, key.keepMs];
      if ((await this.#link.ask((client) => runScript(client, 'replaceValue', call))) === 1) return;
    }
    throw new StoreUnavailable(
      `${this.#link.description}: live facts ${name} changed ${UPDATE_TRIES_MAX} times while written`,
    );
  }
}

export class RedisNotices implements Notices {
  readonly #link: RedisLink;
  /** Names this opening's calls apart from all others. */
  readonly #caller: string;
  #calls = 0;

  constructor(link: RedisLink, caller: string) {
    this.#link = link;
    this.#caller = caller;
  }

  async first(id: string, keepMs: number, nowMs: number): Promise<boolean> {
    this.#calls++;
    const call = [noticeKey(id), nowMs, keepMs, `${this.#caller}-${this.#calls}`];
    return (await this.#link.ask((client) => runScript(client, 'firstNotice', call))) === 1;
  }
}

export class RedisMarks implements Marks {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async get(name: string): Promise<string | null> {
    return this.#link.ask((client) => client.get(markKey(name)));
  }

  async set(name: string, value: string): Promise<void> {
    await this.#link.ask((client) => client.set(markKey(name), value));
  }
}
