/** Notices that people have edited the workspace. Polled: it works on every file system. */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SETTINGS = /\.(ya?ml|html|keys\.json)$/;
/** What imports, builds and the store write is not settings. */
const NOT_SETTINGS = new Set(['data', 'log', 'store', 'tmp', 'crm', 'bench', 'imports']);

/** Changes when a settings file below `dir` is added, removed or written; '' when there is no folder. */
export function settingsSignature(dir: string): string {
  const hash = createHash('sha1');
  for (const file of settingsFiles(dir)) {
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
    hash.update(`${file}\n${mtimeMs}\n${size}\n`);
  }
  return hash.digest('hex');
}

/** Rule files only: what a rebuild of the segments depends on. */
export function rulesSignature(shopDir: string): string {
  return settingsSignature(join(shopDir, 'segments'));
}

function settingsFiles(dir: string): string[] {
  const files: string[] = [];
  for (const entry of entriesOf(dir)) {
    const path = join(dir, entry.name);
    if (entry.isDirectory() && !NOT_SETTINGS.has(entry.name)) files.push(...settingsFiles(path));
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
