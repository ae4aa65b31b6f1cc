/**
 * A file that was imported may be named after somebody (`anna@example.com.csv`): its record and the report
 * of its rejected rows lose that name.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { renameDurably } from '../../platform/durable-file.ts';
import { safeName, unusedReport } from '../import/reject-log.ts';
import { rewriteRecords } from '../import/upload-log.ts';
import type { ShopFiles } from '../shop-data.ts';
import { readUploads, type UploadRecord } from '../uploads/upload-record.ts';
import { FORGOTTEN, names, rejectReports } from './redact-rejects.ts';

/** `orders-11.csv` tells nothing of customer 11. */
const TELLING = /\D|\d{5}/;
const ENDING = /\.(?:csv|tsv|txt|(?:nd)?json|parquet)(?:\.gz)?$/i;

/** Of how many records; in place with the next replaceFiles(). Only under the shop's lock. */
export function redactFileNames(files: ShopFiles, raw: readonly string[]): number {
  const telling = raw.filter((value) => TELLING.test(value));
  const reports = renamedReports(files, telling);
  const redacted = (record: UploadRecord) => withoutName(record, telling, reports);
  const changed = readUploads(files.uploads).filter((record) => redacted(record) !== record).length;
  if (changed > 0) rewriteRecords(files, redacted);
  return changed;
}

/** Where reports lie now that lay under a name of theirs. */
function renamedReports(files: ShopFiles, raw: readonly string[]): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const report of rejectReports(files).filter((file) => namesInReport(file, raw))) {
    const [time = ''] = basename(report).split('-');
    const to = unusedReport(join(files.imports, `${time}-forgotten`));
    renameDurably(report, to);
    renamed.set(report, to);
  }
  return renamed;
}

function namesInReport(report: string, raw: readonly string[]): boolean {
  const written = raw.map(safeName).filter((value) => /[a-z0-9]{3}/.test(value));
  return names(basename(report), [...raw, ...written]);
}

function withoutName(
  record: UploadRecord,
  raw: readonly string[],
  reports: ReadonlyMap<string, string>,
): UploadRecord {
  const { file, message, report } = record;
  const isNamed = names(file, raw);
  const left = isNamed ? message.replaceAll(file, FORGOTTEN) : message;
  const changes = {
    ...(isNamed && { file: `${FORGOTTEN}${ENDING.exec(file)?.[0] ?? ''}` }),
    ...(names(message, raw) && { message: names(left, raw) ? FORGOTTEN : left }),
    ...(report !== null && namesInReport(report, raw) && { report: reportNow(report, reports) }),
  };
  return Object.keys(changes).length === 0 ? record : { ...record, ...changes };
}

/** A workspace may have been moved since. Null for one that a run renamed which was killed before it told. */
function reportNow(report: string, reports: ReadonlyMap<string, string>): string | null {
  for (const [from, to] of reports) {
    if (basename(from) === basename(report)) return join(dirname(report), basename(to));
  }
  return existsSync(report) ? report : null;
}
