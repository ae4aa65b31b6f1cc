/**
 * Which identifier leads to which person: of the log of links what counts at the moment of the build, and
 * of user syncs what they tie to it, within what the shop's policy lets an identifier do.
 *
 * In SQL, because a shop may have tens of millions of links, and so that it spills. Here nothing joins
 * customers any more (the import did), so identity-graph.ts comes to this: an identifier of too many, or of
 * two persons, is nobody's; of one person's too many the weakest are. live-links.test.ts holds the two to
 * each other. They differ where an identifier of two persons had taken the place of another under a bound:
 * here it takes none, so the other leads to its person.
 */
import type { Syncs } from '../../store/record-ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import { countedLinksSql, kindRankSql, ofKindSql } from '../identity/counted-links.ts';
import { EVIDENCE, type IdentityPolicy } from '../identity/identity-policy.ts';
import { loadOld } from '../import/import-context.ts';
import type { ShopFiles } from '../shop-data.ts';

export interface LiveLinks {
  /** The same for the same links. */
  readonly digest: string;
  /** Identifiers that lead to nobody, because several have them or what they lead through. */
  readonly shared: number;
}

/** Why an identifier of a customer leads to nobody. */
export const NOBODYS = {
  quarantined: 'shared by too many',
  several: 'of several persons',
  through: 'synced to a cookie that leads to nobody',
  ofKind: 'more of its kind than one person may have',
  inAll: 'more identifiers than one person may have',
} as const;

export interface LinkSources {
  /** A select of links.parquet's rows. */
  readonly links: string;
  readonly syncs: AsyncIterable<readonly SyncPair[]>;
  readonly policy: IdentityPolicy;
  readonly asOfMs: number;
}

type SyncPair = { readonly cookie: string; readonly exchange: string; readonly theirs: string };

/** Of all that the shop knows. See createLiveLinks(). */
export async function createShopLinks(
  duck: Duck,
  files: ShopFiles,
  {
    shop,
    nowMs,
    syncs,
    ...how
  }: Pick<LinkSources, 'policy' | 'asOfMs'> & {
    readonly shop: string;
    readonly nowMs: number;
    readonly syncs: Pick<Syncs, 'all'>;
  },
): Promise<LiveLinks> {
  const links = `SELECT * FROM ${await loadOld({ duck, files }, 'links')}`;
  return createLiveLinks(duck, files, { ...how, links, syncs: syncs.all(shop, nowMs) });
}

/**
 * Makes live_links: identity, person, space, each identity once; who opted out is write-links.ts's to ask.
 * And nobodys: identity, reason, sharers (how many have it; NULL where that is not the reason).
 */
export async function createLiveLinks(
  duck: Duck,
  files: ShopFiles,
  { links, syncs, policy, asOfMs }: LinkSources,
): Promise<LiveLinks> {
  const customers = await loadOld({ duck, files }, 'customers');
  const counted = countedLinksSql(links, policy, asOfMs);
  // A phone and MD5s bring customers together (import/join-customers.ts); no bid request has them.
  await duck.run(`CREATE OR REPLACE TABLE crm_links AS
    SELECT l.* EXCLUDE (value), c.person FROM (${counted}) l
      JOIN ${customers} c ON c.customer_id = l.customer_id WHERE l.kind <> 'phone' AND l.space <> 'email_md5'`);
  const [md5s] = await duck.numbers(`SELECT count(*) FROM (${links}) WHERE space = 'email_md5'`);
  if (md5s! > 0) await shareHashed(duck, customers, counted);
  await loadSyncs(duck, syncs);
  await quarantine(duck, policy);
  await duck.run(
    `CREATE OR REPLACE TABLE held AS ${heldSql("SELECT * FROM crm_links WHERE kind <> 'partner'")}`,
  );
  await partCrowds(duck, customers, policy);
  await holdPartners(duck);
  await partCrowds(duck, customers, policy);
  await duck.run('CREATE OR REPLACE TABLE live_links AS SELECT identity, person, space FROM held');
  const [digest] = await duck.rows(
    `SELECT CAST(sum(CAST(hash(identity, person) AS HUGEINT)) AS VARCHAR), count(*) FROM live_links`,
  );
  const [shared] = await duck.numbers(
    `SELECT count(DISTINCT identity) FROM nobodys
     WHERE reason IN (${[NOBODYS.quarantined, NOBODYS.several, NOBODYS.through].map(sqlText).join(', ')})`,
  );
  return { digest: digest!.join(' '), shared: shared! };
}

/** Adds to crm_links that who has the MD5 of a customer's e-mail has that e-mail. */
async function shareHashed(duck: Duck, customers: string, counted: string): Promise<void> {
  await duck.run(`INSERT INTO crm_links BY NAME
    SELECT h.* EXCLUDE (value) REPLACE (e.identity AS identity), c.person FROM (${counted}) h
      JOIN (SELECT DISTINCT md5(value) AS hash, identity FROM (${counted}) WHERE space = 'email') e
        ON e.hash = h.value
      JOIN ${customers} c ON c.customer_id = h.customer_id
    WHERE h.space = 'email_md5'`);
}

