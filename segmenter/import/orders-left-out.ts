/** Orders of a shop's data that do not count until shop.yaml says more, told without opening the data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shopFiles } from '../shop-data.ts';
import { type StatusMap, statusGroup } from '../status-groups.ts';
import { type ImportState, readImportState } from './import-state.ts';

/** By status that is not mapped, and by currency without a rate; most orders first. */
export type OrdersLeftOut = {
  readonly unmappedStatuses: ImportState['statuses'];
  readonly withoutRate: ImportState['withoutRate'];
};

/** Nothing before the first import. `dir` is the workspace's folder. */
export function ordersLeftOut(
  dir: string,
  { shop, statuses }: { readonly shop: string; readonly statuses: StatusMap },
): OrdersLeftOut {
  const state = existsSync(join(dir, 'data', shop)) ? readImportState(shopFiles(dir, shop)) : null;
  if (state === null) return { unmappedStatuses: [], withoutRate: [] };
  const unmapped = state.statuses.filter(({ status }) => statusGroup(status, statuses) === null);
  return { unmappedStatuses: unmapped, withoutRate: state.withoutRate };
}
