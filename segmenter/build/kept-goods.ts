/**
 * What the feed of a build said of goods, as `goods.parquet` of its generation: product, category_no (of
 * Products), category and brand, NULL where it did not say; by product. Whoever asks about what serves needs
 * neither the feed, which may have changed, nor the time to read it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Duck, sqlText } from '../duck.ts';
import type { FeedContent } from '../feed/read-feed.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { Products } from './catalogue.ts';

export function goodsFile({ generations }: ShopFiles, generation: string): string {
  return join(generations, generation, 'goods.parquet');
}

export async function keepGoods(
  duck: Duck,
  file: string,
  { categoryNames }: Pick<Products, 'categoryNames'>,
  { items, brands }: Pick<FeedContent, 'items' | 'brands'>,
): Promise<void> {
  const numbers = new Map(categoryNames.map((name, number) => [name, number]));
  const columns = {
    product: 'text',
    category_no: 'integer',
    category: 'text',
    brand: 'text',
  } as const;
  const table = await duck.createTable('feed_goods', columns);
  for (const { id, category } of items) {
    table.add([id, numbers.get(category)!, category, brands.get(id) ?? '']);
  }
  await table.close();
  await duck.run(`COPY (
    SELECT product, CASE WHEN category <> '' THEN category_no END AS category_no,
      NULLIF(category, '') AS category, NULLIF(brand, '') AS brand
    FROM feed_goods ORDER BY product
  ) TO ${sqlText(file)} (FORMAT parquet)`);
  await duck.run('DROP TABLE feed_goods');
}

/**
 * Makes `kept_goods`, and of them by the numbers of products `product_categories` and `product_brands`, as
 * facts.ts and affinities.ts make them. False where an earlier version built the generation.
 */
export async function openGoods(
  duck: Duck,
  files: ShopFiles,
  generation: string,
): Promise<boolean> {
  const file = goodsFile(files, generation);
  if (!existsSync(file)) return false;
  await duck.run(`CREATE VIEW kept_goods AS FROM read_parquet(${sqlText(file)})`);
  const products = `read_parquet(${sqlText(files.products)})`;
  const joined = `kept_goods g JOIN ${products} p ON p.product = g.product`;
  await duck.run(`CREATE VIEW product_categories AS
    SELECT p.product_no, g.category_no, g.category FROM ${joined} WHERE g.category IS NOT NULL`);
  await duck.run(`CREATE VIEW product_brands AS
    SELECT p.product_no, g.brand FROM ${joined} WHERE g.brand IS NOT NULL`);
  return true;
}
