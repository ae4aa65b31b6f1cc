/** A shop's categories against a request's lists: names are compared within one taxonomy alone. */
import type { BidRequest } from './bid-request.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { hasName, type OwnNames, ownNames } from './own-names.ts';

/** AdCOM: IAB content categories 1.0, the only ones whose names show what they lie under. */
const CONTENT_1_0 = 1;
/** Of all characters up to this one none is a lower case letter: the one before `a`. */
const CODE_BEFORE_LOWER = 0x60;

interface NamesOfTaxonomy {
  readonly names: readonly string[];
  /** With those they lie under: a block of any of them is a block of the shop. */
  readonly blockable: OwnNames;
}

export interface ShopCategories {
  /** By AdCOM taxonomy. */
  readonly named: readonly (NamesOfTaxonomy | undefined)[];
  /** The taxonomy of bids where the one asked in has no names: 1.0, or the first that has. */
  readonly usual: number;
}

export function shopCategories(
  categories: Readonly<Record<number, readonly string[]>>,
): ShopCategories {
  const named: (NamesOfTaxonomy | undefined)[] = [];
  for (const [key, names] of Object.entries(categories)) {
    const isTree = Number(key) === CONTENT_1_0;
    const blockable = ownNames(isTree ? names.flatMap(nameAndParents) : names);
    named[Number(key)] = { names, blockable };
  }
  const first = named.findIndex((names) => names !== undefined);
  return { named, usual: first < 0 ? CONTENT_1_0 : first };
}

/** Why the request's lists shut the shop out, or null. `taxonomy` is of lists that name none. */
export function refusesCategories(
  categories: ShopCategories,
  request: BidRequest,
  taxonomy: number,
): NoBidReason | null {
  const { blockedCategories: blocked, allowedCategories: allowed } = request;
  if (blocked.length + allowed.length === 0) return null;
  const asked = request.categoryTaxonomy || taxonomy;
  const own = categories.named[asked];
  // A list in a taxonomy we cannot compare with means "cannot tell", never "nothing is blocked".
  if (own === undefined) return 'category-taxonomy-unknown';
  const isTree = asked === CONTENT_1_0;
  if (blocksAny(blocked, own.blockable, isTree)) return 'blocked-category';
  return allowed.length > 0 && !allowsAll(own.names, allowed, isTree) ? 'blocked-category' : null;
}

/** The taxonomy in which a bid names its categories: the one asked in, where the shop has names for it. */
export function bidTaxonomy({ named, usual }: ShopCategories, asked: number): number {
  return named[asked] === undefined ? usual : asked;
}

function blocksAny(blocked: readonly string[], own: OwnNames, isTree: boolean): boolean {
  for (let i = 0; i < blocked.length; i++) {
    if (hasName(own, isTree ? upperCase(blocked[i]!) : blocked[i]!)) return true;
  }
  return false;
}

/** Every category of the shop must be allowed, or lie under one that is. */
function allowsAll(own: readonly string[], allowed: readonly string[], isTree: boolean): boolean {
  return (
    own.length > 0 &&
    own.every((one) =>
      allowed.some((name) => one === name || (isTree && one.startsWith(`${name}-`))),
    )
  );
}

/** Names come in upper case; to find that out costs less than to have them converted. */
function upperCase(name: string): string {
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) > CODE_BEFORE_LOWER) return name.toUpperCase();
  }
  return name;
}

/** `IAB25-3` and `IAB25`: a block of the parent blocks the child. */
function nameAndParents(name: string): string[] {
  const all = [name.toUpperCase()];
  for (let cut = name.lastIndexOf('-'); cut > 0; cut = name.lastIndexOf('-', cut - 1)) {
    all.push(name.slice(0, cut).toUpperCase());
  }
  return all;
}
