import type { Clock } from '../../platform/clock.ts';
import { SYNC_KEEP_MAX_MS, type Sync, type Syncs } from '../record-ports.ts';
import { INDEX_LETTERS, indexLetter, syncsKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { runScript } from './redis-scripts.ts';

/** Looked at by one step of a scan: some tenths of a millisecond of the server's time. */
const SCAN_MEMBERS = 1000;

/**
 * One sorted set for each first letter of a cookie, scored by ends. Members are
 * `cookie/theirs/exchange` for a sync, and `cookie` for one that was forgotten, which outlives them.
 */
export class RedisSyncs implements Syncs {
  readonly #link: RedisLink;
  readonly #clock: Clock;

  constructor(link: RedisLink, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
  }

  async put(shop: string, { cookie, theirs, exchange }: Sync, endsAtMs: number): Promise<void> {
    const member = `${cookie}/${theirs}/${exchange}`;
    const times = [endsAtMs, this.#clock.nowMs(), SYNC_KEEP_MAX_MS];
    const call = [keyOf(shop, cookie), cookie, member, ...times];
    await this.#link.ask((client) => runScript(client, 'putSync', call));
  }

  async forget(shop: string, cookie: string, atMs: number): Promise<void> {
    const key = keyOf(shop, cookie);
    const endMs = atMs + SYNC_KEEP_MAX_MS;
    // First, so that none is put behind the scan's back.
    await this.#link.ask((client) => client.zadd(key, 'GT', endMs, cookie));
    await this.#link.ask((client) => client.pexpire(key, SYNC_KEEP_MAX_MS));
    for await (const members of this.#scan(key, `${cookie}/*`)) {
      const names = members.map(({ member }) => member);
      if (names.length > 0) await this.#link.ask((client) => client.zrem(key, ...names));
    }
  }

  async *all(shop: string, nowMs: number): AsyncGenerator<readonly Sync[]> {
    for (const letter of INDEX_LETTERS) {
      for await (const members of this.#scan(syncsKey(shop, letter), '*/*')) {
        yield members.filter(({ endMs }) => endMs > nowMs).flatMap(({ member }) => syncOf(member));
      }
    }
  }

  async *#scan(
    key: string,
    pattern: string,
  ): AsyncGenerator<readonly { member: string; endMs: number }[]> {
    for (let cursor = ''; cursor !== '0'; ) {
      const [next, found] = await this.#link.ask((client) =>
        client.zscan(key, cursor || '0', 'MATCH', pattern, 'COUNT', SCAN_MEMBERS),
      );
      yield found.flatMap((member, i) =>
        i % 2 === 0 ? [{ member, endMs: Number(found[i + 1]) }] : [],
      );
      cursor = next;
    }
  }
}

function keyOf(shop: string, cookie: string): string {
  return syncsKey(shop, indexLetter(cookie));
}

function syncOf(member: string): readonly Sync[] {
  const [cookie, theirs, exchange] = member.split('/');
  if (theirs === undefined || exchange === undefined) return [];
  return [{ cookie: cookie!, theirs, exchange }];
}
