/** `rekindle identity`: which identifiers were seen with whom, what says so, and what a build makes of it. */
import type { KeyObject } from 'node:crypto';
import type { Syncs } from '../../store/record-ports.ts';
import { createLiveLinks } from '../build/live-links.ts';
import { createOptedOut, mayBeKnown } from '../build/opted-out.ts';
import { type Duck, sqlText } from '../duck.ts';
import { phoneDigits, phoneDigitsSql } from '../forget/phone-digits.ts';
import { sqlKeys } from '../forget/sql-keys.ts';
import { loadOld } from '../import/import-context.ts';
import { openShopData } from '../open-shop-data.ts';
import {
  contactHashSql,
  contactKindSql,
  emailHashes,
  HASH_SPACES_SQL,
  phoneHashes,
  spacedHashSql,
} from './contact-hashes.ts';
import { BY_HAND, countedLinksSql, ofKindSql } from './counted-links.ts';
import { type IdentityPolicy, shopPolicy } from './identity-policy.ts';
import type { IdentityRequest, IdentityView, ShownLink } from './identity-view.ts';
import { linkEmail, linkPhone } from './link-values.ts';
import { regionOf } from './normalise-phone.ts';

/** Of links: an MD5 is shared with whoever has what it is of. */
const HASH = contactHashSql('space', 'value');

/** Of a kiosk's cookie not everybody is shown. */
const CUSTOMERS_SHOWN = 20;

export async function showIdentity(
  request: IdentityRequest,
  ports: { readonly key: KeyObject; readonly syncs: Pick<Syncs, 'all'> },
): Promise<IdentityView> {
  const { shop, asked, nowMs } = request;
  const policy = shopPolicy(request.joinBy, request.identity);
  await using source = await openShopData(request, ports.key);
  const { duck, files } = source;
  for (const table of ['links', 'customers'] as const) await loadOld(source, table);
  const customersMore = await findCustomers(duck, request);
  // Everybody who has one of their identifiers, because that is what makes it nobody's.
  const links = `SELECT * FROM old_links WHERE identity IN (SELECT identity FROM asked_links)
    OR customer_id IN (SELECT customer_id FROM asked_customers)`;
  const syncs = ports.syncs.all(shop, nowMs);
  await createLiveLinks(duck, files, { links, syncs, policy, asOfMs: nowMs });
  await createOptedOut(duck, files);
  await duck.run(`CREATE TABLE counted AS
    SELECT DISTINCT customer_id, space, value, identity, kind
    FROM (${countedLinksSql(links, policy, nowMs)})`);
  await shareContacts(duck, policy);
  return {
    ...{ v: 1, shop, asked, customersMore },
    persons: await personsOf(duck),
    links: [...(await loggedLinks(duck)), ...(await syncedLinks(duck))],
  };
}

/** All that the asked text may be written as in the log. */
function valuesOf({ asked, phoneRegion }: IdentityRequest): string[] {
  const region = regionOf(phoneRegion);
  const phones = isLikePhone(asked) ? phoneHashes(asked, region) : [];
  const hashes = [...emailHashes(asked), ...phones].map(({ value }) => value);
  const forms = [asked, asked.toLowerCase(), linkEmail(asked), linkPhone(asked, region), ...hashes];
  return [...new Set(forms.filter((form) => form !== null))];
}

const PHONE_DIGITS_MAX = 15;

/** The digits of an e-mail, a cookie or a hash are nobody's phone. */
function isLikePhone(asked: string): boolean {
  return !/\p{L}/u.test(asked) && asked.replaceAll(/\D/g, '').length <= PHONE_DIGITS_MAX;
}

/** Makes asked_customers and asked_links (identity, of theirs); returns how many were left out. */
async function findCustomers(duck: Duck, request: IdentityRequest): Promise<number> {
  const list = sqlKeys(valuesOf(request));
  // As the CRM has them too: a role address and, where phones join nobody, a phone have no link.
  const digits = isLikePhone(request.asked) ? phoneDigits(request.asked) : '';
  const dialled =
    digits === ''
      ? 'false'
      : `${phoneDigitsSql('phone')} = ${sqlText(digits)}
          AND NOT EXISTS (FROM old_customers WHERE customer_id IN (${list}))`;
  await duck.run(`CREATE TABLE found_customers AS
    SELECT customer_id FROM old_customers
    WHERE customer_id IN (${list}) OR email IN (${list}) OR ${dialled}
    UNION SELECT customer_id FROM old_links
    WHERE value IN (${list}) OR customer_id IN (${list}) OR ${HASH} IN (${list})`);
  await duck.run(`CREATE TABLE asked_customers AS
    SELECT customer_id FROM (FROM found_customers ORDER BY customer_id LIMIT ${CUSTOMERS_SHOWN})
    UNION SELECT customer_id FROM old_customers WHERE person IN (
      SELECT person FROM old_customers WHERE customer_id IN (
        SELECT customer_id FROM found_customers ORDER BY customer_id LIMIT ${CUSTOMERS_SHOWN}))`);
  await duck.run(`CREATE TABLE asked_links AS SELECT DISTINCT identity FROM old_links
    WHERE customer_id IN (SELECT customer_id FROM asked_customers)
      OR ${HASH} IN (SELECT ${HASH} FROM old_links
        WHERE customer_id IN (SELECT customer_id FROM asked_customers))`);
  const [more] = await duck.numbers(`SELECT count(*) FROM found_customers
    WHERE customer_id NOT IN (SELECT customer_id FROM asked_customers)`);
  return more!;
}

