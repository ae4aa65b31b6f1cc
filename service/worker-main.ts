/**
 * A worker thread: a whole bidder and tracker on one listener of the public port, with its own
 * store connection, caches and event log. Nothing is handed to another thread on a bid's way.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { BidMetrics } from '../bidder/bid-metrics.ts';
import { createBidder } from '../bidder/bidder.ts';
import { WantedDomains } from '../bidder/supply/wanted-domains.ts';
import { landingUrl } from '../creative/landing-url.ts';
import { openAppendLog } from '../platform/append-log.ts';
import { BusyPoll } from '../platform/busy-poll.ts';
import { systemClock } from '../platform/clock.ts';
import { EXIT_CODES } from '../platform/failure.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { type HttpReply, PortInUse, type Route } from '../platform/http/http-port.ts';
import { createLog } from '../platform/log.ts';
import { MetricsBlock } from '../platform/metrics.ts';
import { affordableConnections } from '../platform/open-files.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import type { Exchange } from '../settings/exchange.ts';
import { keptUntilMs } from '../store/keep-store.ts';
import { openStore } from '../store/open-store.ts';
import { EventTracker } from '../tracker/event-tracker.ts';
import { removeAppliedLogs } from '../tracker/replay-log.ts';
import type { Click } from '../tracker/tracker-deps.ts';
import { createTrackerMetrics } from '../tracker/tracker-metrics.ts';
import { createTrackerRoutes } from '../tracker/tracker-routes.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { nameExchanges, serviceMetricsLayout } from './service-metrics.ts';
import { type ServingShop, snapshotOf } from './serving-state.ts';
import { KEY_FILE, LOG_FOLDER, LOG_KEEP_MS } from './workspace-files.ts';

const LOG_SEGMENT_BYTES_MAX = 256 * 1024 * 1024;
const LOG_QUEUE_BYTES_MAX = 64 * 1024 * 1024;
const LOG_FLUSH_MS = 5;
const LOG_CLEAN_EVERY_MS = 3_600_000;
const REST_EVERY_MS = 1000;
const WANTED_EVERY_MS = 60_000;
/** Events of a worker that ends are taken over by the next one of the same name. */
const start = workerData as WorkerStart;
const { config } = start;
const port = parentPort!;
const log = createLog({ level: 'info', service: start.writer });
const tell = (message: FromWorker): void => port.postMessage(message);

const key = loadOrCreateKey(join(config.dir, KEY_FILE));
const layout = serviceMetricsLayout(start.exchanges);
const metrics = new MetricsBlock(layout, start.metrics);
const store = await openStore({ url: config.storeUrl, dir: config.dir });
const events = await openAppendLog({
  dir: join(config.dir, LOG_FOLDER),
  writer: start.writer,
  segmentBytesMax: LOG_SEGMENT_BYTES_MAX,
  flushMs: LOG_FLUSH_MS,
  queueBytesMax: LOG_QUEUE_BYTES_MAX,
  clock: systemClock,
});
let state = start.state;
let shops = shopsByName(state.shops);
let draining = false;
const trackerMetrics = createTrackerMetrics(metrics);
const bidMetrics = new BidMetrics(metrics);
const onError = (error: unknown): void => log.error('a bug or a damaged file', { error });
const tracker = new EventTracker({
  store,
  log: events,
  clock: systemClock,
  metrics: trackerMetrics,
  exchange: exchangeNow,
  lossSeen: (exchange, loss) => bidder.lossSeen(exchange, loss),
  onError,
});
/** Unique for this start of this worker: part of every bid, lease and event id. */
const instance = randomBytes(6).toString('hex');
const busyPoll = new BusyPoll(config.busyPollMs);
const wanted = new WantedDomains();
const bidder = createBidder({
  config,
  key,
  store,
  clock: systemClock,
  metrics: bidMetrics,
  log: events,
  instance,
  workers: config.processes * config.workers,
  snapshot: snapshotOf(state, config.publicUrl, systemClock.nowMs()),
  exchanges: state.exchanges,
  supply: state.supply,
  wanted,
  onError,
  busyPoll,
});
let eventCount = 0;
const routes: Route[] = [
  ...bidder.routes,
  ...createTrackerRoutes({
    key,
    clock: systemClock,
    metrics: trackerMetrics,
    exchange: exchangeNow,
    hasCampaign,
    record: (event, done) => tracker.record(event, done),
    shop: (name) => shops.get(name)?.published,
    shops: () => state.shops.map(({ published }) => published.settings),
    publicUrl: config.publicUrl,
    newBrowserId: () => randomBytes(16).toString('base64url'),
    landing,
    generations: store.generations,
    newEventId: () => `${instance}-${(eventCount++).toString(36)}`,
    onError,
  }),
  health('/healthz', () => null),
  health('/readyz', unreadyReason),
];

