/**
 * `rekindle forget`: takes a person out of the shop's data and of the store, and keeps them out. The
 * CRM's files go last, because whom a request means is read from them: killed at any moment, the same
 * request finds the same person again and finishes.
 */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import { forgetKept } from '../build/kept-generation.ts';
import type { Duck } from '../duck.ts';
import { dropDrafts } from '../handover/handover-ledger.ts';
import { importZone } from '../import/import-zone.ts';
import type { JobProgress } from '../job-progress.ts';
import { openShopData } from '../open-shop-data.ts';
import { replaceFiles, type ShopFiles } from '../shop-data.ts';
import { dropVersions } from '../uploads/kept-versions.ts';
import { type ErasedFromCrm, eraseFromCrm } from './erase-from-crm.ts';
import {
  type ErasedFromStore,
  eraseFromStore,
  findInStore,
  type PersonStore,
} from './erase-from-store.ts';
import { erasureId, listErasures, readErasure, writeErasure } from './erasure-records.ts';
import { type FoundPerson, findPerson } from './find-person.ts';
import {
  type ErasureRecord,
  ForgetRefused,
  type ForgetRequest,
  type PlaceStatus,
} from './forget-request.ts';
import { joinedAs } from './joined-as.ts';
import { identitiesOfOthers } from './known-people.ts';
import { redactRejects } from './redact-rejects.ts';
import { addToSuppressed } from './suppression-list.ts';

export interface ForgetPorts {
  readonly key: KeyObject;
  readonly store: PersonStore;
  /** What was copied or handed over while a request was worked on may hold the person still. */
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly progress: (progress: JobProgress) => void;
}

interface Work extends ForgetPorts {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly shop: string;
  readonly zone: ZoneOffsets;
  readonly nowMs: number;
}

/**
 * Throws ForgetRefused when it is not clear who is meant, ImportError for another key than the data's,
 * FileLocked while an import or a build runs, StoreUnavailable when the store is away.
 */
export async function forgetPerson(
  request: ForgetRequest,
  ports: ForgetPorts,
): Promise<ErasureRecord> {
  const { shop, nowMs } = request;
  await using source = await openShopData(request, ports.key);
  const { duck, files } = source;
  const zone = importZone(request.timeZone, nowMs);
  const work = { ...ports, duck, files, shop, zone, nowMs };
  ports.progress({ phase: 'looking for the person', done: 0, total: 0 });
  const person = await findPerson(work, request);
  if (request.lift) return await lift(work, person);
  if (!request.all) refuseUnnamed(person);
  return await forget(work, person);
}

function refuseUnnamed({ unnamed }: FoundPerson): void {
  if (unnamed.length === 0) return;
  throw new ForgetRefused(
    `customers whom you did not name would be forgotten too: ${unnamed.join(', ')}; they share an e-mail ` +
      'or phone with whom you named, or are one person with them: name them too, or say --all',
  );
}

async function forget(work: Work, found: FoundPerson): Promise<ErasureRecord> {
  const { store, files, duck, nowMs, progress } = work;
  const serving = await store.generations.serving(work.shop);
  const begun = startRecord(work, found, serving?.generation ?? null);
  writeErasure(files, begun);
  progress({ phase: 'rejected rows', done: 0, total: 0 });
  const rejects = await redactRejects(duck, files, found.raw);
  progress({ phase: 'store', done: 0, total: 0 });
  const { customerIds, shared } = found;
  const sought = { ...begun, shared, ofOthers: identitiesOfOthers(duck, begun.persons) };
  const { identities, links, syncs } = await findInStore(store, sought, nowMs);
  const joined = await joinedAs(store.generations, work, { ...begun, customerIds });
  const record = { ...begun, identities, joinedAs: both(joined, begun.joinedAs) };
  writeErasure(files, record);
  const persons = [...record.persons, ...record.joinedAs];
  const stored = await eraseFromStore(store, { ...record, persons }, { links, syncs, nowMs });
  progress({ phase: 'CRM data', done: 0, total: 0 });
  const kept = await forgetKept(duck, files, persons);
  const versions = dropVersions(files);
  const drafts = dropDrafts(files);
  const list = { hashes: hashesOf(record), atMs: nowMs };
  const crm = await eraseFromCrm(work, { ...found, persons }, list);
  const places = addedUp(record.places, placesOf({ crm, stored, rejects, kept, versions, drafts }));
  const done = { ...record, erasedAtMs: work.clock.nowMs(), places };
  writeErasure(files, done);
  return done;
}

