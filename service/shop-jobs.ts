/** Imports and builds of one shop, as the command line and the running service start them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import type { BuildResult } from '../segmenter/build/build-request.ts';
import type { ImportReport } from '../segmenter/import/import-report.ts';
import { filesReadMs } from '../segmenter/import/import-state.ts';
import type { LinkByHand } from '../segmenter/import/links-by-hand.ts';
import type { MergeMode } from '../segmenter/import/merge-mode.ts';
import type { JobProgress } from '../segmenter/job-progress.ts';
import {
  type JobAccess,
  JobFailed,
  jobResources,
  runBuild,
  runImport,
  runUndo,
} from '../segmenter/run-job.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import type { UndoReport } from '../segmenter/uploads/undo-upload.ts';
import { FILE_KINDS, type FileKind } from '../settings/event-mapping.ts';
import { loadWorkspace, readWorkspace, soundWorkspace } from '../settings/load-workspace.ts';
import { readShopSegments, type ShopSegments, shopSegments } from '../settings/shop-segments.ts';
import type { ServiceConfig, ShopSettings, Workspace } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { refuseLaterDay } from './later-day.ts';
import { readServedShop } from './published-shop-reader.ts';
import { KEY_FILE } from './workspace-files.ts';

const FEEDS = ['feed.xml', 'feed.csv', 'feed.tsv', 'feed.xml.gz', 'feed.csv.gz'];
const DAY_MS = 24 * 3_600_000;

type OnProgress = (progress: JobProgress) => void;
type CrmFiles = Partial<Record<FileKind, string>>;

/** Throws ConfigInvalid, or Failure for a shop the workspace does not have. */
export function shopNamed({ dir }: ServiceConfig, name: string): ShopSettings {
  return named(loadWorkspace(dir), name);
}

/** The same with its segments, each file read once. */
export function shopWithSegments(
  { dir }: ServiceConfig,
  name: string,
): { readonly shop: ShopSettings; readonly written: ShopSegments } {
  const reading = readWorkspace(dir);
  const shop = named(soundWorkspace(dir, reading), name);
  const read = reading.shops.find(({ settings }) => settings?.value === shop)!;
  return { shop, written: shopSegments(shop, read) };
}

function named({ shops }: Workspace, name: string): ShopSettings {
  const shop = shops.find((known) => known.shop === name);
  if (shop !== undefined) return shop;
  const names = shops.map((known) => known.shop).join(', ');
  throw new Failure('usage', `there is no shop "${name}"; expected one of: ${names}`);
}

/** The newest drop-in file of each kind in the shop's crm/ folder: `orders.csv`, `orders-2026-11.ndjson.gz`. */
function crmFiles(shop: ShopSettings): CrmFiles {
  const folder = join(shop.dir, 'crm');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const files: CrmFiles = {};
  for (const kind of FILE_KINDS) {
    const newest = names.findLast((name) => name.startsWith(kind));
    if (newest !== undefined) files[kind] = join(folder, newest);
  }
  return files;
}

/** Whether the crm/ folder has something that came after the last import of files. */
export function needsImport(config: ServiceConfig, shop: ShopSettings): boolean {
  const readMs = filesReadMs(shopFiles(config.dir, shop.shop));
  return Object.values(crmFiles(shop)).some((file) => modifiedMs(file) > readMs);
}

/** Whether what serves is a day old, or older than the data, the rules or the feed it was made from. */
export async function needsBuild(
  config: ServiceConfig,
  shop: ShopSettings,
  store: Store,
): Promise<boolean> {
  const published = await readServedShop(store, shop);
  if (published === null) return true;
  const { asOfMs } = published.manifest;
  if (systemClock.nowMs() - asOfMs >= DAY_MS) return true;
  const rules = join(shop.dir, 'segments');
  const inputs = [
    shopFiles(config.dir, shop.shop).state,
    join(shop.dir, 'shop.yaml'),
    feedOf(shop) ?? '',
    // A file that is gone leaves its trace here alone.
    rules,
    ...(existsSync(rules) ? readdirSync(rules).map((name) => join(rules, name)) : []),
  ];
  return inputs.some((file) => modifiedMs(file) > asOfMs);
}

export interface ImportOptions {
  /** Default: what lies in the shop's crm/ folder. */
  readonly files?: CrmFiles;
  /** Links to take back, beside the files. */
  readonly unlink?: readonly LinkByHand[];
  readonly force?: boolean;
  readonly merge?: MergeMode;
  readonly dryRun?: boolean;
  readonly onProgress?: OnProgress;
}

