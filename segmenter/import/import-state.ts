/** What an import writes beside the data and a build checks. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { ShopFiles } from '../shop-data.ts';
import { ImportError } from './import-error.ts';
import type { WithoutRate } from './total-orders.ts';

export const IMPORT_STATE_FORMAT = 2;

export interface ImportState {
  readonly format: typeof IMPORT_STATE_FORMAT;
  /** A person id made with the key of this import: another key would make strangers of everybody. */
  readonly keyCheck: string;
  /** Changes when, and only when, the data does. */
  readonly contentHash: string;
  /** Statuses of the orders as the CRM writes them, most orders first, at most STATUSES_LISTED_MAX. */
  readonly statuses: readonly { readonly status: string; readonly orders: number }[];
  /** Orders of the data whose revenue is unknown. */
  readonly withoutRate: readonly WithoutRate[];
  /** When the last command that imported files began, Unix ms; 0 for never. Older data has none. */
  readonly filesReadMs?: number;
}

export const STATUSES_LISTED_MAX = 1000;

/** The state of a shop's data, or null before the first import. */
export function readImportState(files: ShopFiles): ImportState | null {
  if (!existsSync(files.state)) return null;
  const state = JSON.parse(readFileSync(files.state, 'utf8')) as ImportState;
  if (state.format === IMPORT_STATE_FORMAT) return state;
  throw new ImportError(
    `${files.state}: format ${String(state.format)} is of another version of Rekindle (this one has ${IMPORT_STATE_FORMAT}): ` +
      `delete all in ${files.folder} but suppressed.parquet and forgotten, and import everything again`,
  );
}

/** When the last command that imported files began, Unix ms; for older data when anything was imported, 0 for never. */
export function filesReadMs({ state: file }: Pick<ShopFiles, 'state'>): number {
  if (!existsSync(file)) return 0;
  const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<ImportState>;
  return state.filesReadMs ?? statSync(file).mtimeMs;
}

/**
 * What is read of the shop's files, read again where an import was put in place meanwhile: rows of before and after
 * do not belong together.
 */
export async function readTogether<T>(files: ShopFiles, read: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = readImportState(files)?.contentHash;
    const [answer] = await Promise.allSettled([read()]);
    if (readImportState(files)?.contentHash !== before) continue;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }
}
