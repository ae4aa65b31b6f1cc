/** Opens the store for `rekindle start`, and says what a stop of the machine made necessary. */
import { BID_EXP_MAX_S } from '../bidder/budget-leases.ts';
import { type ReplayedInto, replayEvents } from '../service/replay-events.ts';
import type { ServiceConfig, Workspace } from '../settings/workspace.ts';
import { rebuildStore } from '../store/keep-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';
import { count } from './count.ts';
import type { Terminal } from './terminal.ts';

/** The store holds everything that was ever acknowledged. Rejects with StoreUnavailable. */
export async function prepareStore(
  config: ServiceConfig,
  workspace: Workspace,
  terminal: Terminal,
): Promise<Store> {
  const options = { url: config.storeUrl, dir: config.dir };
  const startedMs = performance.now();
  const rebuilt = await rebuildStore(options, BID_EXP_MAX_S * 1000);
  if (rebuilt !== null) {
    terminal.alert('store', `${FAULTS[rebuilt.fault]}: it is built anew`);
    terminal.step('store', copyOf(rebuilt.countersAtMs), startedMs);
  }
  const store = await openStore(options);
  await store.ping();
  const afterPowerCut = rebuilt?.fault === 'cut-off';
  await applyLog(config, workspace, { store, terminal, afterPowerCut });
  if (rebuilt !== null) {
    terminal.alert('bids', `none for ${BID_EXP_MAX_S} s: those made before must have run out`);
  }
  return store;
}

const FAULTS = {
  'cut-off': 'the machine stopped while it was in use, and its file may be damaged',
  missing: 'its file is missing',
} as const;

function copyOf(atMs: number | null): string {
  if (atMs === null) return 'no copy of its counters had been made: all come from the event log';
  return `counters of ${new Date(atMs).toISOString().slice(0, 19)}Z; what came later is in the event log`;
}

async function applyLog(
  config: ServiceConfig,
  workspace: Workspace,
  { terminal, ...into }: ReplayedInto & { terminal: Terminal },
): Promise<void> {
  const startedMs = performance.now();
  const { events, damaged } = await replayEvents(config, workspace, into);
  if (events > 0) terminal.step('event log', `${count(events)} events applied`, startedMs);
  for (const { message } of damaged) {
    terminal.alert('event log', `${message}; what follows in that file was not applied`);
  }
}
