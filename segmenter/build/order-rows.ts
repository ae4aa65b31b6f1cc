/** Lines and attributes of single orders, as rules/rule-sql.ts reads them. */
import { existsSync } from 'node:fs';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { AskedLines, AskedRows } from './asked-rows.ts';
import { linesOfOrders, VALID } from './facts.ts';

/**
 * Makes `order_lines` and `order_attributes` for the table `orders`, empty where no rule asks for them: as tables,
 * or as views for what is read once. Lines are those that were kept; of an order that was refused, those it had.
 * Lines need `product_categories` and `product_brands`.
 */
export async function createOrderRows(
  duck: Duck,
  files: ShopFiles,
  { orderLines, orderAttributes }: AskedRows,
  as: 'TABLE' | 'VIEW' = 'TABLE',
): Promise<void> {
  const isOfOrders = await linesOfOrders(duck);
  const lines = orderLines === null ? NO_LINES : linesSql(files, orderLines, isOfOrders);
  await duck.run(`CREATE OR REPLACE ${as} order_lines AS ${lines}`);
  const isThere = orderAttributes.length > 0 && existsSync(files.orderAttributes);
  const attributes = `SELECT a.order_no, a.name, a.text, a.number_micros, a.day
    FROM read_parquet(${sqlText(files.orderAttributes)}) a
    WHERE a.${isOfOrders} AND a.name IN (${orderAttributes.map(sqlText).join(', ')})`;
  await duck.run(
    `CREATE OR REPLACE ${as} order_attributes AS ${isThere ? attributes : NO_ATTRIBUTES}`,
  );
}

const NO_LINES = `SELECT 0 AS order_no, '' AS product, '' AS category, '' AS brand WHERE FALSE`;
const NO_ATTRIBUTES = `SELECT 0 AS order_no, '' AS name, '' AS text, CAST(0 AS BIGINT) AS number_micros,
  0 AS day WHERE FALSE`;

function linesSql(files: ShopFiles, asked: AskedLines, isOfOrders: string): string {
  return `SELECT l.order_no, p.product, p.category, p.brand
    FROM read_parquet(${sqlText(files.orderLines)}) l
      JOIN (
        SELECT p.product_no, p.product, c.category, b.brand
        FROM read_parquet(${sqlText(files.products)}) p
          LEFT JOIN product_categories c ON c.product_no = p.product_no
          LEFT JOIN product_brands b ON b.product_no = p.product_no
        WHERE ${isAsked(asked)}
      ) p ON p.product_no = l.product_no
      JOIN orders o ON o.order_no = l.order_no
    WHERE l.${isOfOrders} AND (l.quantity_micros > 0 OR NOT o.${VALID})`;
}

function isAsked(lines: AskedLines): string {
  if (lines === 'all') return 'TRUE';
  const among = (column: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [`${column} IN (${texts.map(sqlText).join(', ')})`];
  const { product, category, brand } = lines;
  return [
    ...among('p.product', product),
    ...among('c.category', category),
    ...among('b.brand', brand),
  ].join(' OR ');
}
