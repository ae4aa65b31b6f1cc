/**
 * `rekindle import`: reads the files that were given, merges them with what earlier imports left,
 * and puts all of it in place together. Killed at any moment, it leaves the old data whole.
 */
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { customerPersonId } from '../../proto/ids.ts';
import { FILE_KINDS } from '../../settings/event-mapping.ts';
import type { IdentitySettings } from '../../settings/identity-section.ts';
import type { ImportMapping, OrdersMapping } from '../../settings/import-mapping.ts';
import { knownFile } from '../../settings/known-headers.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { Duck } from '../duck.ts';
import type { JobProgress } from '../job-progress.ts';
import { recoverFiles, type ShopFiles, shopFiles } from '../shop-data.ts';
import type { StatusMap } from '../status-groups.ts';
import { freeNumbers } from '../uploads/upload-ids.ts';
import type { ImportContext } from './import-context.ts';
import { ImportError } from './import-error.ts';
import { importEvents } from './import-events.ts';
import { importOrders } from './import-orders.ts';
import { importCustomers, importDevices, stageBuyers } from './import-people.ts';
import type { FileReports, ImportReport } from './import-report.ts';
import { readImportState } from './import-state.ts';
import { importZone } from './import-zone.ts';
import type { LinkByHand } from './links-by-hand.ts';
import { type MergeMode, mergeRules } from './merge-mode.ts';
import { readInPlace } from './order-batch.ts';
import type { RejectSummary } from './reject-log.ts';
import { storeImport } from './store-import.ts';
import { recordFailed } from './upload-log.ts';
import { wholeMapping } from './whole-mapping.ts';

export interface ImportRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  /** IANA zone of times that carry none. */
  readonly timeZone: string;
  readonly mapping: ImportMapping;
  readonly statuses: StatusMap;
  /** Needed where the mapping names a currency column. */
  readonly money?: ShopMoney;
  readonly identity?: IdentitySettings;
  readonly orders?: string;
  readonly customers?: string;
  readonly devices?: string;
  readonly events?: string;
  readonly conversions?: string;
  readonly calls?: string;
  /** Links to take back, or to let count again, with files or without. */
  readonly unlink?: readonly LinkByHand[];
  readonly nowMs: number;
  /** How the files are merged with what is held; see merge-mode.ts for an import that names none. */
  readonly merge?: MergeMode;
  /** Reads, counts and records everything, and changes nothing else. */
  readonly dryRun?: boolean;
  /** The number of an upload that the running service took (uploads/waiting-uploads.ts). */
  readonly upload?: number;
  /** Why an upload is recorded as failed without being read: no try came to its end. */
  readonly givenUp?: string;
  /** Imports although more than 1 % of the rows were rejected. */
  readonly force: boolean;
  readonly memoryMb: number;
  readonly threads: number;
}

/**
 * Throws ImportError when a file or the mapping is unusable, when a file has too many bad rows, or
 * when another import or build of this shop is running (FileLocked).
 */
export async function importFiles(
  request: ImportRequest,
  key: KeyObject,
  progress: (progress: JobProgress) => void,
  openOrderBatches: ImportContext['openOrderBatches'] = readInPlace,
): Promise<ImportReport> {
  const files = shopFiles(request.dir, request.shop);
  const inputs = FILE_KINDS.map((kind) => request[kind])
    .filter((file) => file !== undefined)
    .map((file) => resolve(file));
  const { memoryMb, threads } = request;
  await using duck = await Duck.open({
    memoryMb,
    threads,
    tempDir: files.temp,
    folders: [files.folder],
    files: inputs,
  });
  await duck.lock(files.lock);
  recoverFiles(files.folder);
  try {
    if (request.givenUp !== undefined) throw new ImportError(request.givenUp);
    return await importLocked(request, { duck, files, key, progress, openOrderBatches });
  } catch (error) {
    const failure = error instanceof ImportError ? error : UNFORESEEN;
    // An upload that was acknowledged is tried again for what is not its own fault.
    const isTriedAgain = request.upload !== undefined && failure === UNFORESEEN;
    if (!isTriedAgain) recordFailed(files, request, failure, request);
    throw error;
  } finally {
    freeNumbers(files);
  }
}

/** What else may go wrong says so itself, perhaps with cells of the file. */
const UNFORESEEN = {
  withoutCells: 'not for what the files hold: the output of the import says why',
  refused: null,
};

async function importLocked(
  request: ImportRequest,
  means: Pick<ImportContext, 'duck' | 'files' | 'key' | 'progress' | 'openOrderBatches'>,
): Promise<ImportReport> {
  checkFiles(request);
  const { shop, statuses, money = OWN_MONEY, identity = {}, nowMs } = request;
  const keyCheck = customerPersonId(means.key, shop, '');
  checkKey(means.files, keyCheck);
  const zone = importZone(request.timeZone, nowMs);
  const merge = mergeRules(request.merge);
  const context = { ...means, shop, zone, statuses, money, identity, merge, nowMs };
  const mapping = withBlanks(
    await wholeMapping(request.mapping, request, means.duck),
    request.merge,
  );
  checkMoney(mapping, request.money);
  const reports = await readAll(context, { ...request, mapping });
  context.progress({ phase: 'merging', done: 0, total: 0 });
  const stored = await storeImport(context, {
    ...{ keyCheck, mapping, reports, terms: request },
    unlink: request.unlink ?? [],
  });
  return { shop, ...reports, ...stored };
}

