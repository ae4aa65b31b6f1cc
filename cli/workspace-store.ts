import { loadWorkspace } from '../settings/load-workspace.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';

/**
 * The store of a workspace that is there: a store in an empty folder would keep `rekindle start` from
 * making its demo. Throws ConfigInvalid, and what openStore throws.
 */
export async function openWorkspaceStore({ storeUrl, dir }: ServiceConfig): Promise<Store> {
  loadWorkspace(dir);
  return openStore({ url: storeUrl, dir });
}
