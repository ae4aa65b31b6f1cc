/**
 * Uploads that a running service has taken and not imported yet: `uploads/<id>/` has the file and
 * `upload.json`, which is there once the file is. What is not whole lies in `uploads/receiving-…` and was
 * never acknowledged.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../platform/durable-file.ts';
import type { FileKind } from '../../settings/event-mapping.ts';
import type { KnownName } from '../../settings/known-headers.ts';
import type { MergeMode } from '../import/merge-mode.ts';
import type { ShopFiles } from '../shop-data.ts';
import { isWithdrawn, numbersIn, takeNumber } from './upload-ids.ts';

export interface UploadSpec {
  readonly kind: FileKind;
  /** The file of Metrica's whose columns these are; null where shop.yaml says how they are read. */
  readonly like: KnownName | null;
  readonly merge: MergeMode;
  readonly dryRun: boolean;
  /** Imports although more than 1 % of the rows were rejected. */
  readonly force: boolean;
  /** Found out from the header when absent. */
  readonly delimiter?: ',' | ';';
  /** Name within the upload's folder; ours, never the sender's. */
  readonly file: string;
  readonly receivedMs: number;
}

export interface WaitingUpload extends UploadSpec {
  readonly id: number;
  /** Where the file is. */
  readonly path: string;
}

const SPEC = 'upload.json';
const RECEIVING = 'receiving-';

/** A folder for a file that is about to come. */
export function openUpload({ waiting }: Pick<ShopFiles, 'waiting'>): string {
  mkdirSync(waiting, { recursive: true });
  return mkdtempSync(join(waiting, RECEIVING));
}

/** The file is in `folder`, and on disk: once this returns the upload is imported, whatever happens to the machine. */
export function acceptUpload(files: ShopFiles, folder: string, spec: UploadSpec): number {
  writeDurably(join(folder, SPEC), JSON.stringify(spec));
  syncFolder(files.folder);
  return takeNumber(files, folder);
}

/** In the order they came. */
export function waitingUploads({ waiting }: Pick<ShopFiles, 'waiting'>): WaitingUpload[] {
  return numbersIn(waiting).flatMap((id) => {
    const folder = join(waiting, String(id));
    if (isWithdrawn(folder) || !existsSync(join(folder, SPEC))) return [];
    const spec = JSON.parse(readFileSync(join(folder, SPEC), 'utf8')) as UploadSpec;
    return [{ ...spec, id, path: join(folder, spec.file) }];
  });
}

/** How many folders there are of uploads, those that are coming among them. */
export function countUploads({ waiting }: Pick<ShopFiles, 'waiting'>): number {
  if (!existsSync(waiting)) return 0;
  return readdirSync(waiting).filter((name) => !isWithdrawn(join(waiting, name))).length;
}

/** It is imported, or recorded as failed. */
export function removeUpload({ waiting }: Pick<ShopFiles, 'waiting'>, id: number): void {
  rmSync(join(waiting, String(id)), { recursive: true, force: true });
}

/** Halves that a service which was killed has left. Only before a service takes uploads. */
export function clearReceiving({ waiting }: Pick<ShopFiles, 'waiting'>): void {
  if (!existsSync(waiting)) return;
  for (const name of readdirSync(waiting).filter((name) => name.startsWith(RECEIVING))) {
    rmSync(join(waiting, name), { recursive: true, force: true });
  }
}
