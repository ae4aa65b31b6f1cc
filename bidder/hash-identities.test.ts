import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { type IdentitySpace, identityKey } from '../proto/ids.ts';
import { hashIdentities } from './hash-identities.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));

function check(spaces: readonly IdentitySpace[], linked: readonly string[], kept: string[]): void {
  const out = ['of the request before'];
  const identities = spaces.map((space) => ({ space, value: 'v' }));
  hashIdentities(KEY, identities, new Set(linked), out);
  expect(out).toEqual(kept.map((space) => identityKey(KEY, space as IdentitySpace, 'v')));
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
