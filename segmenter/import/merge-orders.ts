/**
 * Staged orders joined with what earlier imports left: a later import replaces an order whole, after what it
 * does not say was filled in where that stays (unsaid-fields.ts).
 */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { saidLinesSql } from './order-products.ts';

/**
 * Makes merged_orders (sorted; its rowid is the order_no), merged_products (its rowid is the
 * product_no) and merged_lines, and stale_orders: those of the file whose status is older than what
 * is held, so that they are left as they were. When an order was made never changes; of payments the
 * first stays. Needs merged_customers.
 */
export async function mergeOrders(
  context: ImportContext,
  columns: OrdersMapping['columns'] | undefined,
): Promise<void> {
  const { duck } = context;
  await loadOld(context, 'orders');
  await loadOld(context, 'orderLines');
  await loadOld(context, 'products');
  await duck.run(`CREATE TABLE stale_orders AS
    SELECT f.order_id, f.paid_ms FROM fresh_orders f JOIN old_orders o ON o.order_id = f.order_id
    WHERE f.status_ms < o.status_ms`);
  const replaced = `(order_id IN (SELECT order_id FROM fresh_orders)
    AND order_id NOT IN (SELECT order_id FROM stale_orders))`;
  await duck.run(`CREATE TABLE merged_orders AS
    SELECT o.order_id, o.order_key, o.customer_id, c.person, o.time_ms, o.status,
      o.revenue_micros, o.refunded_micros, o.cost_micros, o.currency, o.status_ms, o.paid_ms
    FROM (
      SELECT f.order_id, f.order_key, f.customer_id, COALESCE(o.time_ms, f.time_ms) AS time_ms,
        f.status, CAST(f.revenue_micros AS BIGINT) AS revenue_micros,
        CAST(f.refunded_micros AS BIGINT) AS refunded_micros,
        CAST(f.cost_micros AS BIGINT) AS cost_micros, f.currency, f.status_ms,
        least(f.paid_ms, o.paid_ms) AS paid_ms
      FROM fresh_orders f LEFT JOIN old_orders o ON o.order_id = f.order_id
      WHERE f.order_id NOT IN (SELECT order_id FROM stale_orders)
      UNION ALL
      SELECT o.order_id, o.order_key, o.customer_id, o.time_ms, o.status, o.revenue_micros,
        o.refunded_micros, o.cost_micros, o.currency, o.status_ms,
        least(o.paid_ms, s.paid_ms) AS paid_ms
      FROM (SELECT * FROM old_orders WHERE NOT ${replaced}) o
        LEFT JOIN stale_orders s ON s.order_id = o.order_id
    ) o JOIN merged_customers c ON c.customer_id = o.customer_id
    ORDER BY c.person, o.time_ms DESC, o.order_key`);
  await mergeLines(context, columns, replaced);
}

async function mergeLines(
  { duck, merge }: ImportContext,
  columns: OrdersMapping['columns'] | undefined,
  replaced: string,
): Promise<void> {
  await duck.run(`CREATE TABLE said_lines AS ${saidLinesSql(columns, merge)}`);
  // Orders without products say nothing about lines: those of earlier imports stay, but for a save.
  const saysLines = 'o.order_id IN (SELECT order_id FROM said_lines)';
  const losesLines = merge.unsaid === 'lost' ? replaced : `(${replaced} AND ${saysLines})`;
  await duck.run(`CREATE TABLE unsorted_lines AS
    SELECT order_key, product, CAST(quantity_micros AS BIGINT) AS quantity_micros,
      CAST(revenue_micros AS BIGINT) AS revenue_micros
    FROM said_lines WHERE order_id NOT IN (SELECT order_id FROM stale_orders)
    UNION ALL
    SELECT order_key, product, quantity_micros, l.revenue_micros
    FROM old_orderLines l JOIN old_orders o ON o.order_no = l.order_no
      JOIN old_products p ON p.product_no = l.product_no
    WHERE NOT ${losesLines}`);
  await duck.run(`CREATE TABLE merged_products AS
    SELECT DISTINCT product FROM unsorted_lines ORDER BY product`);
  await duck.run(`CREATE TABLE merged_lines AS
    SELECT CAST(o.rowid AS INTEGER) AS order_no, CAST(p.rowid AS INTEGER) AS product_no,
      l.quantity_micros, l.revenue_micros
    FROM unsorted_lines l JOIN merged_orders o ON o.order_key = l.order_key
      JOIN merged_products p ON p.product = l.product
    ORDER BY 1, 2, 3, 4`);
}
