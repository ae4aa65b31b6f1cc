/** A person's rows in the shop's data, and their place on the list: put in place all together. */
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import { readJoined, rememberJoined } from '../build/carry-persons.ts';
import { heldRows, type ShopSource } from '../import/import-context.ts';
import { type ImportState, readImportState } from '../import/import-state.ts';
import { writeTables } from '../import/write-tables.ts';
import { pending, replaceFiles, type ShopFiles } from '../shop-data.ts';
import type { FoundPerson } from './find-person.ts';
import { countGone, countGoneLinks, type GoneRows, keepOthers } from './keep-others.ts';
import { loadNamingEvents } from './naming-events.ts';
import { redactFileNames } from './redact-file-names.ts';
import { addToSuppressed } from './suppression-list.ts';

export interface ErasedFromCrm extends GoneRows {
  readonly samples: number;
  readonly joined: number;
  readonly links: number;
  /** Records whose file was named after the person. */
  readonly uploads: number;
}

interface Samples {
  readonly bySegment: Record<string, { readonly person: string }[]>;
}

/** With the offsets of the shop's zone and the workspace's key. */
type ZonedSource = ShopSource & { readonly zone: ZoneOffsets; readonly key: KeyObject };

/** What findPerson() found of `person` must still be loaded. */
export async function eraseFromCrm(
  source: ZonedSource,
  person: FoundPerson,
  list: { readonly hashes: readonly string[]; readonly atMs: number },
): Promise<ErasedFromCrm> {
  const { duck, files } = source;
  await addToSuppressed(duck, files, { ...list, lifted: false });
  const state = readImportState(files);
  const gone =
    state === null
      ? { customers: 0, orders: 0, devices: 0, events: 0, links: 0 }
      : await writeOthers(source, person, state);
  const samples = writeSamples(files, person);
  const joined = writeJoined(files, person);
  const uploads = redactFileNames(files, person.raw);
  replaceFiles(files.folder);
  return { ...gone, samples, joined, uploads };
}

async function writeOthers(
  source: ZonedSource,
  { customerIds, identities: known, phones }: FoundPerson,
  state: ImportState,
): Promise<GoneRows & { readonly links: number }> {
  const { duck, files } = source;
  const ids = await duck.createTable('gone_customers', { customer_id: 'text' });
  for (const id of customerIds) ids.add([id]);
  await ids.close();
  const identities = await duck.createTable('gone_identities', { identity: 'text' });
  for (const identity of [...known, ...phones]) identities.add([identity]);
  await identities.close();
  const rows = await heldRows(source);
  await loadNamingEvents(source, rows.eventAttributes, 'SELECT identity FROM gone_identities');
  const gone = { ...(await countGone(duck, rows)), links: await countGoneLinks(duck, rows) };
  if (Object.values(gone).every((rows) => rows === 0)) return gone;
  const written = await writeTables(source, await keepOthers(duck, rows), state.keyCheck);
  const file = pending(files.state);
  writeFileSync(file, JSON.stringify(written));
  // When data came is told by this file's time (service/shop-jobs.ts), and none came.
  const { atime, mtime } = statSync(files.state);
  utimesSync(file, atime, mtime);
  return gone;
}

function writeJoined(files: ShopFiles, { customerIds }: FoundPerson): number {
  const joined = readJoined(files);
  const others = joined.filter(({ customer }) => !customerIds.includes(customer));
  const gone = joined.length - others.length;
  if (gone > 0) rememberJoined(files, others);
  return gone;
}

function writeSamples(files: ShopFiles, { persons }: FoundPerson): number {
  if (!existsSync(files.samples)) return 0;
  const samples = JSON.parse(readFileSync(files.samples, 'utf8')) as Samples;
  let gone = 0;
  for (const [segment, people] of Object.entries(samples.bySegment)) {
    const others = people.filter(({ person }) => !persons.includes(person));
    gone += people.length - others.length;
    samples.bySegment[segment] = others;
  }
  if (gone > 0) writeFileSync(pending(files.samples), JSON.stringify(samples));
  return gone;
}
