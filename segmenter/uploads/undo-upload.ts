/**
 * Takes an import back: the shop's data is what it was before, without whoever was forgotten since. The
 * newest import goes first, because those after it were merged with what it left.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerPersonId } from '../../proto/ids.ts';
import { sqlText } from '../duck.ts';
import { keepOthers } from '../forget/keep-others.ts';
import { loadNamingEvents } from '../forget/naming-events.ts';
import { loadSuppressed } from '../forget/suppression-list.ts';
import { isEmailTheirsSql, loadUnlinked } from '../identity/unlinked.ts';
import { loadOld, SHOP_TABLES, type ShopSource } from '../import/import-context.ts';
import { importZone } from '../import/import-zone.ts';
import { rewriteRecords } from '../import/upload-log.ts';
import { type ShopTables, writeTables } from '../import/write-tables.ts';
import type { JobProgress } from '../job-progress.ts';
import { openShopData, type ShopDataRequest } from '../open-shop-data.ts';
import { pending, replaceFiles, type ShopFiles } from '../shop-data.ts';
import { keptVersion } from './kept-versions.ts';
import { readUploads, type UploadRecord } from './upload-record.ts';
import { waitingUploads } from './waiting-uploads.ts';

/** The upload cannot be undone; the message says why and what to do. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
}

export interface UndoRequest extends ShopDataRequest {
  readonly upload: number;
  /** IANA zone of the shop. */
  readonly timeZone: string;
  readonly nowMs: number;
}

export interface UndoReport {
  readonly shop: string;
  /** The upload, and those that were imported together with it. */
  readonly undone: readonly number[];
  readonly changed: boolean;
}

/**
 * Throws UndoRefused, ImportError for another key than the data's, and FileLocked while another job of the shop
 * runs.
 */
export async function undoUpload(
  request: UndoRequest,
  key: KeyObject,
  progress: (progress: JobProgress) => void,
): Promise<UndoReport> {
  await using source = await openShopData(request, key);
  const { files } = source;
  const records = readUploads(files.uploads);
  const { together, changed } = undoable(records, source.files, request);
  const undone = records.filter((record) => record.together === together).map(({ id }) => id);
  if (changed) {
    progress({ phase: 'undoing', done: 0, total: 0 });
    await restore({ ...source, key }, request, {
      id: together,
      keyCheck: customerPersonId(key, request.shop, ''),
    });
  }
  rewriteRecords(files, (record) =>
    record.together === together ? { ...record, state: 'UNDONE' } : record,
  );
  replaceFiles(files.folder);
  rmSync(join(files.versions, String(together)), { recursive: true, force: true });
  return { shop: request.shop, undone, changed };
}

function undoable(
  records: readonly UploadRecord[],
  files: ShopFiles,
  { shop, upload: id }: UndoRequest,
): UploadRecord {
  const asked = records.find((record) => record.id === id);
  if (asked === undefined) {
    const waits = waitingUploads(files).some((upload) => upload.id === id);
    // The service may be about to import it, and alone knows whether it is.
    const why = `upload ${id} waits to be imported: the service takes it back, by DELETE /crm/${shop}/uploading/${id}`;
    throw new UndoRefused(waits ? why : `there is no upload ${id}`);
  }
  if (asked.state !== 'PROCESSED' || asked.dryRun) {
    const why = asked.state === 'UNDONE' ? 'is undone already' : 'changed nothing';
    throw new UndoRefused(`upload ${id} ${why}`);
  }
  const later = records
    .slice(records.indexOf(asked))
    .filter(({ state, dryRun }) => state === 'PROCESSED' && !dryRun)
    .filter(({ together }) => together !== asked.together);
  if (later.length === 0) return asked;
  const ids = later.map((record) => record.id).reverse();
  throw new UndoRefused(
    `upload ${id} is not the last one: first undo ${ids.join(', ')}, which were merged with what it left`,
  );
}

async function restore(
  source: ShopSource & { readonly key: KeyObject },
  { timeZone, nowMs }: UndoRequest,
  { id, keyCheck }: { readonly id: number; readonly keyCheck: string },
): Promise<void> {
  const { duck, files } = source;
  const version = keptVersion(files, id);
  if (version === null) {
    throw new UndoRefused(
      `the data of before upload ${id} is kept no more: that of the last five imports is, for three days ` +
        'and until somebody is forgotten or unlinked',
    );
  }
  const tables = await withoutForgotten(source, await rowsOf({ duck, files: version }));
  const zone = importZone(timeZone, nowMs);
  const state = await writeTables({ duck, files, zone }, tables, keyCheck);
  writeFileSync(pending(files.state), JSON.stringify(state));
}

async function rowsOf(version: ShopSource): Promise<ShopTables['rows']> {
  const rows = {} as ShopTables['rows'];
  for (const table of SHOP_TABLES) {
    const file = version.files[table];
    const from = existsSync(file)
      ? `read_parquet(${sqlText(file)})`
      : await loadOld(version, table);
    rows[table] = `SELECT * FROM ${from}`;
  }
  return rows;
}

/** Imports take no customer away: whom the data of before has and that of now has not was forgotten. */
async function withoutForgotten(
  { duck, files, key }: ShopSource & { readonly key: KeyObject },
  before: ShopTables['rows'],
): Promise<ShopTables> {
  await loadSuppressed(duck, files);
  await loadUnlinked(duck, before.links);
  const hashes = '(SELECT hash FROM suppressed)';
  await duck.run(`CREATE TABLE gone_customers AS
    SELECT customer_id FROM (${before.customers})
    WHERE customer_id NOT IN (SELECT customer_id FROM read_parquet(${sqlText(files.customers)}))
      OR person IN ${hashes} OR identity IN ${hashes}
        OR (email_identity IN ${hashes} AND ${isEmailTheirsSql('email')})`);
  await duck.run('CREATE TABLE gone_identities AS SELECT hash AS identity FROM suppressed');
  await loadNamingEvents({ duck, key }, before.eventAttributes, 'SELECT hash FROM suppressed');
  return await keepOthers(duck, before);
}
