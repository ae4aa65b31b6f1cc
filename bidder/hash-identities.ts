import type { KeyObject } from 'node:crypto';
import { type IdentitySpace, identityKey } from '../proto/ids.ts';
import type { LinkFilter } from '../proto/link-filter.ts';
import type { PersonRead } from '../store/ports.ts';
import type { RawIdentity } from './auction/bid-request.ts';
import type { ShopSnapshot } from './auction/snapshot.ts';

/** A new short array costs less than emptying an old one, which leaves the optimised code. */
const NONE: readonly string[] = Object.freeze([]);

/**
 * The identities as the store knows them, in order. Left out are those of spaces that link nobody,
 * but for the first: it names the person when none is linked. Not remembered: most are seen once,
 * and a memory of them costs more, in garbage that lives, than hashing again.
 */
export function hashIdentities(
  key: KeyObject,
  identities: readonly RawIdentity[],
  linkedSpaces: ReadonlySet<string>,
): readonly string[] {
  const hashed: string[] = [];
  for (let i = 0; i < identities.length; i++) {
    const { space, value } = identities[i]!;
    if (i === 0 || linkedSpaces.has(space)) hashed.push(identityKey(key, space, value));
  }
  return hashed;
}

/** The space of the identity whose hash led to the person; null when `hashed` is not made of these. */
export function spaceBehind(
  led: string,
  hashed: readonly string[],
  identities: readonly RawIdentity[],
  linkedSpaces: ReadonlySet<string>,
): IdentitySpace | null {
  let at = 0;
  for (let i = 0; i < identities.length; i++) {
    const { space } = identities[i]!;
    if (i > 0 && !linkedSpaces.has(space)) continue;
    if (hashed[at] === led) return space;
    at++;
  }
  return null;
}

/**
 * Points a read at a shop: at whomever the hashed identities lead to, or, when the shop's links lead
 * from none of them, at the visitor whom the first one names. At least one identity is given.
 */
export function aimRead(read: PersonRead, shop: AimedShop, identities: readonly string[]): void {
  read.shop = shop.settings.shop;
  read.generation = shop.manifest.generation;
  read.identities = takeLinked(shop.linkFilter, identities);
  read.visitor = identities[0]!;
  read.wantProfile = read.identities.length > 0;
  read.person = read.wantProfile ? '' : read.visitor;
}

type AimedShop = Pick<ShopSnapshot, 'settings' | 'manifest' | 'linkFilter'>;

/** Those that the links may lead from. */
function takeLinked(filter: LinkFilter, identities: readonly string[]): readonly string[] {
  let taken: string[] | null = null;
  for (let i = 0; i < identities.length; i++) {
    if (!filter.mayLink(identities[i]!)) continue;
    taken ??= [];
    taken.push(identities[i]!);
  }
  return taken ?? NONE;
}
