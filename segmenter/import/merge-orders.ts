/** Staged orders joined with what earlier imports left; a later import replaces an order whole. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { type ImportContext, loadOld } from './import-context.ts';

/**
 * Makes merged_orders (sorted; its rowid is the order_no), merged_products (its rowid is the
 * product_no) and merged_lines. Needs merged_customers.
 */
export async function mergeOrders(
  context: ImportContext,
  columns: OrdersMapping['columns'] | undefined,
): Promise<void> {
  const { duck } = context;
  // What a whole order is worth says nothing of its lines.
  const lineWorth = columns?.revenue === undefined ? 'amount_micros' : 'NULL';
  await loadOld(context, 'orders');
  await loadOld(context, 'orderLines');
  await loadOld(context, 'products');
  const replaced = 'order_id IN (SELECT order_id FROM fresh_orders)';
  await duck.run(`CREATE TABLE merged_orders AS
    SELECT o.order_id, o.order_key, o.customer_id, c.person, o.time_ms, o.status,
      o.revenue_micros, o.refunded_micros, o.cost_micros, o.currency
    FROM (
      SELECT order_id, order_key, customer_id, time_ms, status,
        CAST(revenue_micros AS BIGINT) AS revenue_micros,
        CAST(refunded_micros AS BIGINT) AS refunded_micros,
        CAST(cost_micros AS BIGINT) AS cost_micros, currency FROM fresh_orders
      UNION ALL
      SELECT order_id, order_key, customer_id, time_ms, status,
        revenue_micros, refunded_micros, cost_micros, currency
      FROM old_orders WHERE NOT ${replaced}
    ) o JOIN merged_customers c ON c.customer_id = o.customer_id
    ORDER BY c.person, o.time_ms DESC, o.order_key`);
  // A file without products says nothing about lines: those of earlier imports stay.
  await duck.run(`CREATE TABLE unsorted_lines AS
    SELECT order_key, product, CAST(quantity_micros AS BIGINT) AS quantity_micros,
      CAST(${lineWorth} AS BIGINT) AS revenue_micros FROM stage WHERE product <> ''
    UNION ALL
    SELECT o.order_key, p.product, l.quantity_micros, l.revenue_micros
    FROM old_orderLines l JOIN old_orders o ON o.order_no = l.order_no
      JOIN old_products p ON p.product_no = l.product_no
    ${columns?.product !== undefined ? `WHERE NOT o.${replaced}` : ''}`);
  await duck.run(`CREATE TABLE merged_products AS
    SELECT DISTINCT product FROM unsorted_lines ORDER BY product`);
  await duck.run(`CREATE TABLE merged_lines AS
    SELECT CAST(o.rowid AS INTEGER) AS order_no, CAST(p.rowid AS INTEGER) AS product_no,
      l.quantity_micros, l.revenue_micros
    FROM unsorted_lines l JOIN merged_orders o ON o.order_key = l.order_key
      JOIN merged_products p ON p.product = l.product
    ORDER BY 1, 2, 3, 4`);
}
