/** What became of an imported file: a line of `uploads.ndjson` (import/upload-log.ts). */
import { existsSync, readFileSync } from 'node:fs';
import type { FileKind } from '../../settings/event-mapping.ts';
import type { MatchedKeys } from '../import/matched-keys.ts';
import type { MergeMode } from '../import/merge-mode.ts';

export interface UploadRecord {
  /** From 1; never given twice. */
  readonly id: number;
  readonly timeMs: number;
  readonly kind: FileKind;
  /** Without its folder. */
  readonly file: string;
  /** Taken by the running service, or read by a command. */
  readonly source: 'API' | 'FILE';
  /** '' where no mode was named. */
  readonly merge: MergeMode | '';
  readonly state: 'PROCESSED' | 'FAILED' | 'UNDONE';
  readonly dryRun: boolean;
  /** Whether the data is another than before, or would be; not when the same rows came again. */
  readonly changed: boolean;
  /** Of files that were imported together the first one's id: they are undone together. */
  readonly together: number;
  /** Rows of the file, and how many of them were loaded. */
  readonly sourceQuantity: number;
  readonly lineQuantity: number;
  /** Null when the import failed. */
  readonly matched: MatchedKeys | null;
  /** Why the whole import failed; '' when it did not. */
  readonly message: string;
  /** Rows that were left out. */
  readonly errorCount: number;
  /** The first of them, without their cells. */
  readonly errors: readonly { line: number; column: string; reason: string }[];
  /** CSV with every one; null when there is none. */
  readonly report: string | null;
}

/** What older records do not say. */
const UNSAID = { source: 'FILE', merge: '', dryRun: false, changed: true, matched: null } as const;

/** The last RECORDS_KEPT uploads of a shop, oldest first; none before its first import. */
export function readUploads(file: string): UploadRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const record = JSON.parse(line) as Omit<UploadRecord, 'together' | 'errorCount'>;
      return { ...UNSAID, together: record.id, errorCount: record.errors.length, ...record };
    });
}