/** A revenue that is not there is a mistake, unless the file is of those that may lack it or an update is asked for. */
function withBlanks(mapping: ImportMapping, merge: MergeMode | undefined): ImportMapping {
  const { orders } = mapping;
  const revenue = orders?.columns.revenue;
  if (orders === undefined || revenue === undefined || merge === 'save') return mapping;
  const words = orders.like === undefined ? undefined : knownFile(orders.like).words?.[revenue];
  if (merge === undefined && words?.[''] === undefined) return mapping;
  const blanksStay: OrdersMapping = { ...orders, blanksStay: true };
  return { ...mapping, orders: blanksStay };
}

/** All amounts are in the shop's currency, whichever that is. */
const OWN_MONEY: ShopMoney = { currency: '', rates: {} };

function checkMoney({ orders }: ImportMapping, money: ShopMoney | undefined): void {
  if (orders?.columns.currency !== undefined && money === undefined) {
    throw new ImportError('orders have a currency column, and the currency of the shop is unknown');
  }
}

function checkFiles(request: ImportRequest): void {
  const { mapping, devices } = request;
  if (devices !== undefined && mapping.devices === undefined) {
    throw new ImportError(
      `shop.yaml has no import: devices: section, so the columns of ${devices} are unknown`,
    );
  }
  if (request.unlink === undefined && FILE_KINDS.every((kind) => request[kind] === undefined)) {
    throw new ImportError(`expected at least one of --${FILE_KINDS.join(', --')}`);
  }
}

/** Throws ImportError when the data was imported with another key than `keyCheck` is of. */
export function checkKey(files: ShopFiles, keyCheck: string): void {
  const state = readImportState(files);
  if (state === null || state.keyCheck === keyCheck) return;
  throw new ImportError(
    `the workspace's key is not the one that the data in ${files.folder} was imported with: ` +
      'restore it, or delete that folder and import everything again',
  );
}

async function readAll(context: ImportContext, request: ImportRequest): Promise<FileReports> {
  const { mapping } = request;
  const take = async <Mapping, Report extends { linesRead: number; rejected: RejectSummary }>(
    read: (context: ImportContext, mapping: Mapping, file: string) => Promise<Report>,
    section: Mapping | undefined,
    file: string | undefined,
  ): Promise<Report | null> => {
    if (file === undefined || section === undefined) return null;
    const report = await read(context, section, resolve(file));
    if (!request.force) refuseBadFile(request, file, report);
    return report;
  };
  const orders = await take(importOrders, mapping.orders, request.orders);
  if (orders !== null) await stageBuyers(context, mapping.orders!, resolve(orders.file));
  return {
    orders,
    customers: await take(importCustomers, mapping.customers, request.customers),
    devices: await take(importDevices, mapping.devices, request.devices),
    events: await take(importEvents('events'), mapping.events, request.events),
    conversions: await take(importEvents('conversions'), mapping.conversions, request.conversions),
    calls: await take(importEvents('calls'), mapping.calls, request.calls),
  };
}

/** A few bad rows are left out; a file that is bad throughout is more likely the wrong file. */
const REJECTED_SHARE_MAX = 0.01;
const REJECTED_FEW = 100;

function refuseBadFile(
  asked: Pick<ImportRequest, 'shop' | 'upload'>,
  file: string,
  { linesRead, rejected }: { linesRead: number; rejected: RejectSummary },
): void {
  const every = rejected.count === linesRead && linesRead > 0;
  const many = rejected.count > REJECTED_FEW && rejected.count > linesRead * REJECTED_SHARE_MAX;
  if (!every && !many) return;
  const [first] = rejected.first;
  const what =
    `${file}: ${rejected.count} of ${linesRead} rows cannot be read, so nothing was imported. ` +
    `First: line ${[first!.line, first!.column].join(' ').trim()}: ${first!.reason}`;
  const all = `. ${restAdvice(asked, rejected.report)}`;
  const refused = { file, linesRead, rejected };
  throw new ImportError(`${what}, got "${first!.value}"${all}`, `${what}${all}`, refused);
}

/** Where whoever gave the file sees its bad rows, and how the rest of it is imported. */
function restAdvice(
  { shop, upload }: Pick<ImportRequest, 'shop' | 'upload'>,
  report: string | null,
): string {
  if (upload === undefined) return `All of them: ${report}. Import the rest with --force`;
  return `All of them: GET /crm/${shop}/uploading/${upload}/errors. Send the file again with force=1 to import the rest`;
}
