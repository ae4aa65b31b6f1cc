/** Customers' MD5s of e-mails and phones, as what joins them with those who have the same e-mail or phone. */
import { sqlText } from '../duck.ts';
import {
  contactHashSql,
  contactKindSql,
  HASH_SPACES_SQL,
  spacedHashSql,
} from '../identity/contact-hashes.ts';
import { BY_HAND, countedLinksSql, evidenceSql } from '../identity/counted-links.ts';
import type { IdentityPolicy } from '../identity/identity-policy.ts';
import { isContactTheirsSql, loadUnlinked } from '../identity/unlinked.ts';
import type { ImportContext } from './import-context.ts';

/**
 * Makes hashed_contacts: customer_id, kind, value, evidence (a number, see counted-links.ts), last_seen_ms; and
 * unlinked. The value is the e-mail or phone itself where any customer has it or had it, whichever came first.
 * Needs known_links, replaced_links, contact_links and what was staged.
 */
export async function loadHashedContacts(
  { duck, nowMs }: Pick<ImportContext, 'duck' | 'nowMs'>,
  policy: IdentityPolicy,
): Promise<void> {
  await loadUnlinked(duck, 'SELECT * FROM known_links');
  const known = `SELECT * FROM known_links WHERE (space IN (${HASH_SPACES_SQL}) OR source = ${sqlText(BY_HAND)})
    AND (customer_id, space, value) NOT IN (SELECT customer_id, space, value FROM replaced_links)`;
  await duck.run(`CREATE TABLE hashed_contacts AS
    SELECT h.customer_id, ${contactKindSql('h.space')} AS kind, COALESCE(p.value, h.value) AS value,
      h.evidence, h.last_seen_ms
    FROM (
      SELECT customer_id, space, value, evidence, last_seen_ms
      FROM (${countedLinksSql(known, policy, nowMs)})
      UNION ALL
      SELECT customer_id, space, value, ${evidenceSql('evidence')}, ${nowMs} FROM stage_devices
      WHERE space IN (${HASH_SPACES_SQL})
        AND ${isContactTheirsSql(spacedHashSql('space', 'value'))}
    ) h LEFT JOIN (
      SELECT DISTINCT value, ${contactHashSql('space', 'value')} AS hash FROM contact_links
    ) p ON p.hash = h.value`);
}
