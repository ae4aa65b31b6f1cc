/** Whose each event is: worked out once an import, for builds and previews to read as it lies. */
import { existsSync } from 'node:fs';
import { sqlText } from '../duck.ts';
import { BY_HAND } from '../identity/counted-links.ts';
import { pending, replaceFiles } from '../shop-data.ts';
import type { ShopSource, ShopTable } from './import-context.ts';

/** What tells whose an event is, and the events themselves. */
const TOLD_BY: readonly ShopTable[] = ['customers', 'devices', 'links', 'orders', 'events'];

/**
 * Writes person-events.parquet from the tables as they lie or wait to be put in place, where one of those that
 * tell is among the changed ones. An event is its customer's; where it names none that there is, that of whom
 * alone its identifier leads to, but by links that were taken back, or whose order it names. Each join is by one
 * equality: with a condition beside it every pair would be compared.
 */
export async function writePersonEvents(
  { duck, files }: ShopSource,
  changed: readonly ShopTable[],
): Promise<void> {
  if (existsSync(files.personEvents) && !changed.some((table) => TOLD_BY.includes(table))) return;
  const lies = (table: ShopTable) => {
    const written = pending(files[table]);
    return existsSync(written) ? written : files[table];
  };
  const now = (table: ShopTable) => sqlText(lies(table));
  const events = `read_parquet(${now('events')}, file_row_number = true)`;
  const ofOrders = `FROM ${events} WHERE space = 'order'`;
  const [named] = await duck.numbers(`SELECT count(*) ${ofOrders}`);
  // A million orders are not worth reading for nobody.
  const hasOrders = named! > 0;
  const person = `COALESCE(c.person, d.person${hasOrders ? ', o.person' : ''})`;
  const orders = `LEFT JOIN (
      SELECT order_key, person FROM read_parquet(${now('orders')})
      WHERE order_key IN (SELECT identity ${ofOrders})
    ) o ON o.order_key = CASE WHEN e.space = 'order' THEN e.identity END`;
  // Data of before the log of links has none.
  const takenBack = existsSync(lies('links'))
    ? `WHERE (customer_id, identity) NOT IN (${takenBackSql(`read_parquet(${now('links')})`)})`
    : '';
  await duck.run(`COPY (
      SELECT ${person} AS person, CAST(e.file_row_number AS INTEGER) AS event_no, e.time_ms,
        e.kind, e.name, e.product, e.value_micros, e.currency
      FROM ${events} e
        LEFT JOIN read_parquet(${now('customers')}) c ON c.customer_id = e.customer_id
        LEFT JOIN (
          SELECT identity, min(person) AS person FROM read_parquet(${now('devices')})
          ${takenBack} GROUP BY identity HAVING min(person) = max(person)
        ) d ON d.identity = e.identity
        ${hasOrders ? orders : ''}
      WHERE ${person} IS NOT NULL
      ORDER BY person, event_no
    ) TO ${sqlText(pending(files.personEvents))} (FORMAT parquet)`);
}

/** A select of customer_id, identity of links that were not seen again after they were taken back. */
function takenBackSql(links: string): string {
  return `SELECT customer_id, identity FROM ${links}
    WHERE (customer_id, identity) IN (
      SELECT customer_id, identity FROM ${links} WHERE revoked_at_ms IS NOT NULL)
    GROUP BY customer_id, identity
    HAVING max(revoked_at_ms) >= COALESCE(max(last_seen_ms) FILTER (source <> ${sqlText(BY_HAND)}), 0)`;
}

/** Makes the file of data that an earlier version has imported. Only under the shop's lock. */
export async function completePersonEvents(source: ShopSource): Promise<void> {
  const { files } = source;
  if (existsSync(files.personEvents) || !existsSync(files.events)) return;
  await writePersonEvents(source, []);
  replaceFiles(files.folder);
}
