/**
 * The log of links between customers and identifiers: what this import saw, added to what earlier ones
 * did. Nothing is taken out of it but who is forgotten: a link grows in time, or is taken back.
 */
import { phoneKey } from '../../proto/ids.ts';
import type { CustomersMapping } from '../../settings/import-mapping.ts';
import { sqlText } from '../duck.ts';
import { phoneDigits } from '../forget/phone-digits.ts';
import { BY_HAND } from '../identity/counted-links.ts';
import type { JoinKind } from '../identity/identity-policy.ts';
import { linkPhone } from '../identity/link-values.ts';
import { regionOf } from '../identity/normalise-phone.ts';
import type { ImportContext } from './import-context.ts';

/** E-mails and phones: a customer has one of each, so a new one takes the old one's place. */
const CONTACT_SPACES = "('email', 'phone')";

/**
 * Makes contact_links, rows of links.parquet with the e-mails, and where phones join with the phones, of
 * known_customers. Needs known_links (links-by-hand.ts),
 * customer_keys and what was staged.
 */
export async function mergeContactLinks(
  context: ImportContext,
  mapping: Pick<CustomersMapping, 'join_by' | 'phone_region'>,
): Promise<void> {
  const { duck, nowMs } = context;
  await keyPhones(context, mapping);
  await duck.run(`CREATE TABLE held_contacts AS
    SELECT customer_id, 'email' AS space, address AS value, email_identity AS identity
    FROM customer_keys WHERE address <> ''
    UNION ALL SELECT customer_id, 'phone', value, identity FROM customer_phones`);
  const spaces = ['email', ...mapping.join_by.filter((kind) => kind === 'phone')];
  // A former e-mail that is now a further one was not taken back.
  const isHeld = `((customer_id, space, value) IN (SELECT customer_id, space, value FROM held_contacts)
    OR (space = 'email' AND (customer_id, sha256(value)) IN (
      SELECT customer_id, value FROM stage_devices WHERE space = 'email_sha256')))`;
  const kept = `SELECT * FROM known_links WHERE space IN ${CONTACT_SPACES}`;
  await duck.run(`CREATE TABLE contact_links AS
    SELECT * FROM (${kept}) WHERE ${isNotRead(spaces)}
    UNION ALL
    SELECT customer_id, space, value, identity, source, evidence, min(first_seen_ms), max(last_seen_ms),
      CASE WHEN NOT ${isHeld} THEN COALESCE(max(revoked_at_ms), ${nowMs}) END
    FROM (
      SELECT * FROM (${kept}) WHERE NOT ${isNotRead(spaces)}
      UNION ALL ${seenContactsSql(nowMs)}
    ) GROUP BY customer_id, space, value, identity, source, evidence`);
}

function isNotRead(spaces: readonly string[]): string {
  return `(source = ${sqlText(BY_HAND)} OR space NOT IN (${spaces.map(sqlText).join(', ')}))`;
}

/** Those of this import's files, and those that no import has seen as a link. */
function seenContactsSql(nowMs: number): string {
  const said = (space: JoinKind) => `SELECT customer_id, '${space}' AS space, max(row_no) AS row_no
    FROM stage_customers WHERE ${space} <> '' GROUP BY customer_id`;
  const isNew = `(h.customer_id, h.space, h.value) NOT IN (
    SELECT customer_id, space, value FROM known_links WHERE source <> ${sqlText(BY_HAND)})`;
  // Rows of buyers have numbers below those of any customers file (contacts.ts).
  return `SELECT h.customer_id, h.space, h.value, h.identity,
      CASE WHEN s.row_no < 0 THEN 'orders' ELSE 'customers' END,
      CASE WHEN s.row_no < 0 THEN 'order' ELSE 'upload' END, ${nowMs}, ${nowMs}, NULL
    FROM held_contacts h LEFT JOIN (${said('email')} UNION ALL ${said('phone')}) s
      ON s.customer_id = h.customer_id AND s.space = h.space
    WHERE s.row_no IS NOT NULL OR ${isNew}`;
}