if (start.replays) {
  await tracker.replay();
  setInterval(() => void removeOldLogs(), LOG_CLEAN_EVERY_MS).unref();
}
let restMs = 0;
setInterval(() => {
  const restedMs = busyPoll.restMs() - restMs;
  restMs += restedMs;
  metrics.add(metrics.slot('rekindle_worker_rest_seconds_total'), restedMs / 1000);
}, REST_EVERY_MS).unref();
setInterval(() => {
  const hosts = wanted.take();
  if (hosts.length > 0) tell({ kind: 'wanted', hosts });
}, WANTED_EVERY_MS).unref();
await bidder.ready;
try {
  const backend = await chooseBackend();
  const connectionsMax = affordableConnections(config.connectionsMax, config.workers);
  if (connectionsMax < config.connectionsMax)
    log.warn('fewer connections than wanted: raise the limit of open files', { connectionsMax });
  const server = await backend.listen(routes, {
    host: '0.0.0.0',
    port: config.port,
    shared: start.shared,
    onError,
    connectionsMax,
    onTurnedAway: (why) => metrics.add(metrics.slot('rekindle_http_turned_away_total', why), 1),
  });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'beat') tell({ kind: 'beat' });
    else if (message.kind === 'serve') serve(message);
    else void drain(message.deadlineMs);
  });
  tell({ kind: 'listening', backend: server.backend });

  async function drain(deadlineMs: number): Promise<void> {
    draining = true;
    await server.drain(deadlineMs);
    await bidder.close();
    await tracker[Symbol.asyncDispose]();
    await events.close();
    await store[Symbol.asyncDispose]();
    tell({ kind: 'drained' });
  }
} catch (error) {
  if (!(error instanceof PortInUse)) throw error;
  tell({ kind: 'failed', message: error.message, exitCode: EXIT_CODES['dependency-unreachable'] });
}

function serve({ state: next, exchanges }: Extract<ToWorker, { kind: 'serve' }>): void {
  nameExchanges(layout, exchanges);
  bidMetrics.exchangesNamed();
  trackerMetrics.exchangesNamed();
  const snapshot = snapshotOf(next, config.publicUrl, systemClock.nowMs());
  bidder.serve(snapshot, next.exchanges, next.supply);
  state = next;
  shops = shopsByName(next.shops);
}

/** As it is served now. */
function exchangeNow(name: string): Exchange | undefined {
  return state.exchanges.find(({ exchange }) => exchange === name);
}

function hasCampaign(shop: string, campaign: string): boolean {
  return shops.get(shop)?.campaigns.some(({ campaign: name }) => name === campaign) ?? false;
}

async function removeOldLogs(): Promise<void> {
  const keptUntil = keptUntilMs({ url: config.storeUrl, dir: config.dir });
  const before = Math.min(systemClock.nowMs() - LOG_KEEP_MS, keptUntil);
  await removeAppliedLogs({ dir: events.dir, marks: store.marks }, before).catch(onError);
}

function unreadyReason(): string | null {
  if (draining) return 'draining';
  if (state.shops.length === 0)
    return 'no shop has a published generation; run "rekindle segment <shop>"';
  return store.available() ? null : 'the store does not answer';
}

function health(pattern: string, problem: () => string | null): Route {
  const handler = (_: unknown, reply: HttpReply): void => {
    const reason = problem();
    reply.send(reason === null ? 200 : 503, 'text/plain; charset=utf-8', `${reason ?? 'ok'}\n`);
  };
  return { method: 'GET', pattern, bodyBytesMax: 0, handler };
}

/** The item's page, else the campaign's; only ever a page on a host of the shop. */
function landing(click: Click): string | null {
  const shop = shops.get(click.shop);
  if (shop === undefined) return null;
  const { allowedHosts } = shop.published.settings;
  const campaign = shop.campaigns.find(({ campaign: name }) => name === click.campaign);
  const coupon = shop.offers.find(({ offer }) => offer === click.offer)?.coupon ?? '';
  const visit = { coupon, clickId: click.bidId, campaign: click.campaign, allowedHosts };
  const item = shop.items.get(click.item);
  const page = item === undefined ? null : landingUrl(item, visit);
  return page ?? (campaign === undefined ? null : landingUrl(campaign, visit));
}

function shopsByName(serving: readonly ServingShop[]) {
  return new Map(
    serving.map((shop) => [
      shop.published.settings.shop,
      { ...shop, items: new Map(shop.published.catalogue.items.map((item) => [item.id, item])) },
    ]),
  );
}
