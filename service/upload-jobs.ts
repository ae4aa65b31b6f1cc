/** Imports of uploads that the running service has taken. */
import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import type { ImportRequest } from '../segmenter/import/import-files.ts';
import type { ImportReport } from '../segmenter/import/import-report.ts';
import { jobResources, runImport } from '../segmenter/run-job.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { readUploads, type UploadRecord } from '../segmenter/uploads/upload-record.ts';
import {
  removeUpload,
  type WaitingUpload,
  waitingUploads,
} from '../segmenter/uploads/waiting-uploads.ts';
import type { FileKind } from '../settings/event-mapping.ts';
import { type ImportMapping, importMappingSchema } from '../settings/import-mapping.ts';
import type { KnownName } from '../settings/known-headers.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { KEY_FILE } from './workspace-files.ts';

/** The next upload of a shop that no import has recorded; what was recorded before a crash is cleared away. */
export function nextUpload(dir: string, shop: string): WaitingUpload | null {
  const files = shopFiles(dir, shop);
  const waiting = waitingUploads(files);
  if (waiting.length === 0) return null;
  const recorded = new Set(readUploads(files.uploads).map(({ id }) => id));
  for (const upload of waiting) {
    if (!recorded.has(upload.id)) return upload;
    removeUpload(files, upload.id);
  }
  return null;
}

/** What an import has said of the upload, if one has. */
export function recordOf(dir: string, shop: string, upload: number): UploadRecord | undefined {
  return readUploads(shopFiles(dir, shop).uploads).find(({ id }) => id === upload);
}

export interface ImportedUpload {
  readonly upload: WaitingUpload;
  /** Records it as failed for this reason, without reading it. */
  readonly givenUp?: string;
}

/** Rejects with JobFailed. */
export async function importUpload(
  config: ServiceConfig,
  shop: ShopSettings,
  imported: ImportedUpload,
): Promise<ImportReport> {
  return await runImport(
    { ...uploadRequest(config.dir, shop, imported), ...jobResources(config) },
    loadOrCreateKey(join(config.dir, KEY_FILE)),
  );
}

/** The import that an upload asks for, but for what it may use of the machine. */
export function uploadRequest(
  dir: string,
  shop: ShopSettings,
  { upload, givenUp }: ImportedUpload,
): Omit<ImportRequest, 'memoryMb' | 'threads'> {
  const { id, kind, path, merge, dryRun, force } = upload;
  return {
    dir,
    shop: shop.shop,
    timeZone: shop.timeZone,
    mapping: uploadMapping(shop.imports, upload),
    statuses: shop.statuses,
    money: { currency: shop.currency, rates: shop.rates },
    identity: shop.identity,
    [kind]: path,
    ...{ upload: id, merge, dryRun, force, nowMs: systemClock.nowMs() },
    ...(givenUp !== undefined && { givenUp }),
  };
}

/**
 * The shop's sections, but for the one of the upload where that is of another file than Metrica's: attributes
 * and consent are of the file, and what makes customers one person is the shop's.
 */
function uploadMapping(
  own: ImportMapping,
  { kind, like, delimiter }: Pick<WaitingUpload, 'kind' | 'like' | 'delimiter'>,
): ImportMapping {
  const named = own[kind];
  const mine = like === null || (named !== undefined && 'like' in named && named.like === like);
  const section = mine ? named : knownSection(own, kind, like);
  if (section === undefined) return own;
  return { ...own, [kind]: delimiter === undefined ? section : { ...section, delimiter } };
}

function knownSection(
  { customers }: ImportMapping,
  kind: FileKind,
  like: KnownName,
): ImportMapping[FileKind] {
  const { join_by, phone_region } = customers ?? {};
  const joins = { ...(join_by && { join_by }), ...(phone_region && { phone_region }) };
  return importMappingSchema.parse({ [kind]: { like, ...(kind === 'customers' && joins) } })[kind];
}
