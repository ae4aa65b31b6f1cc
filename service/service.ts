/**
 * The running service: supervisor, admin port, and the eye on the workspace that takes over what
 * people edit. Settings that are not sound are refused whole, with their lines, and what serves
 * goes on serving.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdminRoutes, type Readiness } from '../console/admin-routes.ts';
import type { Clock } from '../platform/clock.ts';
import { ConfigInvalid, formatProblems } from '../platform/config-file.ts';
import type { HttpServer } from '../platform/http/http-port.ts';
import { nodeBackend } from '../platform/http/node-server.ts';
import type { Log } from '../platform/log.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import type { ServiceConfig, ShopSettings, Workspace } from '../settings/workspace.ts';
import { type Store, StoreUnavailable } from '../store/ports.ts';
import { CounterKeeper } from './counter-keeper.ts';
import { bidExplainer, wireFormatOf } from './explain-bid.ts';
import { rulesSignature, type SeenFiles, servedSignature } from './folder-signature.ts';
import { type RebuildEnd, Rebuilds } from './rebuilds.ts';
import { SupervisorMetrics, serviceMetricsLayout } from './service-metrics.ts';
import { buildShop, isJobFailure, shopNamed, undoInShop } from './shop-jobs.ts';
import { StaleSegments } from './stale-segments.ts';
import { Supervisor } from './supervisor.ts';
import { refreshSupply } from './supply/refresh-supply.ts';
import { SupplyKeeper } from './supply/supply-keeper.ts';
import { importUpload } from './upload-jobs.ts';
import { UploadLine } from './upload-line.ts';
import { uploadService } from './upload-service.ts';

const WATCH_MS = 2000;
/** Between two looks whether a command is still at work on a shop. */
const UPLOAD_RETRY_MS = 2000;
/** What a build under way may take to end in good order is 1 s. */
const JOBS_END_MS = 2000;
const PACKAGE = new URL('../../package.json', import.meta.url);

export interface ServiceDeps {
  readonly config: ServiceConfig;
  readonly workspace: Workspace;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** From before anything was built: what was edited meanwhile is taken over. */
  readonly seen: SeenFiles;
  /** Names of shops whose segments are still to be made anew. */
  readonly putOff: readonly string[];
}

