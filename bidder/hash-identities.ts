import type { KeyObject } from 'node:crypto';
import { identityKey } from '../proto/ids.ts';
import type { LinkFilter } from '../proto/link-filter.ts';
import type { RawIdentity } from './auction/bid-request.ts';

/**
 * Replaces the content of `out` by the identities as the store knows them, in order. Left out are
 * those of spaces that link nobody, but for the first: it names the person when none is linked. Not
 * remembered: most are seen once, and a memory of them costs more, in garbage that lives, than
 * hashing again.
 */
export function hashIdentities(
  key: KeyObject,
  identities: readonly RawIdentity[],
  linked: ReadonlySet<string>,
  out: string[],
): void {
  out.length = 0;
  for (let i = 0; i < identities.length; i++) {
    const { space, value } = identities[i]!;
    if (i === 0 || linked.has(space)) out.push(identityKey(key, space, value));
  }
}

/**
 * Replaces the content of `out` by the identities that a shop's links may lead from, with the first
 * before them; empty, when there is none. Returns `out`.
 */
export function takeLinked(
  filter: LinkFilter,
  identities: readonly string[],
  out: string[],
): readonly string[] {
  out.length = 0;
  let found = false;
  for (let i = 0; i < identities.length; i++) {
    const mayLink = filter.mayLink(identities[i]!);
    found ||= mayLink;
    if (mayLink || i === 0) out.push(identities[i]!);
  }
  if (!found) out.length = 0;
  return out;
}