/** Throws Failure; what was imported before is then as it was. */
export async function importShop(
  config: ServiceConfig,
  shop: ShopSettings,
  options: ImportOptions,
): Promise<ImportReport> {
  return finished(
    runImport(
      {
        dir: config.dir,
        shop: shop.shop,
        timeZone: shop.timeZone,
        mapping: shop.imports,
        statuses: shop.statuses,
        identity: shop.identity,
        money: { currency: shop.currency, rates: shop.rates },
        ...(options.files ?? crmFiles(shop)),
        ...(options.unlink !== undefined && { unlink: options.unlink }),
        nowMs: systemClock.nowMs(),
        force: options.force ?? false,
        dryRun: options.dryRun ?? false,
        ...(options.merge !== undefined && { merge: options.merge }),
        ...jobResources(config),
      },
      loadOrCreateKey(join(config.dir, KEY_FILE)),
      options.onProgress === undefined ? {} : { progress: options.onProgress },
    ),
  );
}

/** Throws Failure when the upload cannot be undone; the data is then as it was. */
export async function undoInShop(
  config: ServiceConfig,
  { shop, timeZone }: ShopSettings,
  upload: number,
): Promise<UndoReport> {
  const request = { dir: config.dir, shop, timeZone, upload, nowMs: systemClock.nowMs() };
  const key = loadOrCreateKey(join(config.dir, KEY_FILE));
  return finished(runUndo({ ...request, ...jobResources(config) }, key));
}

export interface BuildOptions {
  /** Default: now. Then a build of today that did not end, of the same inputs, is finished instead. */
  readonly asOfMs?: number;
  /** Computes everybody, whether or not it must. */
  readonly full?: boolean;
  /** Publishes although the base shrank, or as of a day that has not come. */
  readonly force?: boolean;
  readonly onProgress?: OnProgress;
  /** Ends the build within a second, with a Failure that says what it leaves. */
  readonly stop?: AbortSignal;
}

/** Throws Failure; what served then goes on serving. A segment whose file is broken is made as it was before. */
export async function buildShop(
  config: ServiceConfig,
  shop: ShopSettings,
  options: BuildOptions,
): Promise<BuildResult> {
  const nowMs = systemClock.nowMs();
  const { asOfMs = nowMs, force = false } = options;
  if (!force) refuseLaterDay({ asOfMs, nowMs, timeZone: shop.timeZone });
  const { files, segments, broken } = readShopSegments(shop);
  return finished(
    runBuild(
      {
        dir: config.dir,
        shop: shop.shop,
        timeZone: shop.timeZone,
        currency: shop.currency,
        statuses: shop.statuses,
        identity: shop.identity,
        segments,
        broken,
        models: shop.models,
        driftLimits: Object.fromEntries(
          files.map(({ segment, driftMax }) => [segment.segment, driftMax]),
        ),
        feed: feedOf(shop),
        asOfMs,
        asOfIsNow: options.asOfMs === undefined,
        publishRate: config.publishRate,
        full: options.full ?? false,
        fullEveryMs: shop.fullBuildEveryMs,
        force,
        ...jobResources(config),
      },
      jobAccess(config),
      {
        ...(options.onProgress && { progress: options.onProgress }),
        ...(options.stop && { stop: options.stop }),
      },
    ),
  );
}

/** The shop's product feed, or null. */
function feedOf(shop: ShopSettings): string | null {
  return FEEDS.map((name) => join(shop.dir, name)).find((file) => existsSync(file)) ?? null;
}

/** 0 for a file that is not there. */
function modifiedMs(file: string): number {
  return file === '' ? 0 : (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

/** The workspace's key, and where its store is. */
export function jobAccess({ dir, storeUrl }: ServiceConfig): JobAccess {
  return { key: loadOrCreateKey(join(dir, KEY_FILE)), store: { url: storeUrl, dir } };
}

const EXIT_REASONS: Readonly<Record<string, 'dependency-unreachable' | 'interrupted'>> = {
  StoreUnavailable: 'dependency-unreachable',
  BuildStopped: 'interrupted',
};

/** What the job answers; its failure as one for people. */
export async function finished<T>(job: Promise<T>): Promise<T> {
  try {
    return await job;
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    throw new Failure(EXIT_REASONS[error.reason] ?? 'failed-check', error.message, {
      cause: error,
    });
  }
}

/** Whether a job failed for that: FileLocked by a command at work on the shop, or StoreUnavailable. */
export function isJobFailure(error: unknown, reason: 'FileLocked' | 'StoreUnavailable'): boolean {
  const job = error instanceof Failure ? error.cause : error;
  return job instanceof JobFailed && job.reason === reason;
}