export class Service {
  readonly #deps: ServiceDeps;
  readonly #metrics: SupervisorMetrics;
  readonly #supervisor: Supervisor;
  readonly #keeper: CounterKeeper;
  readonly #supply: SupplyKeeper;
  readonly #stale: StaleSegments;
  readonly #uploads: UploadLine;
  #workspace: Workspace;
  #admin: HttpServer | null = null;
  #watch: NodeJS.Timeout | null = null;
  #settings: string;
  readonly #rules: Map<string, string>;
  readonly #rebuilds = new Rebuilds<ShopSettings>((shop, stop, isAgain) =>
    this.#uploads.inTurn(shop.shop, () => this.#rebuild(shop, { stop, isAgain })),
  );
  #looking = false;

  constructor(deps: ServiceDeps) {
    this.#deps = deps;
    const { config, workspace } = deps;
    this.#workspace = workspace;
    const exchanges = exchangeNames(workspace);
    const layout = serviceMetricsLayout(exchanges);
    this.#metrics = new SupervisorMetrics(layout);
    const supply = new SupplyKeeper({
      ...deps,
      workspaceDir: config.dir,
      exchanges: () => this.#workspace.exchanges,
      refresh: refreshSupply,
    });
    this.#supply = supply;
    this.#supervisor = new Supervisor({
      ...deps,
      exchanges,
      layout,
      metrics: this.#metrics,
      wanted: (hosts) => supply.want(hosts),
    });
    this.#keeper = new CounterKeeper({
      ...deps,
      kept: (succeeded) => this.#metrics.countersKept(succeeded),
    });
    this.#uploads = new UploadLine({
      ...deps,
      dir: config.dir,
      importUpload: (shop, upload, givenUp) =>
        importUpload(config, shopNamed(config, shop), {
          upload,
          ...(givenUp !== undefined && { givenUp }),
        }),
      rebuild: (shop) => this.#rebuilds.want(shopNamed(config, shop)),
      retryMs: UPLOAD_RETRY_MS,
    });
    this.#stale = new StaleSegments({
      ...deps,
      counted: (stale, leftOut) => this.#metrics.segmentsBroken(stale, leftOut),
    });
    this.#settings = deps.seen.served;
    this.#rules = new Map(deps.seen.rules);
  }

  /** Resolves with the name of the public port's HTTP back end. Nothing is left running on failure. */
  async start(): Promise<string> {
    const { config, clock } = this.#deps;
    try {
      const backend = await this.#supervisor.start();
      this.#admin = await nodeBackend.listen(this.#adminRoutes(), {
        host: '127.0.0.1',
        port: config.adminPort,
        shared: false,
      });
      this.#metrics.settingsTaken(clock.nowMs());
      this.#keeper.start();
      this.#supply.start();
      this.#uploads.start(this.#deps.workspace.shops.map(({ shop }) => shop));
      for (const shop of this.#deps.putOff) this.#uploads.changed(shop);
      this.#watch = setInterval(() => void this.#look(), WATCH_MS);
      return backend;
    } catch (error) {
      await this.#supervisor.drain(0);
      throw error;
    }
  }

  async drain(deadlineMs: number): Promise<void> {
    if (this.#watch !== null) clearInterval(this.#watch);
    const jobs = Promise.all([this.#rebuilds.drain(), this.#uploads.stop()]);
    await Promise.all([
      this.#keeper.stop(),
      this.#supply.stop(),
      // An import may take minutes, and a rebuild wait for it: what ends in its middle is done at the next start.
      Promise.race([jobs, sleep(JOBS_END_MS, undefined, { ref: false })]),
    ]);
    await this.#supervisor.drain(deadlineMs);
    await this.#admin?.drain(deadlineMs);
  }

  #adminRoutes() {
    const { config, store, clock, log } = this.#deps;
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
    return createAdminRoutes({
      version,
      pids: () => this.#supervisor.pids(),
      metrics: () => this.#supervisor.render(),
      readiness: () => this.#readiness(),
      explain: async ({ exchange, format }, body) => {
        const explainBid = await bidExplainer({ config, store }, exchange);
        return explainBid(body, format === '' ? undefined : wireFormatOf(format));
      },
      ...uploadService({
        ...{ config, clock, line: this.#uploads },
        shops: () => this.#workspace.shops,
        undo: (shop, upload) => undoInShop(config, shopNamed(config, shop), upload),
        onError: (error) => log.error('an admin request failed', { error }),
      }),
    });
  }

  async #readiness(): Promise<Readiness> {
    const reasons = this.#supervisor.ready() ? [] : ['no bidder process is ready'];
    const store = await this.#deps.store.ping().then(
      () => null,
      (error: Error) => error.message,
    );
    if (store !== null) reasons.push(store);
    return { ready: reasons.length === 0, reasons };
  }

  /** One look at a time: settings of many shops take longer to read than the time between two. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const signature = servedSignature(this.#deps.config.dir);
      if (signature !== this.#settings) {
        this.#settings = signature;
        await this.#takeOver();
      }
      await this.#stale.look(this.#workspace);
      this.#rebuilds.again(this.#workspace.shops);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      // Readiness says so; the next look may see it again.
    } finally {
      this.#looking = false;
    }
  }

  async #takeOver(): Promise<void> {
    const { config, clock, log } = this.#deps;
    try {
      const workspace = loadWorkspace(config.dir);
      const { shops } = workspace;
      this.#metrics.settingsTaken(clock.nowMs());
      this.#workspace = workspace;
      this.#supervisor.reload(exchangeNames(workspace));
      for (const shop of shops) {
        // What could not be imported with the settings of before may be now.
        this.#uploads.came(shop.shop);
        const rules = rulesSignature(shop.dir);
        if (rules === this.#rules.get(shop.shop)) continue;
        this.#rules.set(shop.shop, rules);
        this.#rebuilds.want(shop);
      }
    } catch (error) {
      this.#metrics.settingsRefused();
      const reason = error instanceof ConfigInvalid ? formatProblems(error.problems) : error;
      log.error('settings were refused; what serves goes on serving', { error: reason });
    }
  }

  async #rebuild(
    shop: ShopSettings,
    { stop, isAgain }: { readonly stop: AbortSignal; readonly isAgain: boolean },
  ): Promise<RebuildEnd> {
    const { config, log } = this.#deps;
    try {
      const built = await buildShop(config, shop, { stop });
      const { generation, customers } = built;
      this.#metrics.rebuilt(true);
      for (const { segment, before, entered, left } of built.segments.filter(
        ({ drifted }) => drifted,
      )) {
        this.#metrics.segmentDrifted();
        log.warn('a segment moved more than its limit', {
          shop: shop.shop,
          segment,
          before,
          entered,
          left,
        });
      }
      log.info('segments were rebuilt', { shop: shop.shop, generation, count: customers });
      return 'ended';
    } catch (error) {
      return this.#notRebuilt(shop.shop, error, { isStopped: stop.aborted, isAgain });
    }
  }

  #notRebuilt(
    shop: string,
    error: unknown,
    { isStopped, isAgain }: { readonly isStopped: boolean; readonly isAgain: boolean },
  ): RebuildEnd {
    const { log } = this.#deps;
    const reason = (error as Error).message;
    if (isStopped) {
      log.info('a rebuild was stopped', { shop, reason });
      return 'ended';
    }
    const putOff = 'a rebuild is put off; the last segments serve';
    if (isJobFailure(error, 'FileLocked')) {
      if (!isAgain) log.warn(putOff, { shop, reason });
      return 'locked';
    }
    this.#metrics.rebuilt(false);
    if (isJobFailure(error, 'StoreUnavailable')) {
      log.warn(putOff, { shop, reason });
      return 'away';
    }
    log.error('segments were not rebuilt; the last ones serve', { shop, error });
    return 'ended';
  }
}

function exchangeNames({ exchanges }: Pick<Workspace, 'exchanges'>): string[] {
  return exchanges.map(({ exchange }) => exchange);
}
