import type { CatalogueIndex, CatalogueItem } from './index-catalogue.ts';
import type { Interests } from './item.ts';

/** Which step of the ladder an item came from. */
type Rung = 'cart' | 'viewed' | 'bought-with' | 'category' | 'best-seller';

/** Filled by selectItems; may be used again for the next bid. `rungs[i]` belongs to `items[i]`. */
export interface Selection {
  readonly items: CatalogueItem[];
  readonly rungs: Rung[];
}

/** More of a person's lists than this is not looked at. */
const LIST_SCAN_MAX = 100;
const CATEGORIES_SCAN_MAX = 10;

export function emptySelection(): Selection {
  return { items: [], rungs: [] };
}

/**
 * Chooses at most `count` different items for a person: from the cart, then viewed, then often
 * bought with what they bought, then the best of their categories, then the shop's best sellers.
 * Only what the catalogue has and is available; nothing of `interests.bought`.
 */
export function selectItems(
  input: { interests: Interests; catalogue: CatalogueIndex; count: number },
  out: Selection,
): void {
  const { interests, catalogue, count } = input;
  out.items.length = 0;
  out.rungs.length = 0;
  takeIds(interests.cart, 'cart', input, out);
  takeIds(interests.viewed, 'viewed', input, out);
  takeIds(interests.boughtWith, 'bought-with', input, out);
  if (out.items.length < count) takeOfCategories(input, out);
  for (let i = 0; i < catalogue.bestSellers.length && out.items.length < count; i++) {
    take(catalogue.bestSellers[i]!, 'best-seller', interests, out);
  }
}

function takeIds(
  ids: readonly string[],
  rung: Rung,
  input: { interests: Interests; catalogue: CatalogueIndex; count: number },
  out: Selection,
): void {
  const end = Math.min(ids.length, LIST_SCAN_MAX);
  for (let i = 0; i < end && out.items.length < input.count; i++) {
    const item = input.catalogue.byId.get(ids[i]!);
    if (item?.available) take(item, rung, input.interests, out);
  }
}

/** The best of each category, then the second best of each: a banner shows more than one interest. */
function takeOfCategories(
  input: { interests: Interests; catalogue: CatalogueIndex; count: number },
  out: Selection,
): void {
  const { interests, catalogue, count } = input;
  const end = Math.min(interests.categories.length, CATEGORIES_SCAN_MAX);
  let found = true;
  for (let rank = 0; found; rank++) {
    found = false;
    for (let c = 0; c < end; c++) {
      const item = catalogue.bestOfCategory.get(interests.categories[c]!)?.[rank];
      if (item === undefined) continue;
      found = true;
      take(item, 'category', interests, out);
      if (out.items.length === count) return;
    }
  }
}

function take(item: CatalogueItem, rung: Rung, interests: Interests, out: Selection): void {
  if (out.items.includes(item) || interests.bought.includes(item.id)) return;
  out.items.push(item);
  out.rungs.push(rung);
}
