/** What the orders of a file do not say stays as it is held, in modes that keep it. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { knownFile } from '../../settings/known-headers.ts';
import { sqlText } from '../duck.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { isStaged } from './stage-columns.ts';

/**
 * Fills in fresh_orders: status, since when it holds, and money, where an order leaves them empty. The sum
 * that it was sold for is kept + refunded, so that a new revenue leaves what was refunded, and a new refund
 * what it was sold for. An order that is new gets what stands for an empty cell, and so does every order's
 * status where nothing is kept.
 */
export async function keepUnsaid(context: ImportContext, mapping: OrdersMapping): Promise<void> {
  const { duck, merge } = context;
  const noStatus = sqlText(statusOfNone(mapping));
  if (merge.unsaid === 'lost') {
    await duck.run(`UPDATE fresh_orders SET status = ${noStatus} WHERE status = ''`);
    return;
  }
  const old = await loadOld(context, 'orders');
  const { revenue, refunded } = moneySql(mapping);
  await duck.run(`CREATE OR REPLACE TABLE fresh_orders AS
    SELECT f.* REPLACE (
      COALESCE(nullif(f.status, ''), o.status, ${noStatus}) AS status,
      CASE WHEN f.status = '' THEN COALESCE(f.status_ms, o.status_ms) ELSE f.status_ms END AS status_ms,
      ${revenue} AS revenue_micros,
      ${refunded} AS refunded_micros,
      CASE WHEN ${keepsWorth(mapping)} THEN o.currency ELSE f.currency END AS currency,
      CASE WHEN f.revenue_micros IS NULL AND NOT ${keepsWorth(mapping)} THEN f.cost_micros
        ELSE COALESCE(f.cost_micros, o.cost_micros) END AS cost_micros)
    FROM fresh_orders f LEFT JOIN ${old} o ON o.order_id = f.order_id`);
}

/** Whether an order `o` that is held stays what it was sold for, of which `f` may say a refund. */
function keepsWorth({ blanksStay = false }: OrdersMapping): string {
  return blanksStay ? '(NOT f.revenue_said AND o.order_id IS NOT NULL)' : 'false';
}

function moneySql(mapping: OrdersMapping): Readonly<Record<'revenue' | 'refunded', string>> {
  const keeps = keepsWorth(mapping);
  const staged = isStaged(mapping, 'refunded_micros') ? 'f.refunded_micros' : 'NULL';
  const held = 'least(COALESCE(o.refunded_micros, 0), greatest(f.revenue_micros, 0))';
  const refunded = `CASE WHEN f.revenue_micros IS NOT NULL THEN COALESCE(${staged}, ${held}) END`;
  const isAlone = `(${staged} IS NOT NULL AND o.revenue_micros IS NOT NULL)`;
  // More than it was sold for leaves less than nothing, so that a correction finds what that was.
  const rest = `o.revenue_micros + COALESCE(o.refunded_micros, 0) - ${staged}`;
  return {
    revenue: `CASE WHEN ${keeps} THEN CASE WHEN ${isAlone} THEN ${rest} ELSE o.revenue_micros END
      ELSE f.revenue_micros + COALESCE(f.refunded_micros, 0) - (${refunded}) END`,
    refunded: `CASE WHEN ${keeps} THEN CASE WHEN ${isAlone} THEN ${staged} ELSE o.refunded_micros END
      ELSE ${refunded} END`,
  };
}

/** The status of an order whose cell is empty and of which nothing is held. */
export function statusOfNone({ like, status }: OrdersMapping): string {
  if ('otherwise' in status) return status.otherwise;
  if (like === undefined || !('column' in status)) return '';
  return knownFile(like).words?.[status.column]?.[''] ?? '';
}
