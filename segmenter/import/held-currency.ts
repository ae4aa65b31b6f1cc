/** Amounts that name no currency, of orders that are held in another than the shop's: they are in that one. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { sqlText } from '../duck.ts';
import { exchanger } from './exchanged-money.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { ImportError } from './import-error.ts';
import { isStaged, stagedSql } from './stage-columns.ts';

/**
 * Brings such rows of `stage` to the shop's currency by the rate of the order's day, where what is unsaid stays and
 * no row of the order names one: a file that comes again changes nothing.
 * Throws ImportError for an amount that is too large then.
 */
export async function exchangeHeld(context: ImportContext, mapping: OrdersMapping): Promise<void> {
  const { duck, merge } = context;
  if (mapping.columns.currency === undefined || merge.unsaid === 'lost') return;
  await loadExchanged(context, mapping);
  const optional = (['refunded_micros', 'cost_micros'] as const).filter((name) =>
    isStaged(mapping, name),
  );
  const exchanged = ['currency', 'amount_micros', ...optional].map((name) => `${name} = e.${name}`);
  await duck.run(`UPDATE stage SET ${exchanged.join(', ')}
    FROM exchanged e WHERE e.row_no = stage.row_no`);
}

/** Makes exchanged: row_no, the order's currency, and the row's amounts in the shop's. */
async function loadExchanged(context: ImportContext, mapping: OrdersMapping): Promise<void> {
  const { duck, money, zone } = context;
  const exchange = exchanger(money, zone);
  const old = await loadOld(context, 'orders');
  const table = await duck.createTable('exchanged', {
    row_no: 'integer',
    currency: 'text',
    amount_micros: 'optional',
    refunded_micros: 'optional',
    cost_micros: 'optional',
  });
  const refund = stagedSql(mapping, 'refunded_micros');
  const query = `SELECT o.currency, s.row_no, CAST(o.time_ms AS DOUBLE), s.amount_micros,
      CAST(COALESCE(${refund}, 0) AS DOUBLE), CAST(${stagedSql(mapping, 'cost_micros')} AS DOUBLE),
      CAST(${refund} IS NULL AS INTEGER)
    FROM stage s JOIN (SELECT order_id, currency, time_ms FROM ${old}) o ON o.order_id = s.order_id
    WHERE s.currency = '' AND o.currency NOT IN ('', ${sqlText(money.currency)})
      AND s.order_id NOT IN (SELECT order_id FROM stage WHERE currency <> '')`;
  for await (const chunk of duck.chunks(query)) {
    const currencies = chunk.texts(0);
    const numbers = [1, 2, 3, 4, 5, 6].map((column) => chunk.numbers(column));
    for (const [i, currency] of currencies.entries()) {
      const row = numbers.map((column) => column[i]!);
      const [rowNo, timeMs, amountMicros, refundedMicros, costMicros, leavesRefund] = row as Row;
      const own = { quantityMicros: 0, amountMicros, refundedMicros, costMicros };
      const shops = exchange(own, currency, timeMs);
      if ('reason' in shops) {
        throw new ImportError(
          `a row without a currency is of an order in ${currency}, ${shops.reason}`,
        );
      }
      const refunded = leavesRefund === 1 ? null : shops.refundedMicros;
      const amounts = [shops.amountMicros, refunded, shops.costMicros];
      table.add([rowNo, currency, ...amounts.map((micros) => micros ?? '')]);
    }
  }
  await table.close();
}

type Row = [number, number, number, number, number | null, number];