/** The record of this request, or of the run before that was cut short: what it found is still meant. */
function startRecord(
  { files, shop, nowMs }: Work,
  found: FoundPerson,
  servingThen: string | null,
): ErasureRecord {
  const id = erasureId(found.asked);
  const known = readErasure(files, id);
  const before = known?.liftedAtMs === null ? known : null;
  return {
    v: 1,
    id,
    shop,
    requestedAtMs: before?.requestedAtMs ?? nowMs,
    erasedAtMs: null,
    liftedAtMs: null,
    customers: Math.max(found.customers.length, before?.customers ?? 0),
    persons: both(found.persons, before?.persons),
    identities: both(found.identities, before?.identities),
    phones: both(found.phones, before?.phones),
    sharedIdentifiers: Math.max(found.shared.length, before?.sharedIdentifiers ?? 0),
    joinedAs: both([], before?.joinedAs),
    servingThen,
    places: before?.places ?? [],
  };
}

function both(now: readonly string[], then: readonly string[] = []): string[] {
  return [...new Set([...now, ...then])].sort();
}

function hashesOf({ persons, identities, phones }: ErasureRecord): string[] {
  return [...persons, ...identities, ...phones];
}

function placesOf(gone: {
  readonly crm: ErasedFromCrm;
  readonly stored: ErasedFromStore;
  readonly rejects: number;
  readonly kept: number;
  readonly versions: number;
  readonly drafts: number;
}): PlaceStatus[] {
  const { crm, stored, rejects, kept, versions, drafts } = gone;
  const place = (name: string, records: number, reason = ''): PlaceStatus => ({
    place: name,
    state: records === 0 ? 'nothing there' : 'done',
    records,
    reason: records === 0 ? '' : reason,
  });
  return [
    place('customers', crm.customers),
    place('orders', crm.orders, 'with their lines'),
    place('devices', crm.devices),
    place('link log', crm.links, 'which identifier was seen with whom, and when'),
    place('events', crm.events, 'with what they say; conversions and calls too'),
    place('samples', crm.samples),
    place('joined customers', crm.joined, 'of the build that serves'),
    place('kept facts', kept, 'of all generations, for previews and comparison'),
    place('data before imports', versions, 'those imports can be undone no more'),
    place('unfinished exports', drafts, 'of runs that were killed'),
    place('rejected rows', rejects, 'the text of the rows; line and reason stay'),
    place('records of uploads', crm.uploads, 'the name of the file, which was theirs'),
    place('profiles', stored.profiles, 'of all generations'),
    place('links', stored.links, 'of all generations; their filter is made anew by the next build'),
    place('live facts', stored.liveFacts),
    place('exposure logs', stored.exposureLogs, 'caps of these browsers count from nothing'),
    place('user syncs', stored.syncs, 'not taken again from these browsers for 60 days'),
  ];
}

/** A run after one that was cut short finds less: what went before went all the same. */
function addedUp(before: readonly PlaceStatus[], now: readonly PlaceStatus[]): PlaceStatus[] {
  return now.map((status) => {
    const records =
      status.records + (before.find(({ place }) => place === status.place)?.records ?? 0);
    return { ...status, records, state: records === 0 ? 'nothing there' : 'done' };
  });
}

/** Every request that names what was asked for is lifted whole: it is one person's. */
async function lift(work: Work, found: FoundPerson): Promise<ErasureRecord> {
  const { files, duck, nowMs } = work;
  const asked = new Set([...found.asked, ...found.askedHashes]);
  const meant = listErasures(files).filter(
    (record) => record.liftedAtMs === null && hashesOf(record).some((hash) => asked.has(hash)),
  );
  const last = meant.at(-1);
  if (last === undefined) throw new ForgetRefused('nobody with these identifiers was forgotten');
  const hashes = [...asked, ...meant.flatMap(hashesOf)];
  await addToSuppressed(duck, files, { hashes, lifted: true, atMs: nowMs });
  replaceFiles(files.folder);
  for (const record of meant) writeErasure(files, { ...record, liftedAtMs: nowMs });
  return { ...last, liftedAtMs: nowMs };
}
