import { readFile } from 'node:fs/promises';
import {
  LOG_HEADER_BYTES,
  LOG_VERSION,
  logVersion,
  RECORD_PREFIX_BYTES,
  recordEnd,
} from './append-log-format.ts';

export interface LogRecord {
  /** Where the record starts in its file, and where the next one would. */
  readonly offset: number;
  readonly next: number;
  readonly bytes: Uint8Array;
}

/** Bytes in the middle of a segment are not what was written: a disk or a person changed them. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
  readonly file: string;
  /** Of the first bad byte range. */
  readonly offset: number;
  constructor(file: string, offset: number, problem: string) {
    super(`${file}: ${problem} at byte ${offset}`);
    this.file = file;
    this.offset = offset;
  }
}

/**
 * The records of one segment from byte `from` on (a `next` of an earlier read; 0 is the start).
 * Ends quietly at a torn tail, which is what a crash leaves. Throws LogDamaged when good records
 * follow a bad one, and for a version it cannot read. A segment is read whole: its writer's
 * segmentBytesMax bounds the memory.
 */
export async function* readAppendLog(file: string, from = 0): AsyncGenerator<LogRecord> {
  const bytes = await readFile(file);
  let offset = Math.max(from, LOG_HEADER_BYTES);
  if (!hasHeader(file, bytes)) return;
  while (offset < bytes.length) {
    const next = recordEnd(bytes, offset);
    if (next < 0) {
      refuseDamage(file, bytes, offset);
      return;
    }
    yield { offset, next, bytes: bytes.subarray(offset + RECORD_PREFIX_BYTES, next) };
    offset = next;
  }
}

/** False for a file whose header never reached the disk. */
function hasHeader(file: string, bytes: Buffer): boolean {
  const version = logVersion(bytes);
  if (version === null) {
    refuseDamage(file, bytes, 0);
    return false;
  }
  if (version !== LOG_VERSION) {
    throw new LogDamaged(file, 0, `log version ${version}, this Rekindle reads ${LOG_VERSION}`);
  }
  return true;
}

function refuseDamage(file: string, bytes: Buffer, offset: number): void {
  for (let at = offset + 1; at + RECORD_PREFIX_BYTES < bytes.length; at++) {
    if (recordEnd(bytes, at) >= 0) {
      throw new LogDamaged(file, offset, `damaged, and good records follow at byte ${at};`);
    }
  }
}
