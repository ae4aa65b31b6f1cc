/**
 * The library ends the process when it opens a file that is not LMDB's, so its first two pages are
 * looked at before. Offsets of LMDB's format 2: u16 page flags, u32 magic, u32 version, u32 page size.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const FLAGS_AT = 18;
const META_PAGE = 0x08;
const MAGIC_AT = 24;
const MAGIC = 0xbeefc0de;
const VERSION_AT = 28;
const VERSION = 2;
const PAGE_BYTES_AT = 48;
const HEAD_BYTES = 52;
const PAGE_BYTES_MAX = 65_536;

/** Also of a file that is absent or empty, which LMDB makes one of. */
export function beginsAsLmdb(file: string): boolean {
  if (!existsSync(file)) return true;
  const handle = openSync(file, 'r');
  try {
    const first = Buffer.alloc(HEAD_BYTES);
    if (readSync(handle, first, 0, HEAD_BYTES, 0) === 0) return true;
    const pageBytes = first.readUInt32LE(PAGE_BYTES_AT);
    if (!isMeta(first) || pageBytes === 0 || pageBytes > PAGE_BYTES_MAX) return false;
    const second = Buffer.alloc(HEAD_BYTES);
    readSync(handle, second, 0, HEAD_BYTES, pageBytes);
    return isMeta(second);
  } finally {
    closeSync(handle);
  }
}

function isMeta(page: Buffer): boolean {
  const isMetaPage = (page.readUInt16LE(FLAGS_AT) & META_PAGE) !== 0;
  return (
    isMetaPage && page.readUInt32LE(MAGIC_AT) === MAGIC && page.readUInt32LE(VERSION_AT) === VERSION
  );
}
