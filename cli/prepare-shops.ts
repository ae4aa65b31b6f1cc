/** Brings the shops of `rekindle start` up to date: what lies in crm/ is imported, what is older is rebuilt. */
import { systemClock } from '../platform/clock.ts';
import { EXIT_CODES, Failure } from '../platform/failure.ts';
import {
  buildShop,
  importShop,
  isJobFailure,
  needsBuild,
  needsImport,
} from '../service/shop-jobs.ts';
import type { ServiceConfig, ShopSettings, Workspace } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { brokenLines } from './broken-segments.ts';
import { count } from './count.ts';
import type { Terminal } from './terminal.ts';

interface Preparing {
  readonly config: ServiceConfig;
  readonly store: Store;
  readonly terminal: Terminal;
}

/**
 * A shop whose file cannot be read, or that has no data yet, is told of and keeps nobody from being served: neither
 * other shops, nor itself by the generation that it has. Resolves with the names of those whose segments may be built
 * as they are, once a command at work on the shop has ended. Rejects with a Failure that is of the whole service.
 */
export async function prepareShops(
  workspace: Workspace,
  preparing: Preparing,
): Promise<readonly string[]> {
  const putOff: string[] = [];
  for (const shop of workspace.shops) {
    await orTold(`import ${shop.shop}`, preparing, () => importWhatCame(shop, preparing));
    const failure = await orTold(`segments ${shop.shop}`, preparing, () =>
      buildWhatIsOld(shop, preparing),
    );
    if (isJobFailure(failure, 'FileLocked')) putOff.push(shop.shop);
  }
  return putOff;
}

/** Why it was not done; null when it was. */
async function orTold(
  what: string,
  { terminal }: Preparing,
  job: () => Promise<void>,
): Promise<Failure | null> {
  try {
    await job();
    return null;
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== EXIT_CODES['failed-check']) throw error;
    terminal.alert(what, error.message);
    return error;
  }
}

async function importWhatCame(shop: ShopSettings, { config, terminal }: Preparing): Promise<void> {
  if (!needsImport(config, shop)) return;
  const startedMs = performance.now();
  const report = await withProgress(terminal, (onProgress) =>
    importShop(config, shop, { onProgress }),
  );
  const { customers, orders, devices } = report.held;
  const held = `${count(customers)} customers, ${count(orders)} orders, ${count(devices)} devices`;
  terminal.step(`import ${shop.shop}`, held, startedMs);
}

async function buildWhatIsOld(
  shop: ShopSettings,
  { config, store, terminal }: Preparing,
): Promise<void> {
  if (!(await needsBuild(config, shop, store))) {
    terminal.say(`  ${terminal.good('✓')} segments ${shop.shop}: up to date`);
    return;
  }
  const startedMs = performance.now();
  const built = await withProgress(terminal, (onProgress) =>
    buildShop(config, shop, { onProgress }),
  );
  const sizes = built.segments.map(({ segment, members }) => `${segment} ${count(members)}`);
  terminal.step(`segments ${shop.shop}`, sizes.join(' · '), startedMs);
  for (const line of brokenLines(built, systemClock.nowMs())) terminal.alert('stale', line);
}

type OnProgress = (progress: { phase: string; done: number; total: number }) => void;

async function withProgress<T>(
  terminal: Terminal,
  job: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  const progress = terminal.progress();
  try {
    return await job(({ phase, done, total }) => progress.update(phase, done, total));
  } finally {
    progress.end();
  }
}