/** Makes kept_syncs: cookie, exchange, theirs. */
async function loadSyncs(duck: Duck, syncs: LinkSources['syncs']): Promise<void> {
  const columns = { cookie: 'text', exchange: 'text', theirs: 'text' } as const;
  await duck.run('DROP TABLE IF EXISTS kept_syncs');
  const table = await duck.createTable('kept_syncs', columns);
  for await (const batch of syncs) {
    for (const { cookie, exchange, theirs } of batch) table.add([cookie, exchange, theirs]);
  }
  await table.close();
}

/** Makes nobodys, of what more customers or cookies have than may, or several persons. */
async function quarantine(duck: Duck, policy: IdentityPolicy): Promise<void> {
  const sharedMax = ofKindSql('kind', policy, (kind) => kind.sharedMax);
  // Most are one customer's: only what is not is looked at closely.
  await duck.run(`CREATE OR REPLACE TABLE nobodys AS
    SELECT identity, CASE WHEN sharers > most THEN ${sqlText(NOBODYS.quarantined)}
      ELSE ${sqlText(NOBODYS.several)} END AS reason, sharers
    FROM (
      SELECT identity, count(DISTINCT customer_id) AS sharers, count(DISTINCT person) AS persons,
        ${sharedMax} AS most
      FROM crm_links WHERE identity IN (
        SELECT identity FROM crm_links GROUP BY identity HAVING min(customer_id) <> max(customer_id))
      GROUP BY identity, kind
    ) WHERE sharers > most OR persons > 1
    UNION ALL
    SELECT theirs, ${sqlText(NOBODYS.quarantined)}, count(DISTINCT cookie) FROM kept_syncs
    GROUP BY theirs HAVING count(DISTINCT cookie) > ${ofKindSql("'partner'", policy, (kind) => kind.sharedMax)}`);
}

/** Each identifier that is somebody's once, with the strongest that speaks for it. */
function heldSql(pairs: string): string {
  return `SELECT identity, min(person) AS person, min(space) AS space, kind, min(evidence) AS evidence,
      max(last_seen_ms) AS last_seen_ms
    FROM (${pairs}) WHERE identity NOT IN (SELECT identity FROM nobodys) GROUP BY identity, kind`;
}

/** Adds exchange ids and eids to held: those of the CRM's files, and those synced to a cookie in it. */
async function holdPartners(duck: Duck): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE partner_links AS
    SELECT identity, person, space, kind, evidence, last_seen_ms FROM crm_links WHERE kind = 'partner'
    UNION ALL
    SELECT s.theirs, h.person, 'exchange:' || s.exchange, 'partner', ${EVIDENCE.indexOf('sync')}, 0
    FROM kept_syncs s JOIN held h ON h.identity = s.cookie`);
  await duck.run(`INSERT INTO nobodys
    SELECT identity, ${sqlText(NOBODYS.several)}, count(DISTINCT person) FROM partner_links
    WHERE identity NOT IN (SELECT identity FROM nobodys)
    GROUP BY identity HAVING count(DISTINCT person) > 1
    UNION ALL
    SELECT DISTINCT theirs, ${sqlText(NOBODYS.through)}, CAST(NULL AS BIGINT) FROM kept_syncs
    WHERE cookie IN (SELECT identity FROM nobodys)
      AND theirs NOT IN (SELECT identity FROM partner_links)
      AND theirs NOT IN (SELECT identity FROM nobodys)`);
  await duck.run(`INSERT INTO held ${heldSql('SELECT * FROM partner_links')}`);
}

/** Takes out of held, weakest first, what one person has too much of. */
async function partCrowds(duck: Duck, customers: string, policy: IdentityPolicy): Promise<void> {
  const most = ofKindSql('kind', policy, (kind) => kind.perPersonMax);
  const best = 'evidence, last_seen_ms DESC, identity';
  await duck.run(`INSERT INTO nobodys
    SELECT identity, ${sqlText(NOBODYS.ofKind)}, NULL FROM (
      SELECT identity, kind, row_number() OVER (PARTITION BY person, kind ORDER BY ${best}) AS nth
      FROM held WHERE person IN (
        SELECT person FROM held GROUP BY person, kind HAVING count(*) > ${most})
    ) WHERE nth > ${most}`);
  await duck.run('DELETE FROM held WHERE identity IN (SELECT identity FROM nobodys)');
  const rank = kindRankSql('kind', policy);
  const fewest = policy.personMax - policy.kinds[0]!.perPersonMax;
  await duck.run(`INSERT INTO nobodys
    SELECT identity, ${sqlText(NOBODYS.inAll)}, NULL FROM (
      SELECT identity, c.customers
        + row_number() OVER (PARTITION BY person ORDER BY ${rank}, ${best}) AS nth
      FROM held JOIN (
        SELECT person, count(*) AS customers FROM ${customers} WHERE person IN (
          SELECT person FROM held GROUP BY person HAVING count(*) > ${fewest})
        GROUP BY person
      ) c USING (person)
    ) WHERE nth > ${policy.personMax}`);
  await duck.run('DELETE FROM held WHERE identity IN (SELECT identity FROM nobodys)');
}
