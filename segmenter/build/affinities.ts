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
  await duck.run(`INSERT INTO affinities
    SELECT person, kind, name,
      CAST(spent * 1000000 // sum(spent) OVER (PARTITION BY person, kind) AS INTEGER),
      CAST(row_number() OVER (PARTITION BY person, kind ORDER BY spent DESC, name) AS INTEGER)
    FROM (
      SELECT l.person, g.kind, g.name, sum(l.spent) AS spent
      FROM (
        SELECT o.person, l.product_no, COALESCE(l.revenue_micros, CAST(o.revenue_micros AS HUGEINT)
          * l.quantity_micros // sum(l.quantity_micros) OVER (PARTITION BY l.order_no)) AS spent
        FROM read_parquet(${sqlText(files.orderLines)}) l JOIN orders o ON o.order_no = l.order_no
        WHERE l.${isOfBucket} AND o.${VALID} AND l.quantity_micros > 0
      ) l JOIN (
        SELECT product_no, 'category' AS kind, category AS name FROM product_categories
        UNION ALL SELECT product_no, 'brand', brand FROM product_brands
      ) g ON g.product_no = l.product_no
      WHERE l.spent > 0
      GROUP BY l.person, g.kind, g.name
    )`);
}
