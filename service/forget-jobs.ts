/** Forgetting and access as the command line starts them: the jobs, and the places that are the service's own. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import type { HeldOfPerson, HeldRecord } from '../segmenter/access/held-record.ts';
import { listErasures } from '../segmenter/forget/erasure-records.ts';
import type {
  ErasureRecord,
  PersonQuery,
  PlaceStatus,
} from '../segmenter/forget/forget-request.ts';
import { type HandedOver, listHandovers } from '../segmenter/handover/handover-ledger.ts';
import type { JobProgress } from '../segmenter/job-progress.ts';
import { jobResources, runAccess, runForget } from '../segmenter/run-job.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { waitingUploads } from '../segmenter/uploads/waiting-uploads.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { keptUntilMs } from '../store/keep-store.ts';
import { openStore } from '../store/open-store.ts';
import { loggedEvents, segmentWrittenMs } from './logged-events.ts';
import { finished, jobAccess } from './shop-jobs.ts';
import { LOG_FOLDER, LOG_KEEP_MS } from './workspace-files.ts';

export interface ForgetOptions {
  readonly query: PersonQuery;
  readonly lift: boolean;
  readonly all: boolean;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Throws Failure. What was begun is finished by the same call. */
export async function forgetInShop(
  config: ServiceConfig,
  shop: ShopSettings,
  { query, lift, all, onProgress }: ForgetOptions,
): Promise<ErasureRecord> {
  const request = { ...personRequest(config, shop, query), lift, all };
  const job = runForget(request, jobAccess(config), { progress: onProgress });
  return withServicePlaces(config, shop, await finished(job));
}

function personRequest(
  config: ServiceConfig,
  { shop, timeZone, imports }: ShopSettings,
  query: PersonQuery,
) {
  const { dir } = config;
  const region = imports.customers?.phone_region;
  const dialled = region === undefined ? {} : { phoneRegion: region };
  const resources = jobResources(config);
  return { dir, shop, query, timeZone, ...dialled, nowMs: systemClock.nowMs(), ...resources };
}

/** Everything that is held of a person, the event log's part too. Throws Failure. */
export async function heldInShop(
  config: ServiceConfig,
  shop: ShopSettings,
  query: PersonQuery,
): Promise<HeldOfPerson> {
  const held = await finished(runAccess(personRequest(config, shop, query), jobAccess(config)));
  const hashes = new Set([...held.persons, ...held.identities]);
  const logged: HeldRecord[] = [];
  for await (const { segment, event, token } of loggedEvents(
    join(config.dir, LOG_FOLDER),
    shop.shop,
    hashes,
  )) {
    logged.push({ segment, ...event, ...(token !== null && { token }) });
  }
  return { ...held, places: { ...held.places, 'event log': logged } };
}

/** Every request of the shop, oldest first, with what has become of its pending places. */
export async function forgottenInShop(
  config: ServiceConfig,
  shop: ShopSettings,
): Promise<ErasureRecord[]> {
  const records: ErasureRecord[] = [];
  for (const record of listErasures(shopFiles(config.dir, shop.shop))) {
    records.push(await withServicePlaces(config, shop, record));
  }
  return records;
}

async function withServicePlaces(
  config: ServiceConfig,
  shop: ShopSettings,
  record: ErasureRecord,
): Promise<ErasureRecord> {
  const { erasedAtMs } = record;
  if (erasedAtMs === null || record.liftedAtMs !== null) return record;
  const erased = { ...record, erasedAtMs };
  const places = [
    uploadsThatWait(config, erased),
    await eventLog(config, erased),
    countersCopy(config, erased),
    await bidderMemory(config, erased),
    exportedFiles(config, erased),
    dropInFiles(shop),
  ];
  return { ...record, places: [...record.places, ...places] };
}

type Erased = ErasureRecord & { readonly erasedAtMs: number };

/** As they came: those that came since are imported without the person too. */
function uploadsThatWait({ dir }: ServiceConfig, { shop, erasedAtMs }: Erased): PlaceStatus {
  const place = 'uploads that wait';
  const waiting = waitingUploads(shopFiles(dir, shop));
  const records = waiting.filter(({ receivedMs }) => receivedMs <= erasedAtMs).length;
  if (records === 0) return { place, state: 'nothing there', records, reason: '' };
  const reason = 'imported next, without the person, and then removed';
  return { place, state: 'pending', records, reason };
}

