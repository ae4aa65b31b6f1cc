import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { MetricsBlock } from '../platform/metrics.ts';
import type { ServiceConfig, Workspace } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { applyEvent } from '../tracker/apply-event.ts';
import { type ReplayReport, replayLogs } from '../tracker/replay-log.ts';
import { createTrackerMetrics } from '../tracker/tracker-metrics.ts';
import { WinPriceBook } from '../tracker/win-price-book.ts';
import { serviceMetricsLayout } from './service-metrics.ts';
import { LOG_FOLDER } from './workspace-files.ts';

export interface ReplayedInto {
  readonly store: Store;
  /** The machine stopped while the log was being written. */
  readonly afterPowerCut: boolean;
}

/**
 * Applies what earlier processes logged and the store has not seen, before anybody serves: a log of
 * hours takes longer than a bidder process has to get ready. Rejects with StoreUnavailable.
 */
export async function replayEvents(
  config: ServiceConfig,
  workspace: Workspace,
  { store, afterPowerCut }: ReplayedInto,
): Promise<ReplayReport> {
  const layout = serviceMetricsLayout(workspace.exchanges.map(({ exchange }) => exchange));
  // Counted for nobody: these events were counted by the processes that took them.
  const metrics = createTrackerMetrics(
    new MetricsBlock(layout, new ArrayBuffer(layout.byteLength)),
  );
  const exchange = (name: string) => workspace.exchanges.find((known) => known.exchange === name);
  const winPrices = new WinPriceBook(store, systemClock);
  // No bid was late that nobody bids yet.
  const lossSeen = (): void => undefined;
  const applying = { store, exchange, clock: systemClock, metrics, winPrices, lossSeen };
  const report = await replayLogs({
    dir: join(config.dir, LOG_FOLDER),
    marks: store.marks,
    afterPowerCut,
    apply: (event) => applyEvent(applying, event),
  });
  await winPrices.flush();
  return report;
}
