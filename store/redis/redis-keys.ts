/**
 * Every key that Rekindle has in Redis is built here; docs/redis-keys.md is this table for people,
 * and redis-keys.test.ts holds the two together. In a Cluster the part in braces decides the slot:
 * all keys of a person share one, all keys of a campaign's money share one.
 */
export interface RedisKeyRow {
  readonly pattern: string;
  readonly type: 'string' | 'hash' | 'zset' | 'set';
  readonly owner: string;
  readonly reader: string;
  readonly life: string;
  readonly holds: string;
}

const UNTIL_REMOVED = 'until the generation is removed';
const BUDGET_LIFE = '40 days after the last lease';

export const REDIS_KEYS: readonly RedisKeyRow[] = [
  row(
    'rk:profile:<shop>:<generation>:{<person>}',
    'string',
    'segmenter',
    'bidder',
    UNTIL_REMOVED,
    'Profile record',
  ),
  row(
    'rk:link:<shop>:<generation>:{<identity>}',
    'string',
    'segmenter',
    'bidder',
    UNTIL_REMOVED,
    'person id',
  ),
  row(
    'rk:live:<shop>:{<person>}',
    'string',
    'tracker',
    'bidder',
    'as the writer asks, from each write',
    'LiveFacts record',
  ),
  row(
    'rk:exposures:<shop>:{<person>}',
    'string',
    'bidder, tracker',
    'bidder',
    'until its last entry counts no longer, at most 31 days',
    'exposure log',
  ),
  row(
    'rk:profile-index:<shop>:<generation>:<letter>',
    'zset',
    'segmenter',
    'segmenter, console',
    UNTIL_REMOVED,
    'person ids that begin with the letter',
  ),
  row(
    'rk:link-index:<shop>:<generation>:<letter>',
    'zset',
    'segmenter',
    'segmenter, console',
    UNTIL_REMOVED,
    'identity keys that begin with the letter',
  ),
  row(
    'rk:blob:{<shop>}:<generation>:<name>',
    'string',
    'segmenter',
    'bidder',
    UNTIL_REMOVED,
    'manifest, catalogue',
  ),
  row(
    'rk:blob-names:{<shop>}:<generation>',
    'set',
    'segmenter',
    'segmenter',
    UNTIL_REMOVED,
    'names of the blobs',
  ),
  row(
    'rk:generations:{<shop>}',
    'hash',
    'segmenter',
    'segmenter, console',
    'for ever',
    'generation to open or sealed',
  ),
  row('rk:serving:{<shop>}', 'hash', 'segmenter', 'bidder', 'for ever', 'generation, previous'),
  row(
    'rk:budget:{<campaign>}:<period>',
    'hash',
    'bidder, tracker',
    'console',
    BUDGET_LIFE,
    'amount, free, leased, settled, late in nanos',
  ),
  row(
    'rk:leases:{<campaign>}:<period>',
    'hash',
    'bidder, tracker',
    'tracker',
    BUDGET_LIFE,
    'lease to granted, left, ended, returned',
  ),
  row(
    'rk:lease-ends:{<campaign>}:<period>',
    'zset',
    'bidder, tracker',
    'tracker',
    BUDGET_LIFE,
    'leases by their end',
  ),
  row('rk:bid:{<campaign>}:<bid>', 'string', 'tracker', 'tracker', '9 days', 'settled or released'),
  row(
    'rk:notice:{<id>}',
    'string',
    'tracker',
    'tracker',
    'as the writer asks',
    'that the notice was seen',
  ),
  row(
    'rk:learned:{<exchange>}:<kind>',
    'hash',
    'tracker',
    'bidder, tracker',
    'as the writer asks, from the last write',
    'record to its end and bytes',
  ),
  row(
    'rk:mark:<name>',
    'string',
    'any service',
    'any service',
    'for ever',
    'an offset or a version',
  ),
  row(
    'rk:syncs:<shop>:<letter>',
    'zset',
    'tracker',
    'segmenter',
    '60 days after the last sync',
    'syncs of cookies that begin with the letter, by their end',
  ),
];

// biome-ignore lint/complexity/useMaxParams: a row of a table, read as one.
function row(
  pattern: string,
  type: RedisKeyRow['type'],
  owner: string,
  reader: string,
  life: string,
  holds: string,
): RedisKeyRow {
  return { pattern, type, owner, reader, life, holds };
}

export function profileKey(shop: string, generation: string, person: string): string {
  return `rk:profile:${shop}:${generation}:{${person}}`;
}

export function linkKey(shop: string, generation: string, identity: string): string {
  return `rk:link:${shop}:${generation}:{${identity}}`;
}

export function liveKey(shop: string, person: string): string {
  return `rk:live:${shop}:{${person}}`;
}

export function exposuresKey(shop: string, person: string): string {
  return `rk:exposures:${shop}:{${person}}`;
}

/** What the keys of a person begin with; the id and a closing brace follow. */
export interface PersonKeyStarts {
  readonly link: string;
  readonly live: string;
  readonly exposures: string;
  readonly profile: string;
}

export function personKeyStarts(shop: string, generation: string): PersonKeyStarts {
  return {
    link: startOf(linkKey(shop, generation, '')),
    live: startOf(liveKey(shop, '')),
    exposures: startOf(exposuresKey(shop, '')),
    profile: startOf(profileKey(shop, generation, '')),
  };
}

function startOf(keyWithoutId: string): string {
  return keyWithoutId.slice(0, -1);
}

/** In the order of their bytes, so that letter after letter is key order. */
export const INDEX_LETTERS: readonly string[] = [
  ...'-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  // Whatever is not base64url comes last.
  '~',
];

export function indexLetter(id: string): string {
  const letter = id.charAt(0);
  return letter !== '' && INDEX_LETTERS.includes(letter) ? letter : '~';
}

export function profileIndexKey(shop: string, generation: string, letter: string): string {
  return `rk:profile-index:${shop}:${generation}:${letter}`;
}

export function linkIndexKey(shop: string, generation: string, letter: string): string {
  return `rk:link-index:${shop}:${generation}:${letter}`;
}

export function blobKey(shop: string, generation: string, name: string): string {
  return `rk:blob:{${shop}}:${generation}:${name}`;
}

export function blobNamesKey(shop: string, generation: string): string {
  return `rk:blob-names:{${shop}}:${generation}`;
}

export function generationsKey(shop: string): string {
  return `rk:generations:{${shop}}`;
}

export function servingKey(shop: string): string {
  return `rk:serving:{${shop}}`;
}

export function budgetKey(campaign: string, period: string): string {
  return `rk:budget:{${campaign}}:${period}`;
}

export function leasesKey(campaign: string, period: string): string {
  return `rk:leases:{${campaign}}:${period}`;
}

export function leaseEndsKey(campaign: string, period: string): string {
  return `rk:lease-ends:{${campaign}}:${period}`;
}

export function bidKey(campaign: string, bid: string): string {
  return `rk:bid:{${campaign}}:${bid}`;
}

export function noticeKey(id: string): string {
  return `rk:notice:{${id}}`;
}

export function learnedKey(exchange: string, kind: string): string {
  return `rk:learned:{${exchange}}:${kind}`;
}

export function markKey(name: string): string {
  return `rk:mark:${name}`;
}

/** `letter` as indexLetter has it, of the cookie. */
export function syncsKey(shop: string, letter: string): string {
  return `rk:syncs:${shop}:${letter}`;
}
