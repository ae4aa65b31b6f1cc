/**
 * Which keys a generation has. Redis cannot list keys by prefix without walking all of them, so
 * every person id and identity is also a member of a sorted set, one for each first letter. All
 * scores are 0: members lie in the order of their bytes, which gives scans, counts and removal.
 */
import { INDEX_LETTERS, indexLetter } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';

export type IndexKey = (letter: string) => string;

/** Adds before the keys themselves are written: what a killed build leaves can then be removed. */
export async function addToIndex(
  link: RedisLink,
  keyOf: IndexKey,
  ids: readonly string[],
): Promise<void> {
  const byLetter = new Map<string, string[]>();
  for (const id of ids) {
    const letter = indexLetter(id);
    const members = byLetter.get(letter) ?? [];
    members.push('0', id);
    byLetter.set(letter, members);
  }
  await link.ask((client) =>
    Promise.all([...byLetter].map(([letter, members]) => client.zadd(keyOf(letter), ...members))),
  );
}

export async function countIndex(link: RedisLink, keyOf: IndexKey): Promise<number> {
  const counts = await link.ask((client) =>
    Promise.all(INDEX_LETTERS.map((letter) => client.zcard(keyOf(letter)))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** At most `limit` ids after `after`, in key order. */
export function scanIndex(
  link: RedisLink,
  keyOf: IndexKey,
  after: string,
  limit: number,
): Promise<string[]> {
  return idsFrom(link, keyOf, { id: after, bound: '(' }, limit);
}

/** The ids from `from` up to, and without, `to`, null for all; in key order, some at a time. */
export async function* indexRange(
  link: RedisLink,
  keyOf: IndexKey,
  { from, to }: { readonly from: string; readonly to: string | null },
  limit: number,
): AsyncGenerator<string[]> {
  let ids = await idsFrom(link, keyOf, { id: from, bound: '[' }, limit);
  while (ids.length > 0) {
    const inside = to === null ? ids : ids.filter((id) => id < to);
    if (inside.length > 0) yield inside;
    if (inside.length < ids.length) return;
    ids = await scanIndex(link, keyOf, ids.at(-1)!, limit);
  }
}

async function idsFrom(
  link: RedisLink,
  keyOf: IndexKey,
  start: { readonly id: string; readonly bound: '[' | '(' },
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  let letterAt = start.id === '' ? 0 : INDEX_LETTERS.indexOf(indexLetter(start.id));
  let from = start.id === '' ? '-' : `${start.bound}${start.id}`;
  for (; letterAt < INDEX_LETTERS.length && ids.length < limit; letterAt++) {
    const key = keyOf(INDEX_LETTERS[letterAt]!);
    const min = from;
    const room = limit - ids.length;
    ids.push(...(await link.ask((client) => client.zrangebylex(key, min, '+', 'LIMIT', 0, room))));
    from = '-';
  }
  return ids;
}

const REMOVE_CHUNK_IDS = 500;

/** Deletes the keys of all ids, then the ids themselves: killed in between, it can start again. */
export async function removeIndexed(
  link: RedisLink,
  indexOf: IndexKey,
  keyOf: (id: string) => string,
): Promise<void> {
  for (const letter of INDEX_LETTERS) {
    const index = indexOf(letter);
    for (;;) {
      const ids = await link.ask((client) =>
        client.zrangebylex(index, '-', '+', 'LIMIT', 0, REMOVE_CHUNK_IDS),
      );
      if (ids.length === 0) break;
      await link.ask((client) => Promise.all(ids.map((id) => client.unlink(keyOf(id)))));
      await link.ask((client) => client.zrem(index, ...ids));
    }
  }
}
