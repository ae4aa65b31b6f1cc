/** Rows of one customer by when they were changed, wherever they stand in their file. */
import type { CustomersMapping, OrdersMapping } from '../../settings/import-mapping.ts';
import type { Duck } from '../duck.ts';
import { loadOld, type ShopSource } from './import-context.ts';

/**
 * Numbers the rows of stage_customers and stage_contacts anew, the newest last: everywhere the last row
 * counts. Rows that do not say when they were changed come before those that do, in the file's order.
 */
export async function numberByUpdate(
  duck: Duck,
  { columns }: Pick<CustomersMapping, 'columns'>,
): Promise<void> {
  if (columns.updated === undefined) return;
  await duck.run(`CREATE TABLE row_places AS
    SELECT row_no, CAST(row_number() OVER (ORDER BY updated, row_no) AS INTEGER) AS place
    FROM (SELECT row_no, COALESCE(TRY_CAST(updated_ms AS BIGINT), -1) AS updated FROM stage_customers)`);
  await duck.run('ALTER TABLE stage_customers DROP updated_ms');
  await renumber(duck, ['stage_customers', 'stage_contacts']);
}

/**
 * As numberByUpdate(), for who ordered: rows of older versions of an order say nothing, whether the newer one is
 * in the file or held.
 */
export async function numberByVersion(
  source: ShopSource,
  { columns }: Pick<OrdersMapping, 'columns'>,
): Promise<void> {
  if (columns.status_time === undefined) return;
  const { duck } = source;
  const old = await loadOld(source, 'orders');
  await duck.run(`CREATE TABLE row_places AS
    SELECT row_no, CAST(row_number() OVER (ORDER BY COALESCE(status_ms, -1), row_no) AS INTEGER) AS place
    FROM stage WHERE NOT EXISTS (SELECT 1 FROM ${old} o
      WHERE o.order_id = stage.order_id AND stage.status_ms < o.status_ms)`);
  await renumber(duck, ['stage_buyers', 'stage_buyer_contacts']);
}

async function renumber(duck: Duck, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await duck.run(`CREATE OR REPLACE TABLE ${table} AS
      SELECT t.* REPLACE (p.place AS row_no) FROM ${table} t JOIN row_places p ON p.row_no = t.row_no`);
  }
  await duck.run('DROP TABLE row_places');
}
