/**
 * `rekindle access`: everything that is held of a person, each place by the name that forgetting has
 * for it. All of it is as it lies there: raw on the CRM's side, keyed hashes beyond.
 */

import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readJoined } from '../build/carry-persons.ts';
import { keptTables } from '../build/kept-generation.ts';
import { sqlText } from '../duck.ts';
import { listErasures } from '../forget/erasure-records.ts';
import { type FoundPerson, findPerson } from '../forget/find-person.ts';
import type { PersonRequest } from '../forget/forget-request.ts';
import { joinedAs } from '../forget/joined-as.ts';
import { identitiesOfOthers } from '../forget/known-people.ts';
import { names, REPORT_COLUMNS, rejectReports } from '../forget/redact-rejects.ts';
import { sqlKeys } from '../forget/sql-keys.ts';
import type { ShopSource } from '../import/import-context.ts';
import { openRows } from '../import/open-rows.ts';
import { rowsOf } from '../import/row-parts.ts';
import { openShopData } from '../open-shop-data.ts';
import { waitingUploads } from '../uploads/waiting-uploads.ts';
import { collectBefore, collectFromCrm, records } from './collect-from-crm.ts';
import { type AccessStore, collectFromStore } from './collect-from-store.ts';
import type { HeldOfPerson, HeldRecord } from './held-record.ts';

/** Throws what forgetPerson() throws, and changes nothing. */
export async function collectPerson(
  request: PersonRequest,
  ports: { readonly key: KeyObject; readonly store: AccessStore },
): Promise<HeldOfPerson> {
  const { shop, nowMs } = request;
  await using opened = await openShopData(request, ports.key);
  const { duck, files } = opened;
  const source = { duck, files, key: ports.key };
  const person = await findPerson({ ...source, shop }, request);
  const joined = await joinedAs(ports.store.generations, { shop, key: ports.key }, person);
  const ofOthers = identitiesOfOthers(duck, person.persons);
  const sought = { shop, ...person, joinedAs: joined, ofOthers };
  const stored = await collectFromStore(ports.store, sought, nowMs);
  const persons = [...person.persons, ...joined];
  return {
    v: 1,
    shop,
    atMs: nowMs,
    customers: person.customers.map(({ customer }) => customer).sort(),
    unnamed: person.unnamed,
    persons: person.persons,
    identities: stored.identities,
    places: {
      ...(await collectFromCrm(source, person)),
      samples: samplesOf(source, persons),
      'joined customers': joinedRows(source, person),
      'kept facts': await keptFacts(source, persons),
      'data before imports': await collectBefore(source, person),
      'uploads that wait': waitingOf(source),
      'rejected rows': await rejectedRows(source, person),
      ...stored.places,
      'requests to forget': requestsOf(source, person),
    },
  };
}

/** As they were one person with others in the build that serves. */
function joinedRows({ files }: ShopSource, person: FoundPerson): HeldRecord[] {
  return readJoined(files)
    .filter(({ customer }) => person.customerIds.includes(customer))
    .map((row) => ({ ...row }));
}

interface Samples {
  readonly bySegment: Readonly<Record<string, readonly (HeldRecord & { person: string })[]>>;
}

function samplesOf({ files }: ShopSource, persons: readonly string[]): HeldRecord[] {
  if (!existsSync(files.samples)) return [];
  const { bySegment } = JSON.parse(readFileSync(files.samples, 'utf8')) as Samples;
  return Object.entries(bySegment).flatMap(([segment, people]) =>
    people
      .filter(({ person }) => persons.includes(person))
      .map((sample) => ({ sampleOf: segment, ...sample })),
  );
}

async function keptFacts(
  { duck, files }: ShopSource,
  persons: readonly string[],
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const { generation, table, file } of keptTables(files)) {
    const theirs = `SELECT * FROM read_parquet(${sqlText(file)})
      WHERE person IN (${sqlKeys(persons)}) ORDER BY ALL`;
    found.push(...(await records(duck, theirs)).map((row) => ({ generation, table, ...row })));
  }
  return found;
}

/** Which there are: who is in them is only known when they are imported. */
function waitingOf({ files }: ShopSource): HeldRecord[] {
  return waitingUploads(files).map(({ id, kind, receivedMs }) => ({
    upload: id,
    kind,
    receivedMs,
  }));
}

async function rejectedRows(
  { duck, files }: ShopSource,
  { raw }: FoundPerson,
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const file of rejectReports(files)) {
    const request = { file, columns: REPORT_COLUMNS, delimiter: ',', encoding: 'utf-8' } as const;
    for await (const part of openRows(request, duck)) {
      for (const { fields } of rowsOf(part)) {
        const [line, column, reason, row] = fields ?? [];
        if (row === undefined || !names(row, raw)) continue;
        found.push({ report: basename(file), line, column, reason, row });
      }
    }
  }
  return found;
}

function requestsOf(
  { files }: ShopSource,
  { asked, askedHashes, persons }: FoundPerson,
): HeldRecord[] {
  const keys = new Set([...asked, ...askedHashes, ...persons]);
  return listErasures(files)
    .filter((record) =>
      [...record.persons, ...record.identities, ...record.phones].some((key) => keys.has(key)),
    )
    .map((record) => ({ ...record }));
}
