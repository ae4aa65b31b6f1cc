/** The shop's goods as a generation publishes them, and what the profile loop knows of products. */
import type { Catalogue, Item } from '../../creative/item.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

/** Products of the order lines by number, with what the feed says about them. */
export interface Products {
  readonly names: readonly string[];
  /** Number in categoryNames, or -1 when the feed does not have the product. */
  readonly categories: Int32Array;
  /** Sorted. */
  readonly categoryNames: readonly string[];
  /** 1 for a product that may be shown; all of them when there is no feed to ask. */
  readonly showable: Uint8Array;
}

/** Joins products.parquet with the feed. */
export async function loadProducts(
  duck: Duck,
  files: ShopFiles,
  items: readonly Item[],
): Promise<Products> {
  const names: string[] = [];
  const query = `SELECT product FROM read_parquet(${sqlText(files.products)}) ORDER BY product_no`;
  for await (const chunk of duck.chunks(query)) names.push(...chunk.texts(0));
  const categoryNames = [...new Set(items.map(({ category }) => category))].sort();
  const numbers = new Map(categoryNames.map((name, number) => [name, number]));
  const byId = new Map(items.map((item) => [item.id, item]));
  const categories = new Int32Array(names.length).fill(-1);
  const showable = new Uint8Array(names.length);
  names.forEach((name, product) => {
    const item = byId.get(name);
    if (item !== undefined && item.category !== '') {
      categories[product] = numbers.get(item.category)!;
    }
    showable[product] = items.length === 0 || item?.available === true ? 1 : 0;
  });
  return { names, categories, categoryNames, showable };
}

const BEST_OF_CATEGORY_MAX = 50;
const BEST_SELLERS_MAX = 200;

/** `sold` counts lines by product number. Goods never sold come last, so that a new shop has some. */
export function makeCatalogue(
  items: readonly Item[],
  products: Products,
  sold: Int32Array,
): Catalogue {
  const soldById = new Map<string, number>();
  products.names.forEach((name, product) => {
    soldById.set(name, sold[product]!);
  });
  const ranked = items
    .filter(({ available }) => available)
    .map((item) => ({ id: item.id, category: item.category, sold: soldById.get(item.id) ?? 0 }))
    .sort((a, b) => b.sold - a.sold || (a.id < b.id ? -1 : 1));
  const bestOfCategory: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const name of products.categoryNames) bestOfCategory[name] = [];
  for (const { id, category } of ranked) {
    const best = bestOfCategory[category]!;
    if (best.length < BEST_OF_CATEGORY_MAX) best.push(id);
  }
  const bestSellers = ranked.slice(0, BEST_SELLERS_MAX).map(({ id }) => id);
  return { items, bestOfCategory, bestSellers };
}
