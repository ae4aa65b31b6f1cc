/** What somebody took back by hand: an identifier of a customer that is not theirs, whatever files say. */
import { type Duck, sqlText } from '../duck.ts';
import { BY_HAND } from './counted-links.ts';

/** Makes unlinked: customer_id, space, value, identity. `links` is a select of links.parquet's rows. */
export async function loadUnlinked(duck: Duck, links: string): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE unlinked AS
    SELECT DISTINCT customer_id, space, value, identity FROM (${links})
    WHERE source = ${sqlText(BY_HAND)} AND revoked_at_ms IS NOT NULL`);
}

/** SQL for whether an identity key of a customer was not taken back. Needs unlinked. */
export function isTheirsSql(identity: string, customer = 'customer_id'): string {
  return `(${customer}, ${identity}) NOT IN (SELECT customer_id, identity FROM unlinked)`;
}
