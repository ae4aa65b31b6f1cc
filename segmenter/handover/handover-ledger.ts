/** What was handed over, so that whoever forgets a person knows where else to look. */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import type { ShopFiles } from '../shop-data.ts';
import type { HandoverFile } from './handover-request.ts';

export interface HandedOver {
  readonly atMs: number;
  /** A path, or the origin of a webhook. */
  readonly file: string;
  readonly to: HandoverFile | 'webhook';
  readonly segment: string;
  readonly generation: string;
}

export function noteHandover(files: ShopFiles, handedOver: HandedOver): void {
  appendFileSync(files.exports, `${JSON.stringify(handedOver)}\n`, { flush: true });
}

/** Oldest first. The end of a line that a crash cut off is no entry. */
export function listHandovers(files: ShopFiles): HandedOver[] {
  if (!existsSync(files.exports)) return [];
  return readFileSync(files.exports, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as HandedOver);
}

/** Where a file is written before it is put in place. */
export function draftOf(out: string): string {
  return `${out}.draft`;
}

/**
 * Removes what exports that were killed have left beside their files; returns how many there were. Only under
 * the shop's lock, where no export is under way.
 */
export function dropDrafts(files: ShopFiles): number {
  const outs = listHandovers(files).filter(({ to }) => to !== 'webhook');
  const drafts = new Set(outs.map(({ file }) => draftOf(file)));
  const left = [...drafts].filter((draft) => existsSync(draft));
  for (const draft of left) rmSync(draft);
  return left.length;
}
