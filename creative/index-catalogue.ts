import type { Catalogue, Item } from './item.ts';
import { imageProblem, landingProblem } from './shop-url.ts';

/** An item that may be advertised, with what every showing of it has in common. */
export interface CatalogueItem extends Item {
  /** Index in CatalogueIndex.items. */
  readonly ordinal: number;
  readonly priceText: string;
  /** '' unless the item is at least 1 % below a believable list price. */
  readonly listPriceText: string;
  readonly discountPercent: number;
}

export interface CatalogueIndex {
  readonly items: readonly CatalogueItem[];
  readonly byId: ReadonlyMap<string, CatalogueItem>;
  /** Available items, best first, at most BEST_MAX of a list. */
  readonly bestOfCategory: ReadonlyMap<string, readonly CatalogueItem[]>;
  readonly bestSellers: readonly CatalogueItem[];
  /** The first OMITTED_MAX items that may not be advertised, and why. */
  readonly omitted: readonly { readonly id: string; readonly reason: string }[];
  readonly omittedCount: number;
}

export interface CatalogueOptions {
  /** Hosts (with port, if not the scheme's own) of landing pages and images; `*.` admits subdomains. */
  readonly allowedHosts: readonly string[];
  /** ISO 4217 code of every price in the catalogue. */
  readonly currency: string;
  /** BCP 47 tag that prices are written for, e.g. `en`. */
  readonly locale: string;
}

export const BEST_MAX = 50;
export const OMITTED_MAX = 1000;
/** A sale below this share of the list price is a monthly rate or a slip, not a sale. */
const SALE_SHARE_MIN = 0.1;
const TITLE_LENGTH_MAX = 140;

/** Prepares a catalogue for selection and banners, once when it is loaded. */
export function indexCatalogue(catalogue: Catalogue, options: CatalogueOptions): CatalogueIndex {
  const money = new Intl.NumberFormat(options.locale, {
    style: 'currency',
    currency: options.currency,
  });
  const items: CatalogueItem[] = [];
  const byId = new Map<string, CatalogueItem>();
  const omitted: { id: string; reason: string }[] = [];
  let omittedCount = 0;
  for (const item of catalogue.items) {
    const reason = byId.has(item.id) ? 'the id stands twice' : problemOf(item, options);
    if (reason === null) {
      const prepared = prepare(item, items.length, money);
      items.push(prepared);
      byId.set(item.id, prepared);
      continue;
    }
    omittedCount += 1;
    if (omitted.length < OMITTED_MAX) omitted.push({ id: item.id, reason });
  }
  const bestOfCategory = new Map<string, readonly CatalogueItem[]>();
  for (const [category, ids] of Object.entries(catalogue.bestOfCategory)) {
    bestOfCategory.set(category, bestOf(ids, byId));
  }
  const bestSellers = bestOf(catalogue.bestSellers, byId);
  return { items, byId, bestOfCategory, bestSellers, omitted, omittedCount };
}

function problemOf(item: Item, options: CatalogueOptions): string | null {
  if (item.id === '') return 'the id is empty';
  if (item.title.trim() === '') return 'the title is empty';
  if (!Number.isSafeInteger(item.priceMicros) || item.priceMicros <= 0) {
    return `the price must be over 0, it is ${item.priceMicros} micros`;
  }
  return (
    landingProblem(item.landingUrl, options.allowedHosts) ??
    imageProblem(item.imageUrl, options.allowedHosts)
  );
}

function prepare(item: Item, ordinal: number, money: Intl.NumberFormat): CatalogueItem {
  const list = item.listPriceMicros;
  const onSale =
    list !== null && item.priceMicros < list && item.priceMicros >= list * SALE_SHARE_MIN;
  // Floored: 19.9 % off is not "20 % off".
  const discountPercent = onSale ? Math.floor(100 - (100 * item.priceMicros) / list) : 0;
  // Name by name: a spread gives each item a hidden class of its own, and bids meet hundreds.
  return {
    id: item.id,
    title: clipped(item.title.trim()),
    priceMicros: item.priceMicros,
    listPriceMicros: list,
    imageUrl: item.imageUrl,
    landingUrl: item.landingUrl,
    category: item.category,
    available: item.available,
    ordinal,
    priceText: money.format(item.priceMicros / 1e6),
    listPriceText: discountPercent > 0 ? money.format(list! / 1e6) : '',
    discountPercent,
  };
}

function clipped(title: string): string {
  if (title.length <= TITLE_LENGTH_MAX) return title;
  return `${title.slice(0, TITLE_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
}

function bestOf(
  ids: readonly string[],
  byId: ReadonlyMap<string, CatalogueItem>,
): readonly CatalogueItem[] {
  const best: CatalogueItem[] = [];
  for (const id of ids) {
    const item = byId.get(id);
    if (item?.available) best.push(item);
    if (best.length === BEST_MAX) break;
  }
  return best;
}
