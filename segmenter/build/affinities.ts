/** What each customer spends on, by category and by brand: the table `affinities` of rules/rule-sql.ts. */
import { type Duck, sqlText } from '../duck.ts';
import type { FeedContent } from '../feed/read-feed.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { Products } from './catalogue.ts';
import { linesOfOrders, VALID } from './facts.ts';

/** Makes `product_brands`, of the whole catalogue: createAffinities() needs it and `product_categories`. */
export async function createProductBrands(
  duck: Duck,
  { names }: Pick<Products, 'names'>,
  brands: FeedContent['brands'],
): Promise<void> {
  const table = await duck.createTable('product_brands', { product_no: 'integer', brand: 'text' });
  names.forEach((name, product) => {
    const brand = brands.get(name);
    if (brand !== undefined) table.add([product, brand]);
  });
  await table.close();
}

/**
 * Of the people of the table `orders`; empty unless `wanted`. Spend is what the lines of orders in progress
 * or paid were worth and were kept; lines of unknown worth share what their order was by their pieces, rounded
 * down to the micro. Goods whose category (or brand) the feed does not tell are no part of it.
 */
export async function createAffinities(
  duck: Duck,
  files: ShopFiles,
  wanted: boolean,
): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE affinities
    (person VARCHAR, kind VARCHAR, name VARCHAR, share_ppm INTEGER, place INTEGER)`);
  if (!wanted) return;
  const isOfBucket = await linesOfOrders(duck);
  await createGoods(duck);
  await duck.run(`INSERT INTO affinities
    SELECT p.owner, n.kind, n.name, p.share_ppm, p.place
    FROM ${placesSql(`(SELECT o.person AS owner, l.product_no, ${worthSql('l', 'o.revenue_micros')} AS spent
        FROM read_parquet(${sqlText(files.orderLines)}) l JOIN orders o ON o.order_no = l.order_no
        WHERE l.${isOfBucket} AND o.${VALID} AND l.quantity_micros > 0)`)} p
      JOIN good_names n ON n.good = p.good`);
}

/**
 * Makes `goods` (product_no, good) and `good_names` (good, kind, name): categories and brands as whole numbers in
 * the order of their names, because texts take several times as long to group by.
 */
export async function createGoods(duck: Duck): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE named_goods AS
    SELECT product_no, 'category' AS kind, category AS name FROM product_categories
    UNION ALL SELECT product_no, 'brand', brand FROM product_brands`);
  await duck.run(`CREATE OR REPLACE TABLE good_names AS
    SELECT CAST(row_number() OVER (ORDER BY kind, name) AS INTEGER) AS good, kind, name
    FROM (SELECT DISTINCT kind, name FROM named_goods)`);
  await duck.run(`CREATE OR REPLACE TABLE goods AS
    SELECT g.product_no, n.good, n.kind = 'brand' AS is_brand
    FROM named_goods g JOIN good_names n ON n.kind = g.kind AND n.name = g.name`);
}

/** SQL for what a kept line was worth; where nobody says, its part of its order by quantity. */
export function worthSql(line: string, ofOrder: string): string {
  const quantity = `${line}.quantity_micros`;
  return `COALESCE(${line}.revenue_micros, CAST(${ofOrder} AS HUGEINT)
    * ${quantity} // sum(${quantity}) OVER (PARTITION BY ${line}.order_no))`;
}

/** SQL for each owner's goods, best liked first: owner, good, share_ppm, place; of the lines of spentSql(). */
function placesSql(lines: string): string {
  return `(SELECT owner, good,
      CAST(spent * 1000000 // sum(spent) OVER (PARTITION BY owner, is_brand) AS INTEGER) AS share_ppm,
      CAST(row_number() OVER (PARTITION BY owner, is_brand ORDER BY spent DESC, good) AS INTEGER) AS place
    FROM ${spentSql(lines)})`;
}

/**
 * SQL for what each owner has spent: owner, is_brand, good, spent. Needs `goods`; `lines` are owner, product_no
 * and spent of what was bought and kept.
 */
export function spentSql(lines: string): string {
  return `(SELECT l.owner, g.is_brand, g.good, sum(l.spent) AS spent
    FROM ${lines} l JOIN goods g ON g.product_no = l.product_no
    WHERE l.spent > 0 GROUP BY l.owner, g.is_brand, g.good)`;
}
