/**
 * Segment files of the append log. Header, 16 bytes: magic 'REKINDLE', version u32, 4 zero bytes.
 * Record: length u32, CRC u32, bytes; all little-endian. The CRC is zlib's CRC-32 started from the
 * length, so that a flipped length is noticed as well. A length of zero never occurs: the zeros
 * that a crash may leave at the end of a file are not a record.
 */
import { crc32 } from 'node:zlib';

export const LOG_VERSION = 1;
export const LOG_HEADER_BYTES = 16;
export const RECORD_PREFIX_BYTES = 8;
/** Longer records are a bug of the writer, and damage to a reader. */
export const RECORD_BYTES_MAX = 65_536;

const MAGIC = Buffer.from('REKINDLE', 'latin1');
const NAME = /^events-([a-z0-9]+(?:_[a-z0-9]+)*)-(\d{8})[.]log$/;

export function logHeader(): Uint8Array {
  const header = Buffer.alloc(LOG_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(LOG_VERSION, MAGIC.length);
  return header;
}

/** The version of a segment that starts with our header, or null when it does not. */
export function logVersion(bytes: Buffer): number | null {
  if (bytes.length < LOG_HEADER_BYTES) return null;
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return null;
  return bytes.readUInt32LE(MAGIC.length);
}

export function segmentName(writer: string, seq: number): string {
  return `events-${writer}-${String(seq).padStart(8, '0')}.log`;
}

/** Writer and number of a segment's file name, or null for any other file. */
export function parseSegmentName(name: string): { writer: string; seq: number } | null {
  const match = NAME.exec(name);
  return match === null ? null : { writer: match[1]!, seq: Number(match[2]) };
}

/** Writes one record at `at`; the caller has made room. Returns where the next one goes. */
export function putRecord(target: Buffer, at: number, record: Uint8Array): number {
  target.writeUInt32LE(record.length, at);
  target.writeUInt32LE(crc32(record, record.length), at + 4);
  target.set(record, at + RECORD_PREFIX_BYTES);
  return at + RECORD_PREFIX_BYTES + record.length;
}

/** Where the good record that starts at `at` ends, or -1 when there is none. */
export function recordEnd(bytes: Buffer, at: number): number {
  if (at + RECORD_PREFIX_BYTES > bytes.length) return -1;
  const length = bytes.readUInt32LE(at);
  const end = at + RECORD_PREFIX_BYTES + length;
  if (length === 0 || length > RECORD_BYTES_MAX || end > bytes.length) return -1;
  const crc = crc32(bytes.subarray(at + RECORD_PREFIX_BYTES, end), length);
  return crc === bytes.readUInt32LE(at + 4) ? end : -1;
}
