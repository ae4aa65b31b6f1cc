import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type IdentitySpace, identityKey } from '../proto/ids.ts';
import { LinkFilter, linkFilterBytes } from '../proto/link-filter.ts';
import { emptyRead, type PersonRead } from '../store/ports.ts';
import { GENERATION, SHOP, snapshotOf } from './auction/shop.contract.ts';
import { aimRead, hashIdentities, spaceBehind } from './hash-identities.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));

function check(spaces: readonly IdentitySpace[], linked: readonly string[], kept: string[]): void {
  const identities = spaces.map((space) => ({ space, value: 'v' }));
  expect(hashIdentities(KEY, identities, new Set(linked))).toEqual(
    kept.map((space) => identityKey(KEY, space as IdentitySpace, 'v')),
  );
}

it('keeps the order and leaves out what links nobody', () =>
  check(
    ['cookie', 'eid:a', 'ifa', 'eid:b'],
    ['ifa', 'cookie', 'eid:b'],
    ['cookie', 'ifa', 'eid:b'],
  ));

it('keeps the first, which names somebody whom no link leads to', () =>
  check(['eid:a', 'eid:b'], ['cookie'], ['eid:a']));

it('gives nothing for nothing', () => check([], ['cookie'], []));

it('knows the space of each again by its hash', () => {
  const spaces: IdentitySpace[] = ['eid:first', 'eid:unlinked', 'cookie', 'eid:unlinked', 'ifa'];
  const identities = spaces.map((space) => ({ space, value: 'v' }));
  const linked = new Set<string>(['cookie', 'ifa']);
  const hashed = hashIdentities(KEY, identities, linked);
  const behind = hashed.map((led) => spaceBehind(led, hashed, identities, linked));
  expect(behind).toEqual(['eid:first', 'cookie', 'ifa']);
  expect(spaceBehind('another', hashed, identities, linked)).toBeNull();
});

describe('a read of one shop', () => {
  const ids = ['a', 'b', 'c'].map((value) => identityKey(KEY, 'cookie', value));
  const linkFilter = new LinkFilter(new ArrayBuffer(linkFilterBytes(1000)));
  linkFilter.add(ids[1]!);
  const shop = { ...snapshotOf([]).shops[0]!, linkFilter };

  function checkAimed(identities: readonly string[], aimed: Partial<PersonRead>): void {
    const read = { ...emptyRead(), person: 'of the request before', wantProfile: false };
    aimRead(read, shop, identities);
    expect(read).toMatchObject({ shop: SHOP, generation: GENERATION, ...aimed });
  }

  it('looks up what may be linked, and knows the visitor in case it is not', () => {
    const lookUp = { person: '', wantProfile: true, identities: [ids[1]!] };
    checkAimed(ids, { ...lookUp, visitor: ids[0]! });
    checkAimed(ids.slice(1), { ...lookUp, visitor: ids[1]! });
  });
  it('is of the visitor whom the first names when none may be linked', () =>
    checkAimed([ids[0]!, ids[2]!], { identities: [], person: ids[0]!, wantProfile: false }));
});
