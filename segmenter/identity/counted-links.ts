/** Which links of the log count at a moment, in SQL: as live-pairs.ts says it of any edges. */
import { sqlText } from '../duck.ts';
import { spacedHashSql } from './contact-hashes.ts';
import { EVIDENCE, type IdentityPolicy } from './identity-policy.ts';

/** Whoever took a link back by hand: it counts no more, whatever is seen after. */
export const BY_HAND = 'hand';

const DAY_MS = 86_400_000;

/** SQL for the kind of the policy that a space of links.parquet is of. */
function policyKindSql(space: string): string {
  return `CASE WHEN ${space} IN ('phone', 'ifa', 'cookie') THEN ${space}
    WHEN ${space} IN ('email', 'email_sha256', 'email_md5') THEN 'email'
    WHEN ${space} = 'phone_md5' THEN 'phone' ELSE 'partner' END`;
}

/** SQL for where a kind stands in the policy, from 0 for the strongest. */
export function kindRankSql(kind: string, policy: IdentityPolicy): string {
  return rankSql(
    kind,
    policy.kinds.map((one) => one.kind),
  );
}

/** SQL for a number of each kind. */
export function ofKindSql(
  kind: string,
  policy: IdentityPolicy,
  of: (kind: IdentityPolicy['kinds'][number]) => number,
): string {
  const cases = policy.kinds.map((one) => `WHEN ${sqlText(one.kind)} THEN ${of(one)}`);
  return `CASE ${kind} ${cases.join(' ')} END`;
}

/**
 * A select of customer_id, space, value, identity, kind, evidence (from 0 for the strongest),
 * last_seen_ms: what was seen of a customer and an identifier after it was last taken back, and is not
 * older than its kind lives. A pair has a row for each source. `links` is a select of links.parquet's rows, those
 * by hand of all spaces among them.
 */
export function countedLinksSql(links: string, policy: IdentityPolicy, asOfMs: number): string {
  const lifeMs = ofKindSql('kind', policy, ({ ttlDays }) => (ttlDays ?? FOREVER_DAYS) * DAY_MS);
  return `SELECT * FROM (
    SELECT l.customer_id, l.space, l.value, l.identity, ${policyKindSql('l.space')} AS kind,
      ${evidenceSql('l.evidence')} AS evidence, l.last_seen_ms
    FROM (${links}) l LEFT JOIN (${takenBackSql(links)}) t ON t.customer_id = l.customer_id AND t.identity = l.identity
    WHERE l.source <> ${sqlText(BY_HAND)}
      AND (t.taken_back_ms IS NULL OR l.last_seen_ms > t.taken_back_ms)
  ) WHERE ${asOfMs} - last_seen_ms <= ${lifeMs}`;
}

/**
 * A select of customer_id, identity, taken_back_ms. What was taken back by hand is so as its MD5 and as what that is
 * of: materialised, so that only what these few customers have is hashed.
 */
function takenBackSql(links: string): string {
  return `WITH hand AS MATERIALIZED (
      SELECT customer_id, ${spacedHashSql('space', 'value')} AS hash, revoked_at_ms FROM (${links})
      WHERE source = ${sqlText(BY_HAND)} AND revoked_at_ms IS NOT NULL
    ), touched AS MATERIALIZED (
      SELECT customer_id, space, value, identity FROM (${links})
      WHERE customer_id IN (SELECT customer_id FROM hand)
    )
    SELECT customer_id, identity, max(revoked_at_ms) AS taken_back_ms FROM (
      SELECT customer_id, identity, revoked_at_ms FROM (${links}) WHERE revoked_at_ms IS NOT NULL
      UNION ALL SELECT d.customer_id, d.identity, h.revoked_at_ms FROM touched d
        JOIN hand h ON h.customer_id = d.customer_id AND h.hash = ${spacedHashSql('d.space', 'd.value')}
    ) GROUP BY customer_id, identity`;
}

/** SQL for where evidence stands, from 0 for the strongest. */
export function evidenceSql(column: string): string {
  return rankSql(column, EVIDENCE);
}

const FOREVER_DAYS = 100_000_000;

function rankSql(column: string, strongestFirst: readonly string[]): string {
  const cases = strongestFirst.map((name, rank) => `WHEN ${sqlText(name)} THEN ${rank}`);
  return `CASE ${column} ${cases.join(' ')} END`;
}
