/**
 * Ids of exchanges that a user sync has tied to a cookie which the CRM ties to a customer. The store
 * has both sides as keyed hashes, so they are joined as they are (docs/identity.md).
 */
import { createHash } from 'node:crypto';
import type { Syncs } from '../../store/record-ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

export interface Synced {
  /** Whose ids lead to customers, sorted. */
  readonly exchanges: readonly string[];
  /** The same for the same ids of the same customers; '' for none. */
  readonly digest: string;
}

/**
 * Leaves the table synced: identity, exchange, person. A cookie of several customers has several rows;
 * who of them opted out is write-links.ts's to ask.
 */
export async function createSynced(
  duck: Duck,
  files: ShopFiles,
  kept: { readonly syncs: Pick<Syncs, 'all'>; readonly shop: string; readonly nowMs: number },
): Promise<Synced> {
  const columns = { cookie: 'text', exchange: 'text', theirs: 'text' } as const;
  const table = await duck.createTable('kept_syncs', columns);
  for await (const batch of kept.syncs.all(kept.shop, kept.nowMs)) {
    for (const { cookie, exchange, theirs } of batch) table.add([cookie, exchange, theirs]);
  }
  await table.close();
  await duck.run(`CREATE TABLE synced AS
    SELECT DISTINCT s.theirs AS identity, s.exchange AS exchange, d.person AS person
    FROM kept_syncs s JOIN read_parquet(${sqlText(files.devices)}) d ON d.identity = s.cookie
    WHERE d.person IN (SELECT person FROM read_parquet(${sqlText(files.customers)}))`);
  return { exchanges: await exchangesOf(duck), digest: await digestOf(duck) };
}

async function exchangesOf(duck: Duck): Promise<string[]> {
  const exchanges: string[] = [];
  for await (const chunk of duck.chunks('SELECT DISTINCT exchange FROM synced ORDER BY exchange')) {
    exchanges.push(...chunk.texts(0));
  }
  return exchanges;
}

async function digestOf(duck: Duck): Promise<string> {
  const hash = createHash('sha256');
  let rows = 0;
  const query = 'SELECT identity, person FROM synced ORDER BY identity, person';
  for await (const chunk of duck.chunks(query)) {
    const [identities, persons] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) hash.update(`${identities[i]} ${persons[i]}\n`);
    rows += chunk.rowCount;
  }
  return rows === 0 ? '' : hash.digest('hex');
}
