/**
 * What became of each imported file, beside the shop's data: `uploads.ndjson`, one record a line,
 * oldest first. A record of what was imported is put in place together with the data.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeDurably } from '../../platform/durable-file.ts';
import { FILE_KINDS } from '../../settings/event-mapping.ts';
import { pending, type ShopFiles } from '../shop-data.ts';
import type { FileReports } from './import-report.ts';

type UploadKind = (typeof FILE_KINDS)[number];

export interface UploadRecord {
  /** From 1; never given twice. */
  readonly id: number;
  readonly timeMs: number;
  readonly kind: UploadKind;
  /** Without its folder. */
  readonly file: string;
  readonly state: 'PROCESSED' | 'FAILED';
  /** Rows of the file, and how many of them were loaded; both 0 when the import failed. */
  readonly sourceQuantity: number;
  readonly lineQuantity: number;
  /** Why the whole import failed; '' when it did not. */
  readonly message: string;
  /** The first rows that were left out, without their cells. */
  readonly errors: readonly { line: number; column: string; reason: string }[];
  /** CSV with every row that was left out; null when there is none. */
  readonly report: string | null;
}

type Outcome = Omit<UploadRecord, 'id' | 'timeMs'>;

/** Records what was imported: in place with the next replaceFiles(). Only under the shop's lock. */
export function recordImported(files: ShopFiles, reports: FileReports, nowMs: number): void {
  const outcomes: Outcome[] = [];
  for (const kind of FILE_KINDS) {
    const report = reports[kind];
    if (report === null) continue;
    const { file, linesRead, linesLoaded, rejected } = report;
    outcomes.push({
      kind,
      file: basename(file),
      state: 'PROCESSED',
      sourceQuantity: linesRead,
      lineQuantity: linesLoaded,
      message: '',
      errors: rejected.first.map(({ line, column, reason }) => ({ line, column, reason })),
      report: rejected.report,
    });
  }
  writeFileSync(pending(files.uploads), withOutcomes(files.uploads, outcomes, nowMs));
}

/** Records an import that changed nothing. Only under the shop's lock. */
export function recordFailed(
  files: ShopFiles,
  given: Readonly<Partial<Record<UploadKind, string>>>,
  { message, nowMs }: { readonly message: string; readonly nowMs: number },
): void {
  const outcomes: Outcome[] = [];
  for (const kind of FILE_KINDS) {
    const file = given[kind];
    if (file === undefined) continue;
    const nothing = { sourceQuantity: 0, lineQuantity: 0, errors: [], report: null };
    outcomes.push({ kind, file: basename(file), state: 'FAILED', message, ...nothing });
  }
  // Not by replaceFiles(), which would put in place what the import left half done.
  writeDurably(files.uploads, withOutcomes(files.uploads, outcomes, nowMs));
}

const RECORDS_KEPT = 1000;

function withOutcomes(file: string, outcomes: readonly Outcome[], nowMs: number): string {
  const records = readUploads(file);
  for (const outcome of outcomes) {
    records.push({ id: (records.at(-1)?.id ?? 0) + 1, timeMs: nowMs, ...outcome });
  }
  return records
    .slice(-RECORDS_KEPT)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
}

/** The last RECORDS_KEPT uploads of a shop, oldest first; none before its first import. */
export function readUploads(file: string): UploadRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as UploadRecord);
}
