/** Links from identities to persons: what recognises a customer in a bid request. */
import { LinkFilter, linkFilterBytes } from '../../proto/link-filter.ts';
import { LINK_FILTER_BLOB } from '../../rules/manifest.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { JobProgress } from '../job-progress.ts';
import type { ShopFiles } from '../shop-data.ts';
import { mayBeKnown } from './opted-out.ts';
import type { Synced } from './synced.ts';

export interface WrittenLinks {
  readonly links: number;
  /** Identities that lead to more than one customer: nobody knows whose they are. */
  readonly sharedIdentities: number;
  /** Of the identifiers that lead to customers, sorted. */
  readonly linkedSpaces: readonly string[];
}

const BATCH_LINKS = 4000;

/**
 * Writes the links of devices, e-mails, customer ids and the table synced to customers that exist and have
 * not opted out, and their filter.
 */
export async function writeLinks(
  duck: Duck,
  files: ShopFiles,
  output: {
    readonly synced: Synced;
    readonly writer: Pick<GenerationWriter, 'putLinks' | 'putBlob'>;
    readonly progress: (progress: JobProgress) => void;
  },
): Promise<WrittenLinks> {
  output.progress({ phase: 'writing links', done: 0, total: 0 });
  const customers = `read_parquet(${sqlText(files.customers)})`;
  // Who opted out is asked last: what leads to them and to somebody else still leads to nobody.
  await duck.run(`CREATE TABLE links AS SELECT * FROM (
    SELECT identity, min(person) AS person, min(person) <> max(person) AS shared FROM (
      SELECT identity, person FROM read_parquet(${sqlText(files.devices)})
      WHERE person IN (SELECT person FROM ${customers})
      UNION ALL SELECT identity, person FROM ${customers}
      UNION ALL SELECT email_identity, person FROM ${customers} WHERE email_identity <> ''
      UNION ALL SELECT identity, person FROM synced
    ) GROUP BY identity
  ) WHERE shared OR ${mayBeKnown('person')}`);
  const [total, sharedIdentities] = await duck.numbers(
    `SELECT count(*) - COALESCE(sum(CASE WHEN shared THEN 1 ELSE 0 END), 0),
      sum(CASE WHEN shared THEN 1 ELSE 0 END) FROM links`,
  );
  const filterBytes = new Uint8Array(linkFilterBytes(total!));
  const filter = new LinkFilter(filterBytes.buffer);
  let links = 0;
  let batch: { identity: string; person: string }[] = [];
  const query = 'SELECT identity, person FROM links WHERE NOT shared ORDER BY identity';
  for await (const chunk of duck.chunks(query)) {
    const [identities, persons] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      batch.push({ identity: identities[i]!, person: persons[i]! });
      filter.add(identities[i]!);
    }
    if (batch.length < BATCH_LINKS) continue;
    await output.writer.putLinks(batch);
    links += batch.length;
    batch = [];
    output.progress({ phase: 'writing links', done: links, total: total! });
  }
  await output.writer.putLinks(batch);
  await output.writer.putBlob(LINK_FILTER_BLOB, filterBytes);
  return {
    links: links + batch.length,
    sharedIdentities: sharedIdentities!,
    linkedSpaces: await linkedSpaces(duck, files, output.synced),
  };
}

async function linkedSpaces(
  duck: Duck,
  files: ShopFiles,
  { exchanges }: Synced,
): Promise<string[]> {
  const devices = `read_parquet(${sqlText(files.devices)})`;
  const spaces = ['customer', 'email_sha256', ...exchanges.map((name) => `exchange:${name}`)];
  for await (const chunk of duck.chunks(`SELECT DISTINCT space FROM ${devices}`)) {
    spaces.push(...chunk.texts(0));
  }
  return [...new Set(spaces)].sort();
}
