/**
 * What was bought, and how spend is shared out, for the people of a preview. They are whole numbers until the end:
 * texts take several times as long to group by. That number is the first of a person's orders, which lie together.
 */
import { createGoods, spentSql, worthSql } from '../build/affinities.ts';
import { type AskedNames, createBought, linesOfOrders, VALID } from '../build/facts.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

/**
 * Makes the table `owned_lines`: lines of valid orders that were kept, and whose they are. Of everybody, with what
 * they are worth, or of whoever may have bought what is asked: few against all.
 */
export async function createOwnedLines(
  duck: Duck,
  files: ShopFiles,
  asked: AskedNames | 'all',
): Promise<void> {
  const lines = `read_parquet(${sqlText(files.orderLines)})`;
  const owner = (orderNo: string) => `ASOF JOIN (
      SELECT person, first_order_no FROM customers WHERE first_order_no >= 0
    ) c ON c.first_order_no <= ${orderNo}`;
  const holders = (names: AskedNames) => `JOIN (
      SELECT DISTINCT c.person, c.first_order_no
      FROM (FROM ${lines} WHERE product_no IN (${askedProducts(files, names)})) l
        ${owner('l.order_no')}
    ) c ON c.person = o.person`;
  await duck.run(`CREATE TABLE owned_lines AS
    WITH owned AS ${asked === 'all' ? '' : 'MATERIALIZED'} (
      SELECT o.order_no, o.revenue_micros, c.first_order_no
      FROM orders o ${asked === 'all' ? owner('o.order_no') : holders(asked)}
      WHERE o.${VALID}
    )
    SELECT o.first_order_no AS owner, l.order_no, l.product_no ${asked === 'all' ? WORTH : ''}
    FROM ${lines} l JOIN owned o ON o.order_no = l.order_no
    WHERE l.${await linesOfOrders(duck)} AND l.quantity_micros > 0`);
}

const WORTH = ', l.revenue_micros, l.quantity_micros, o.revenue_micros AS order_micros';

/** Makes `bought` of rules/rule-sql.ts from `owned_lines` and `product_categories`. */
export async function createPreviewBought(
  duck: Duck,
  files: ShopFiles,
  asked: AskedNames,
): Promise<void> {
  // What else somebody bought decides whether a profile has room for it: all lines of those who may count.
  await duck.run(`CREATE VIEW bought_lines AS
    SELECT l.owner AS person, l.order_no, l.product_no, p.product
    FROM owned_lines l JOIN read_parquet(${sqlText(files.products)}) p ON p.product_no = l.product_no
    WHERE l.owner IN (SELECT owner FROM owned_lines WHERE product_no IN (${askedProducts(files, asked)}))`);
  await createBought(duck, asked);
  await duck.run('ALTER TABLE bought RENAME TO bought_by_owner');
  await duck.run(`CREATE VIEW bought AS
    SELECT c.person, b.kind, b.name
    FROM bought_by_owner b JOIN customers c ON c.first_order_no = b.person`);
}

function askedProducts(files: ShopFiles, { product, category }: AskedNames): string {
  const list = (texts: readonly string[]) => texts.map(sqlText).join(', ');
  const selects = [
    ...(product.length === 0
      ? []
      : [
          `SELECT product_no FROM read_parquet(${sqlText(files.products)}) WHERE product IN (${list(product)})`,
        ]),
    ...(category.length === 0
      ? []
      : [`SELECT product_no FROM product_categories WHERE category IN (${list(category)})`]),
  ];
  return selects.join(' UNION ALL ');
}

/** Above any number of `goods`. */
const GOODS_MAX = 2 ** 32;

/**
 * Makes `affinities` of rules/rule-sql.ts from `owned_lines`, `product_categories` and `product_brands`. Rules ask
 * for the first place alone, which needs no sort: all others are 2.
 */
export async function createPreviewAffinities(duck: Duck): Promise<void> {
  await createGoods(duck);
  const [unknown] = await duck.numbers(
    'SELECT count(*) FROM owned_lines WHERE revenue_micros IS NULL',
  );
  const worth = unknown === 0 ? 'l.revenue_micros' : worthSql('l', 'l.order_micros');
  const lines = `(SELECT l.owner, l.product_no, ${worth} AS spent FROM owned_lines l)`;
  // Ordered by worth, and of equal worth by name, as one number.
  const rank = (spent: string, good: string) => `${spent} * ${GOODS_MAX} - ${good}`;
  await duck.run(`CREATE TABLE spent AS FROM ${spentSql(lines)}`);
  await duck.run(`CREATE TABLE totals AS
    SELECT owner, is_brand, sum(spent) AS spent, max(${rank('spent', 'good')}) AS best
    FROM spent GROUP BY owner, is_brand`);
  await duck.run(`CREATE OR REPLACE VIEW affinities AS
    SELECT c.person, n.kind, n.name, CAST(s.spent * 1000000 // t.spent AS INTEGER) AS share_ppm,
      CASE WHEN ${rank('s.spent', 's.good')} = t.best THEN 1 ELSE 2 END AS place
    FROM spent s JOIN totals t ON t.owner = s.owner AND t.is_brand = s.is_brand
      JOIN good_names n ON n.good = s.good JOIN customers c ON c.first_order_no = s.owner`);
}
