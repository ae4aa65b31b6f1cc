/**
 * What became of each imported file, beside the shop's data: `uploads.ndjson`, one record a line,
 * oldest first. A record of what was imported is put in place together with the data.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeDurably } from '../../platform/durable-file.ts';
import { FILE_KINDS, type FileKind } from '../../settings/event-mapping.ts';
import { pending, type ShopFiles } from '../shop-data.ts';
import { claimNumbers } from '../uploads/upload-ids.ts';
import { readUploads, type UploadRecord } from '../uploads/upload-record.ts';
import type { ImportError } from './import-error.ts';
import type { FileReports } from './import-report.ts';
import type { MatchedKeys } from './matched-keys.ts';
import type { MergeMode } from './merge-mode.ts';
import type { RejectSummary } from './reject-log.ts';

/** How an import was asked for. */
export interface UploadTerms {
  /** Of an upload that the service took; a command's files get theirs now. */
  readonly upload?: number;
  readonly merge?: MergeMode;
  readonly dryRun?: boolean;
  readonly nowMs: number;
}

export interface Imported {
  readonly reports: FileReports;
  readonly matched: Readonly<Partial<Record<FileKind, MatchedKeys>>>;
  readonly changed: boolean;
}

type Outcome = Pick<
  UploadRecord,
  'kind' | 'file' | 'state' | 'changed' | 'sourceQuantity' | 'lineQuantity' | 'matched' | 'message'
> &
  Pick<UploadRecord, 'errorCount' | 'errors' | 'report'>;

/**
 * Records what was imported: in place with the next replaceFiles(). Only under the shop's lock. Returns the
 * records.
 */
export function recordImported(
  files: ShopFiles,
  { reports, matched, changed }: Imported,
  terms: UploadTerms,
): readonly UploadRecord[] {
  const outcomes: Outcome[] = [];
  for (const kind of FILE_KINDS) {
    const report = reports[kind];
    if (report === null) continue;
    const { file, linesRead, linesLoaded, rejected } = report;
    outcomes.push({
      ...{ kind, file: basename(file), state: 'PROCESSED', changed },
      ...{ sourceQuantity: linesRead, lineQuantity: linesLoaded },
      ...{ matched: matched[kind] ?? null, message: '', ...errorsOf(rejected) },
    });
  }
  const records = withOutcomes(files, outcomes, terms);
  writeFileSync(pending(files.uploads), textOf(records));
  return records;
}

/** Records an import that changed nothing. Only under the shop's lock. */
export function recordFailed(
  files: ShopFiles,
  given: Readonly<Partial<Record<FileKind, string>>>,
  failure: Pick<ImportError, 'withoutCells' | 'refused'>,
  terms: UploadTerms,
): void {
  const outcomes: Outcome[] = [];
  for (const kind of FILE_KINDS) {
    const file = given[kind];
    if (file === undefined) continue;
    const refused = failure.refused?.file === file ? failure.refused : null;
    outcomes.push({
      ...{ kind, file: basename(file), state: 'FAILED', changed: false, matched: null },
      ...{ sourceQuantity: refused?.linesRead ?? 0, lineQuantity: 0 },
      ...{ message: failure.withoutCells },
      ...(refused === null
        ? { errorCount: 0, errors: [], report: null }
        : errorsOf(refused.rejected)),
    });
  }
  // Not by replaceFiles(), which would put in place what the import left half done.
  writeDurably(files.uploads, textOf(withOutcomes(files, outcomes, terms)));
}

/** Puts other words into records that are there. Only under the shop's lock, and not durable by itself. */
export function rewriteRecords(
  files: ShopFiles,
  change: (record: UploadRecord) => UploadRecord,
): void {
  writeFileSync(pending(files.uploads), textOf(readUploads(files.uploads).map(change)));
}

function errorsOf({
  count,
  first,
  report,
}: RejectSummary): Pick<UploadRecord, 'errorCount' | 'errors' | 'report'> {
  const errors = first.map(({ line, column, reason }) => ({ line, column, reason }));
  return { errorCount: count, errors, report };
}

const RECORDS_KEPT = 1000;

function withOutcomes(
  files: ShopFiles,
  outcomes: readonly Outcome[],
  { upload, merge, dryRun = false, nowMs }: UploadTerms,
): readonly UploadRecord[] {
  const ids = upload === undefined ? claimNumbers(files, outcomes.length) : [upload];
  const source = upload === undefined ? 'FILE' : 'API';
  const asked = { timeMs: nowMs, source, merge: merge ?? '', dryRun } as const;
  const made = outcomes.map((outcome, i) => ({
    ...{ id: ids[i]!, ...asked, together: ids[0]! },
    ...outcome,
  }));
  return [...readUploads(files.uploads), ...made].slice(-RECORDS_KEPT);
}

function textOf(records: readonly UploadRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
