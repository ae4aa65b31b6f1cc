/** What customers agreed to, of this and earlier files; the newest word of each purpose counts. */
import type { ConsentMapping } from '../../settings/consent-mapping.ts';
import { type Duck, sqlText } from '../duck.ts';
import { ALLOWED, consentPurposes, UNREADABLE } from './consent-cells.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import type { ConsentReport } from './import-report.ts';

/**
 * Makes merged_consent: a row for each customer and purpose. Of whom a file of consent says nothing has
 * not consented; an opt-out is never lost, also when shop.yaml names its purpose no more. Needs
 * merged_customers.
 */
export async function mergeConsent(
  context: ImportContext,
  mapping: ConsentMapping = {},
): Promise<void> {
  const { duck } = context;
  await loadOld(context, 'consent');
  await duck.run(`CREATE TABLE said_consent AS ${saidSql(consentPurposes(mapping))}`);
  const asked = consentPurposes(mapping).filter((purpose) => 'column' in mapping[purpose]!);
  const silent = asked.map(
    (purpose) => `SELECT customer_id, ${sqlText(purpose)}, 0 FROM merged_customers
      WHERE customer_id NOT IN (SELECT customer_id FROM known_consent WHERE purpose = ${sqlText(purpose)})`,
  );
  await duck.run(`CREATE TABLE known_consent AS
    SELECT customer_id, purpose, CASE WHEN sign = '${ALLOWED}' THEN 1 ELSE 0 END AS allowed
    FROM said_consent
    UNION ALL
    SELECT customer_id, purpose, allowed FROM old_consent o
    WHERE NOT EXISTS (SELECT 1 FROM said_consent s
      WHERE s.customer_id = o.customer_id AND s.purpose = o.purpose)`);
  await duck.run(`CREATE TABLE merged_consent AS
    SELECT m.person, k.customer_id, k.purpose, k.allowed
    FROM (${['SELECT * FROM known_consent', ...silent].join(' UNION ALL ')}) k
      JOIN merged_customers m ON m.customer_id = k.customer_id
    ORDER BY m.person, k.purpose, k.customer_id`);
}

/** The last row of a customer counts. */
function saidSql(purposes: readonly string[]): string {
  const last = `SELECT customer_id, arg_max(consent, row_no) AS signs FROM stage_customers
    GROUP BY customer_id`;
  const selects = purposes.map(
    (purpose, i) =>
      `SELECT customer_id, ${sqlText(purpose)} AS purpose, substring(signs, ${i + 1}, 1) AS sign
       FROM (${last}) WHERE signs <> ''`,
  );
  const none =
    'SELECT customer_id, customer_id AS purpose, customer_id AS sign FROM stage_customers WHERE 1 = 0';
  return [none, ...selects].join(' UNION ALL ');
}

/** Of the view now_consent, by purpose. */
export async function consentReport(duck: Duck): Promise<ConsentReport[]> {
  const rows = await duck.rows(
    `SELECT purpose, sum(allowed), count(*) - sum(allowed) FROM now_consent GROUP BY purpose ORDER BY purpose`,
  );
  const unreadable = new Map(
    (await duck.rows(unreadableSql())).map(([purpose, count]) => [String(purpose), Number(count)]),
  );
  return rows.map(([purpose, allowed, refused]) => ({
    purpose: String(purpose),
    allowed: Number(allowed),
    refused: Number(refused),
    unreadable: unreadable.get(String(purpose)) ?? 0,
  }));
}

function unreadableSql(): string {
  return `SELECT purpose, count(*) FROM said_consent WHERE sign = '${UNREADABLE}' GROUP BY purpose`;
}
