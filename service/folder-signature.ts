/** Notices that people have edited the workspace. Polled: it works on every file system. */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../settings/workspace.ts';

const SETTINGS = /\.(ya?ml|html|keys\.json)$/;
const SUPPLY_FOLDER = 'supply';
/** What imports, builds and the store write is not settings. */
const NOT_SETTINGS = new Set(['data', 'log', 'store', 'tmp', 'crm', 'bench', 'imports']);

/** Changes when a settings file below `dir` is added, removed or written; '' when there is no folder. */
export function settingsSignature(dir: string): string {
  return signatureOf(settingsFiles(dir));
}

function signatureOf(files: readonly string[]): string {
  const hash = createHash('sha1');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    hash.update(`${file}\n${mtimeMs}\n${size}\n`);
  }
  return hash.digest('hex');
}

/** Changes when anything that is served from changes: settings, or what is known of those who sell. */
export function servedSignature(dir: string): string {
  return `${settingsSignature(dir)} ${supplySignature(dir)}`;
}

/**
 * Of the lists and the ledger of `supply/`. Its folders have a file for each domain, too many to look
 * at again and again: who changes one by hand touches a list, and the refresh writes the ledger last.
 */
export function supplySignature(dir: string): string {
  const supply = join(dir, SUPPLY_FOLDER);
  const files = entriesOf(supply).filter((entry) => !entry.isDirectory());
  return signatureOf(files.map(({ name }) => join(supply, name)).sort());
}

/** Rule files only: what a rebuild of the segments depends on. */
export function rulesSignature(shopDir: string): string {
  return settingsSignature(join(shopDir, 'segments'));
}

/** What there was of a workspace's files at one time: what is edited from then on differs. */
export interface SeenFiles {
  readonly served: string;
  /** By the name of a shop. */
  readonly rules: ReadonlyMap<string, string>;
}

export function seenFiles({ dir, shops }: Pick<Workspace, 'dir' | 'shops'>): SeenFiles {
  const rules = new Map(shops.map((shop) => [shop.shop, rulesSignature(shop.dir)]));
  return { served: servedSignature(dir), rules };
}

/** `supply/` has settings of no kind, and files without number. */
function settingsFiles(dir: string, supply = join(dir, SUPPLY_FOLDER)): string[] {
  const files: string[] = [];
  for (const entry of entriesOf(dir)) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && !NOT_SETTINGS.has(entry.name) && path !== supply)
      files.push(...settingsFiles(path, supply));
    // A link may lead to where secrets are mounted: what counts is the file behind it.
    if (!entry.isDirectory() && SETTINGS.test(entry.name)) files.push(path);
  }
  return files.sort();
}

function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}
