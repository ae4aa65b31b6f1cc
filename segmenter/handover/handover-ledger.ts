/** What was handed over, so that whoever forgets a person knows where else to look. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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