/** The log is the ledger of what was spent, and is not rewritten: its segments go by their age. */
async function eventLog(config: ServiceConfig, record: Erased): Promise<PlaceStatus> {
  const dir = join(config.dir, LOG_FOLDER);
  const hashes = new Set([...record.persons, ...record.identities]);
  let records = 0;
  let newestMs = 0;
  for await (const { segment } of loggedEvents(dir, record.shop, hashes)) {
    records++;
    newestMs = Math.max(newestMs, segmentWrittenMs(dir, segment));
  }
  const place = 'event log';
  if (records === 0) return { place, state: 'nothing there', records, reason: '' };
  const reason =
    'keyed hashes that lead to nobody now; segments go 30 days after they were last written';
  return { place, state: 'pending', records, reason, untilMs: newestMs + LOG_KEEP_MS };
}

/** After a power cut the embedded store is made of a copy of its counters (store/keep-store.ts). */
function countersCopy({ storeUrl, dir }: ServiceConfig, { erasedAtMs }: Erased): PlaceStatus {
  const place = 'copy of the counters';
  const copiedMs = storeUrl === '' ? keptUntilMs({ url: storeUrl, dir }) : 0;
  if (copiedMs === 0) return { place, state: 'nothing there', records: 0, reason: '' };
  if (copiedMs > erasedAtMs) return { place, state: 'done', records: 0, reason: 'made anew since' };
  const reason =
    'live facts and exposure logs; made anew every five minutes while the service runs';
  return { place, state: 'pending', records: 0, reason };
}

/** Over Redis a bidder keeps people of a generation in memory; the embedded store makes that needless. */
async function bidderMemory(config: ServiceConfig, record: Erased): Promise<PlaceStatus> {
  const place = 'memory of bidders';
  if (config.storeUrl === '' || record.servingThen === null) {
    return { place, state: 'nothing there', records: 0, reason: '' };
  }
  await using store = await openStore({ url: config.storeUrl, dir: config.dir });
  const serving = await store.generations.serving(record.shop);
  if (serving?.generation !== record.servingThen) {
    return { place, state: 'done', records: 0, reason: 'another generation serves since' };
  }
  const reason = `until the next build: run rekindle segment ${record.shop}`;
  return { place, state: 'pending', records: 0, reason };
}

/**
 * They lie wherever they were asked for, and platforms have them: whoever made them must act. One that was made anew
 * since is without the person: it takes the place of the list of its segment there, and of the file of its name.
 */
function exportedFiles({ dir }: ServiceConfig, { shop, erasedAtMs }: Erased): PlaceStatus {
  const place = 'exports';
  const handed = listHandovers(shopFiles(dir, shop));
  const since = handed.filter(({ atMs }) => atMs > erasedAtMs);
  const lists = since.map(listOf);
  const written = since.map(({ file }) => file);
  const isFileLeft = ({ to, file }: HandedOver) =>
    to !== 'webhook' && !written.includes(file) && existsSync(file);
  const left = handed.filter(
    (one) => one.atMs <= erasedAtMs && (!lists.includes(listOf(one)) || isFileLeft(one)),
  );
  if (left.length === 0) return { place, state: 'nothing there', records: 0, reason: '' };
  const names = new Set(left.map(({ file, segment, to }) => `${file} (${segment} for ${to})`));
  const reason =
    'export anew, which is without the person, replace the list at the platform and remove older files: ' +
    [...names].sort().join(', ');
  return { place, state: 'kept', records: 0, reason };
}

/** A platform has one of each segment, and each receiver of webhooks its own. */
function listOf({ to, segment, file }: HandedOver): string {
  return [to, segment, ...(to === 'webhook' ? [file] : [])].join('\n');
}

/** What the shop exports from its CRM is the shop's; an import leaves forgotten people out of it. */
function dropInFiles({ dir }: ShopSettings): PlaceStatus {
  const folder = join(dir, 'crm');
  const files = existsSync(folder) ? readdirSync(folder).length : 0;
  const place = 'files in crm/';
  if (files === 0) return { place, state: 'nothing there', records: 0, reason: '' };
  const reason =
    'exports of the CRM are the shop’s own: remove the person there; imports leave them out';
  return { place, state: 'kept', records: 0, reason };
}
