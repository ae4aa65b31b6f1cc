/** Links from identities to persons: what recognises a customer in a bid request. */
import { LinkFilter, linkFilterBytes } from '../../proto/link-filter.ts';
import { LINK_FILTER_BLOB } from '../../rules/manifest.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import { idSql } from '../duck-chunk.ts';
import type { JobProgress } from '../job-progress.ts';
import type { ShopFiles } from '../shop-data.ts';
import { mayBeKnown } from './opted-out.ts';

export interface WrittenLinks {
  readonly links: number;
  /** Of the identifiers that lead to customers, sorted. */
  readonly linkedSpaces: readonly string[];
}

const BATCH_LINKS = 4000;

/** Writes live_links and the customers' own ids, but of who opted out, and their filter. */
export async function writeLinks(
  duck: Duck,
  files: ShopFiles,
  output: {
    readonly writer: Pick<GenerationWriter, 'putLinks' | 'putBlob'>;
    readonly progress: (progress: JobProgress) => void;
  },
): Promise<WrittenLinks> {
  output.progress({ phase: 'writing links', done: 0, total: 0 });
  // Who opted out is asked last: what leads to them and to somebody else still leads to nobody.
  await duck.run(`CREATE TABLE links AS SELECT identity, person FROM (
    SELECT identity, person FROM live_links
    UNION ALL SELECT identity, person FROM read_parquet(${sqlText(files.customers)})
  ) WHERE ${mayBeKnown('person')}`);
  const [total] = await duck.numbers('SELECT count(*) FROM links');
  const filterBytes = new Uint8Array(linkFilterBytes(total!));
  const filter = new LinkFilter(filterBytes.buffer);
  let links = 0;
  let batch: { identity: string; person: string }[] = [];
  const query = `SELECT ${idSql('identity')}, ${idSql('person')} FROM links ORDER BY identity`;
  for await (const chunk of duck.chunks(query)) {
    const [identities, persons] = [chunk.ids(0), chunk.ids(2)];
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
  return { links: links + batch.length, linkedSpaces: await linkedSpaces(duck) };
}

async function linkedSpaces(duck: Duck): Promise<string[]> {
  const spaces = ['customer', 'email_sha256'];
  const query = "SELECT DISTINCT space FROM live_links WHERE space <> 'email'";
  for await (const chunk of duck.chunks(query)) spaces.push(...chunk.texts(0));
  return [...new Set(spaces)].sort();
}
