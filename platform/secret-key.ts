import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const KEY_BYTES = 32;

/**
 * The 32 random bytes in `file`, made on first use with mode 0600. Processes that race get the same
 * key: it is written aside and linked into place, and linking fails for all but the first. Throws
 * when the file is there but is no key: a new one would void every token signed with the old.
 */
export function loadOrCreateKey(file: string): KeyObject {
  const found = readKey(file);
  if (found !== null) return found;
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside);
  }
  const made = readKey(file);
  if (made === null) throw new Error(`key file ${file} was removed while it was made`);
  return made;
}

function readKey(file: string): KeyObject | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  if (bytes.length !== KEY_BYTES)
    throw new Error(
      `key file ${file} is damaged: ${bytes.length} bytes, expected ${KEY_BYTES}. Restore it from a ` +
        'backup, or delete it to get a new key; tokens signed with the old one then count no longer',
    );
  return createSecretKey(bytes);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
