/** Requests to forget as files below data/<shop>/forgotten: one each, none with personal data. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../platform/durable-file.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { ErasureRecord } from './forget-request.ts';

/** Of keyed hashes, so that it tells nothing of what was asked for. */
export function erasureId(asked: readonly string[]): string {
  return createHash('sha256')
    .update([...asked].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

export function readErasure(files: ShopFiles, id: string): ErasureRecord | null {
  const file = fileOf(files, id);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ErasureRecord) : null;
}

/** Oldest first. */
export function listErasures(files: ShopFiles): ErasureRecord[] {
  if (!existsSync(files.forgotten)) return [];
  return readdirSync(files.forgotten)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readErasure(files, name.slice(0, -'.json'.length))!)
    .sort((a, b) => a.requestedAtMs - b.requestedAtMs || (a.id < b.id ? -1 : 1));
}

export function writeErasure(files: ShopFiles, record: ErasureRecord): void {
  mkdirSync(files.forgotten, { recursive: true });
  writeDurably(fileOf(files, record.id), `${JSON.stringify(record, null, 2)}\n`);
}

function fileOf(files: ShopFiles, id: string): string {
  return join(files.forgotten, `${id}.json`);
}
