/** Lines and attributes of single orders, as rules/rule-sql.ts reads them. */
import { existsSync } from 'node:fs';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { AskedRows } from './asked-rows.ts';
import { linesOfOrders, VALID } from './facts.ts';

/**
 * Makes the tables `order_lines` and `order_attributes` for the table `orders`, empty where no rule asks for
 * them. Lines are those that were kept; of an order that was refused, those it had. Lines need the table
 * `product_categories`.
 */
export async function createOrderRows(
  duck: Duck,
  files: ShopFiles,
  { orderLines, orderAttributes }: AskedRows,
): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE order_lines
    (order_no INTEGER, product VARCHAR, category VARCHAR)`);
  await duck.run(`CREATE OR REPLACE TABLE order_attributes
    (order_no INTEGER, name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER)`);
  const isOfOrders = await linesOfOrders(duck);
  if (orderLines) {
    await duck.run(`INSERT INTO order_lines
      SELECT l.order_no, p.product, c.category
      FROM read_parquet(${sqlText(files.orderLines)}) l
        JOIN orders o ON o.order_no = l.order_no
        JOIN read_parquet(${sqlText(files.products)}) p ON p.product_no = l.product_no
        LEFT JOIN product_categories c ON c.product_no = l.product_no
      WHERE l.${isOfOrders} AND (l.quantity_micros > 0 OR NOT o.${VALID})`);
  }
  if (orderAttributes.length === 0 || !existsSync(files.orderAttributes)) return;
  await duck.run(`INSERT INTO order_attributes
    SELECT a.order_no, a.name, a.text, a.number_micros, a.day
    FROM read_parquet(${sqlText(files.orderAttributes)}) a
    WHERE a.${isOfOrders} AND a.name IN (${orderAttributes.map(sqlText).join(', ')})`);
}
