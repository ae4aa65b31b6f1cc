/** Statuses in a shop's data that shop.yaml says nothing of, told without opening the data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shopFiles } from '../shop-data.ts';
import { type StatusMap, statusGroup } from '../status-groups.ts';
import { type ImportState, readImportState } from './import-state.ts';

/** Most orders first; none before the first import. `dir` is the workspace's folder. */
export function unmappedStatuses(
  dir: string,
  { shop, statuses }: { readonly shop: string; readonly statuses: StatusMap },
): ImportState['statuses'] {
  if (!existsSync(join(dir, 'data', shop))) return [];
  const held = readImportState(shopFiles(dir, shop))?.statuses ?? [];
  return held.filter(({ status }) => statusGroup(status, statuses) === null);
}
