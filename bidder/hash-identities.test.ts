import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type IdentitySpace, identityKey } from '../proto/ids.ts';
import { LinkFilter, linkFilterBytes } from '../proto/link-filter.ts';
import { hashIdentities, takeLinked } from './hash-identities.ts';

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

describe('of the hashed, for one shop', () => {
  const ids = ['a', 'b', 'c'].map((value) => identityKey(KEY, 'cookie', value));
  const filter = new LinkFilter(new ArrayBuffer(linkFilterBytes(1000)));
  filter.add(ids[1]!);

  function checkTaken(identities: readonly string[], taken: readonly string[]): void {
    expect(takeLinked(filter, identities)).toEqual(taken);
  }

  it('those that may be linked are looked up, and the first, in case they are not', () => {
    checkTaken(ids, [ids[0]!, ids[1]!]);
    checkTaken(ids.slice(1), [ids[1]!]);
  });
  it('none is looked up when none may be linked', () => checkTaken([ids[0]!, ids[2]!], []));
});
