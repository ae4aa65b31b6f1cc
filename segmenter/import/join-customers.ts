/** Customers who are one person, because the shop says that the same e-mail or phone makes them one. */
import type { CustomersMapping } from '../../settings/import-mapping.ts';
import { type Duck, sqlText } from '../duck.ts';
import { BY_HAND, countedLinksSql } from '../identity/counted-links.ts';
import { identityGraph } from '../identity/identity-graph.ts';
import {
  EVIDENCE,
  type IdentityPolicy,
  type JoinKind,
  shopPolicy,
} from '../identity/identity-policy.ts';
import { type IdentityEdge, numberEdges } from '../identity/numbered-edges.ts';
import { loadHashedContacts } from './hashed-contacts.ts';
import type { ImportContext } from './import-context.ts';

export interface JoinReport {
  /** How many customers are one person with another. */
  readonly joinedCustomers: number;
  /** As how many persons. */
  readonly joinedPersons: number;
  /** Values of too many customers, which join nobody. */
  readonly quarantined: readonly { readonly kind: string; readonly values: number }[];
  /** Customers who would have made a person too large. */
  readonly refused: number;
}

/**
 * Leaves the table joined_customers: customer_id, named_by (the customer who names the person), for
 * customers of persons who have several. Needs contact_links, known_links,
 * stage_devices, replaced_links, forgotten_customers, old_orders and fresh_orders.
 */
export async function joinCustomers(
  context: ImportContext,
  { join_by: kinds }: Pick<CustomersMapping, 'join_by'>,
): Promise<JoinReport> {
  const { duck, nowMs } = context;
  const policy = shopPolicy(kinds, context.identity);
  await readContacts(context, kinds, policy);
  await shareContacts(duck, policy);
  const edges = await sharedEdges(duck);
  const { edges: numbered, values } = numberEdges(edges, policy);
  const { personOf, refused } = identityGraph(numbered, policy, nowMs);
  const table = await duck.createTable('joined_all', { customer_id: 'text', named_by: 'text' });
  for (let i = 0; i < personOf.length && numbered.kinds[i] === CUSTOMER; i++) {
    table.add([values[i]!, values[personOf[i]!]!]);
  }
  await table.close();
  await duck.run(`CREATE TABLE joined_customers AS SELECT * FROM joined_all
    WHERE named_by IN (SELECT named_by FROM joined_all GROUP BY named_by HAVING count(*) > 1)`);
  const [joinedCustomers, joinedPersons] = await duck.numbers(
    'SELECT count(*), count(DISTINCT named_by) FROM joined_customers',
  );
  return {
    joinedCustomers: joinedCustomers!,
    joinedPersons: joinedPersons!,
    quarantined: await quarantinedKinds(duck),
    refused: refused.length,
  };
}

/** The first kind of every policy: identifiers are numbered kind by kind. */
const CUSTOMER = 0;

/** Makes contacts: customer_id, kind, value, evidence, last_seen_ms; of the kinds that join. */
async function readContacts(
  context: ImportContext,
  kinds: readonly JoinKind[],
  policy: IdentityPolicy,
): Promise<void> {
  const { duck, nowMs } = context;
  await loadHashedContacts(context, policy);
  // An e-mail may have been taken back when it was a further one, or as its MD5 (links-by-hand.ts).
  const links = `SELECT * FROM contact_links UNION ALL SELECT * FROM known_links
    WHERE source = ${sqlText(BY_HAND)} AND space NOT IN ('email', 'phone')`;
  const counted = countedLinksSql(links, policy, nowMs);
  await duck.run(`CREATE TABLE contacts AS
    SELECT customer_id, kind, value, min(evidence) AS evidence,
      CAST(max(last_seen_ms) AS DOUBLE) AS last_seen_ms
    FROM (
      SELECT customer_id, kind, value, evidence, last_seen_ms FROM (${counted})
      UNION ALL SELECT customer_id, kind, value, evidence, last_seen_ms FROM hashed_contacts
    ) WHERE kind IN (${['', ...kinds].map(sqlText).join(', ')})
      AND customer_id NOT IN (SELECT customer_id FROM forgotten_customers)
    GROUP BY customer_id, kind, value`);
}

/** Makes shared_contacts: kind, value, may_join; of values that several customers have. */
async function shareContacts(duck: Duck, policy: IdentityPolicy): Promise<void> {
  const most = policy.kinds.map(({ kind, sharedMax }) => `WHEN ${sqlText(kind)} THEN ${sharedMax}`);
  await duck.run(`CREATE TABLE shared_contacts AS
    SELECT kind, value, count(*) <= CASE kind ${most.join(' ')} END AS may_join
    FROM contacts GROUP BY kind, value HAVING count(*) > 1`);
}

/** Who never bought is younger than anybody who did. */
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Values of too many stay here: the graph would quarantine them, and they may be millions. */
async function sharedEdges(duck: Duck): Promise<IdentityEdge[]> {
  const edges: IdentityEdge[] = [];
  const query = `SELECT c.customer_id, c.kind, c.value, c.evidence, c.last_seen_ms,
      CAST(COALESCE(o.first_ms, ${NEVER_MS}) AS DOUBLE)
    FROM contacts c JOIN shared_contacts s ON s.kind = c.kind AND s.value = c.value AND s.may_join
      LEFT JOIN (
        SELECT customer_id, min(time_ms) AS first_ms FROM (
          SELECT customer_id, time_ms FROM old_orders
          UNION ALL SELECT customer_id, time_ms FROM fresh_orders
        ) GROUP BY customer_id
      ) o ON o.customer_id = c.customer_id`;
  for await (const chunk of duck.chunks(query)) {
    const [ids, kinds, values] = [chunk.texts(0), chunk.texts(1), chunk.texts(2)];
    const [evidence, lastSeen, firstSeen] = [3, 4, 5].map((column) => chunk.numbers(column));
    for (let i = 0; i < chunk.rowCount; i++) {
      edges.push({
        kindA: 'customer',
        valueA: ids[i]!,
        kindB: kinds[i]!,
        valueB: values[i]!,
        evidence: EVIDENCE[evidence![i]!]!,
        firstSeenMs: firstSeen![i]!,
        lastSeenMs: lastSeen![i]!,
        revokedMs: null,
      });
    }
  }
  return edges;
}

async function quarantinedKinds(duck: Duck): Promise<{ kind: string; values: number }[]> {
  const rows = await duck.rows(
    'SELECT kind, count(*) FROM shared_contacts WHERE NOT may_join GROUP BY kind ORDER BY kind',
  );
  return rows.map(([kind, values]) => ({ kind: String(kind), values: Number(values) }));
}