/** Makes shared_contacts: kind, hash, sharers, most; builds link no phones and no MD5s, imports join by them. */
async function shareContacts(duck: Duck, policy: IdentityPolicy): Promise<void> {
  await duck.run(`CREATE TABLE shared_contacts AS
    SELECT kind, ${HASH} AS hash, count(DISTINCT customer_id) AS sharers,
      ${ofKindSql('kind', policy, ({ sharedMax }) => sharedMax)} AS most
    FROM counted WHERE ${contactKindSql('space')} IS NOT NULL GROUP BY ALL`);
}

async function personsOf(duck: Duck): Promise<IdentityView['persons']> {
  const rows = await duck.rows(`SELECT person, customer_id FROM old_customers
    WHERE customer_id IN (SELECT customer_id FROM asked_customers) ORDER BY person, customer_id`);
  const persons = new Map<string, string[]>();
  for (const [person, customer] of rows) {
    persons.set(String(person), [...(persons.get(String(person)) ?? []), String(customer)]);
  }
  return [...persons].map(([person, customers]) => ({ person, customers }));
}

const JOINS = `l.space IN ('phone', ${HASH_SPACES_SQL})`;

/** In the order of the reasons: the first that holds is said. */
const REASON = `CASE
    WHEN l.source = ${sqlText(BY_HAND)} AND l.revoked_at_ms IS NULL THEN 'given back by hand'
    WHEN l.taken_back_ms >= l.last_seen_ms AND l.by_hand THEN 'taken back by hand'
    WHEN l.taken_back_ms >= l.last_seen_ms THEN 'taken back'
    WHEN c.identity IS NULL THEN 'not seen for too long'
    WHEN k.person IS NULL THEN 'of no customer of the data'
    WHEN ${JOINS} AND p.sharers > p.most THEN 'of ' || p.sharers || ' customers, which is too many'
    WHEN ${JOINS} THEN 'joins customers where the shop says so'
    WHEN n.sharers IS NOT NULL THEN n.reason || ': ' || n.sharers
    WHEN n.reason IS NOT NULL THEN n.reason
    WHEN NOT ${mayBeKnown('k.person')} THEN 'without consent to ads'
    ELSE 'leads to the person' END`;

async function loggedLinks(duck: Duck): Promise<ShownLink[]> {
  const rows = await duck.rows(`SELECT l.customer_id, l.space, l.value, l.source, l.evidence,
      l.first_seen_ms, l.last_seen_ms, l.revoked_at_ms, ${REASON}
    FROM (
      SELECT *, greatest(max(revoked_at_ms) OVER pair, max(by_hand_ms) OVER contact) AS taken_back_ms,
        count(by_hand_ms) OVER pair + count(by_hand_ms) OVER contact > 0 AS by_hand
      FROM (
        SELECT *, CASE WHEN source = ${sqlText(BY_HAND)} THEN revoked_at_ms END AS by_hand_ms FROM old_links
        WHERE customer_id IN (SELECT customer_id FROM asked_customers)
      ) WINDOW pair AS (PARTITION BY customer_id, identity),
        contact AS (PARTITION BY customer_id, COALESCE(${spacedHashSql('space', 'value')}, identity))
    ) l LEFT JOIN (SELECT DISTINCT customer_id, identity FROM counted) c
        ON c.customer_id = l.customer_id AND c.identity = l.identity
      LEFT JOIN old_customers k ON k.customer_id = l.customer_id
      LEFT JOIN shared_contacts p ON p.hash = ${contactHashSql('l.space', 'l.value')}
        AND p.kind = ${contactKindSql('l.space')}
      LEFT JOIN (SELECT identity, max(reason) AS reason, max(sharers) AS sharers FROM nobodys
        GROUP BY identity) n ON n.identity = l.identity
    ORDER BY l.customer_id, l.space, l.value, l.source, l.evidence`);
  const ms = (value: unknown) => (value === null ? null : Number(value));
  return rows.map(([customer, space, value, source, evidence, first, last, revoked, reason]) => ({
    customer: String(customer),
    space: String(space),
    value: String(value),
    source: String(source),
    evidence: String(evidence),
    firstSeenMs: ms(first),
    lastSeenMs: ms(last),
    revokedAtMs: ms(revoked),
    counts: COUNTS.includes(String(reason)),
    reason: String(reason),
  }));
}

const COUNTS = ['leads to the person', 'joins customers where the shop says so'];

/** What user syncs tie to their cookies. */
async function syncedLinks(duck: Duck): Promise<ShownLink[]> {
  const rows = await duck.rows(`SELECT l.customer_id, 'exchange:' || s.exchange, s.theirs,
      COALESCE(n.reason, 'leads to the person')
    FROM kept_syncs s JOIN (
        SELECT DISTINCT customer_id, identity FROM crm_links WHERE space = 'cookie'
          AND customer_id IN (SELECT customer_id FROM asked_customers)
      ) l ON l.identity = s.cookie
      LEFT JOIN (SELECT identity, max(reason) AS reason FROM nobodys GROUP BY identity) n
        ON n.identity = s.theirs
    ORDER BY ALL`);
  return rows.map(([customer, space, value, reason]) => ({
    ...{ customer: String(customer), space: String(space), value: String(value) },
    ...{ source: 'sync', evidence: 'sync', firstSeenMs: null, lastSeenMs: null, revokedAtMs: null },
    counts: COUNTS.includes(String(reason)),
    reason: String(reason),
  }));
}