/** Makes customer_phones: customer_id, value (E.164), identity; empty where phones join nobody. */
async function keyPhones(
  { duck, key }: ImportContext,
  { join_by: kinds, phone_region: region }: Pick<CustomersMapping, 'join_by' | 'phone_region'>,
): Promise<void> {
  const country = regionOf(region);
  const phones = await duck.createTable('customer_phones', {
    customer_id: 'text',
    value: 'text',
    identity: 'text',
  });
  if (kinds.includes('phone')) {
    const query = "SELECT customer_id, phone FROM known_customers WHERE phone <> ''";
    for await (const chunk of duck.chunks(query)) {
      const [ids, raws] = [chunk.texts(0), chunk.texts(1)];
      for (let i = 0; i < chunk.rowCount; i++) {
        const phone = linkPhone(raws[i]!, country);
        if (phone !== null) phones.add([ids[i]!, phone, phoneKey(key, phoneDigits(phone))]);
      }
    }
  }
  await phones.close();
}

/**
 * Makes device_links, rows of links.parquet with all but e-mails and phones. Needs known_links, fresh_devices and
 * replaced_links.
 */
export async function mergeDeviceLinks(context: ImportContext): Promise<void> {
  const { duck, nowMs } = context;
  const ms = (column: string) => `CAST(NULLIF(d.${column}, '') AS BIGINT)`;
  // A time to come would keep a link for ever.
  const seen = `least(COALESCE(${ms('seen_ms')}, ${ms('revoked_ms')}, ${nowMs}), ${nowMs})`;
  await duck.run(`CREATE TABLE device_links AS
    SELECT customer_id, space, value, identity, source, evidence, min(first_seen_ms) AS first_seen_ms,
      max(last_seen_ms) AS last_seen_ms, max(revoked_at_ms) AS revoked_at_ms
    FROM (
      SELECT * FROM known_links WHERE space NOT IN ${CONTACT_SPACES}
      UNION ALL
      SELECT * REPLACE (CASE WHEN revoked_at_ms >= last_seen_ms THEN revoked_at_ms
        ELSE ${nowMs} END AS revoked_at_ms) FROM old_links
      WHERE (customer_id, space, value) IN (SELECT customer_id, space, value FROM replaced_links)
      UNION ALL
      SELECT d.customer_id, d.space, d.value, f.identity, d.source, d.evidence, ${seen}, ${seen},
        ${ms('revoked_ms')}
      FROM stage_devices d JOIN (SELECT DISTINCT space, value, identity FROM fresh_devices) f
        ON f.space = d.space AND f.value = d.value
    ) GROUP BY customer_id, space, value, identity, source, evidence`);
}

/** Makes contact_links and device_links of what earlier imports left, where this one says nothing of them. */
export async function keepOtherLinks(context: ImportContext): Promise<void> {
  const { duck } = context;
  const old = (is: string) => `SELECT * FROM known_links WHERE space ${is} ${CONTACT_SPACES}`;
  await duck.run(`CREATE TABLE IF NOT EXISTS contact_links AS ${old('IN')}`);
  await duck.run(`CREATE TABLE IF NOT EXISTS device_links AS ${old('NOT IN')}`);
}

/** A visitor of the site who was logged in: the event names the customer and the browser. */
export async function stageLogins({ duck }: ImportContext): Promise<void> {
  await duck.run(`INSERT INTO stage_devices BY NAME
    SELECT row_no, customer_id, space, value, 'events' AS source, 'login' AS evidence,
      CAST(CAST(time_ms AS BIGINT) AS VARCHAR) AS seen_ms, '' AS revoked_ms
    FROM stage_events WHERE customer_id <> '' AND space IN ('cookie', 'ifa')`);
}
