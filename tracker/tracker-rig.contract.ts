/** A whole tracker for tests: real log, real embedded store, real HTTP server; only time is ours. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type AppendLog, openAppendLog } from '../platform/append-log.ts';
import { diskFiles, type SegmentFiles } from '../platform/append-log-files.ts';
import { systemClock } from '../platform/clock.ts';
import type { HttpBackend, HttpServer } from '../platform/http/http-port.ts';
import { nodeBackend } from '../platform/http/node-server.ts';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { campaignKey } from '../proto/exposure-log.ts';
import { type LiveFacts, readLiveFacts } from '../proto/live-facts.ts';
import { bidKeyOf, encodePayload, signPayload, type TokenPayload } from '../proto/token.ts';
import { billedBy } from '../settings/billing-section.ts';
import type { Billing, BillingSource, ExchangePrice } from '../settings/exchange.ts';
import type { ExchangeSync } from '../settings/exchange-sync.ts';
import { openStore } from '../store/open-store.ts';
import type { BudgetState, Store } from '../store/ports.ts';
import { budgetOf } from './apply-event.ts';
import { EventTracker } from './event-tracker.ts';
import type { SyncShop } from './sync/sync-consent.ts';
import type { TrackerDeps } from './tracker-deps.ts';
import { createTrackerMetrics, trackerMetricSpecs } from './tracker-metrics.ts';
import { createTrackerRoutes } from './tracker-routes.ts';

export const KEY: KeyObject = createSecretKey(Buffer.alloc(32, 5));
export const NOW_MS = Date.UTC(2026, 10, 22, 12);
export const GENERATION = '20261122-000000-0001';
const AMOUNT_NANOS = 1_000_000_000;
const DAY_MS = 86_400_000;

export const TOKEN: TokenPayload = {
  format: 'banner',
  exchange: 'alpha',
  shop: 'demo',
  campaign: 'winback',
  creative: 'banner1',
  bidId: 'bid1',
  offer: 'spring',
  person: 'personpersonpers',
  bidCpmMicros: 2_000_000,
  currency: 'USD',
  leaseId: 'lease1',
  period: 'flight',
  reservedNanos: 1_800_000,
  bidAtS: NOW_MS / 1000,
  items: ['sku-1', 'sku-2'],
};

export interface Rig extends AsyncDisposable {
  readonly dir: string;
  readonly store: Store;
  readonly log: AppendLog;
  readonly tracker: EventTracker;
  readonly errors: unknown[];
  /** Told to the bidder. */
  readonly losses: { readonly exchange: string; readonly reason: string; readonly atMs: number }[];
  /** Milliseconds added to the tracker's time. */
  advance(ms: number): void;
  url(path: string): string;
  /** The path of a notice with its signed token. */
  notice(letter: string, token?: Partial<TokenPayload>, more?: string): string;
  get(path: string, init?: RequestInit): Promise<Response>;
  post(body: unknown, init?: RequestInit): Promise<Response>;
  count(name: string, ...labels: string[]): number;
  budget(): Promise<BudgetState>;
  live(person: string): Promise<LiveFacts>;
  /** How the tracker would end with the process: nothing is flushed or marked. */
  crash(): Promise<void>;
}

export interface RigOptions {
  readonly dir?: string;
  /** Of another store than an embedded one of its own. */
  readonly url?: string;
  /** One source is that of every format. */
  readonly billing?: BillingSource | Billing;
  readonly price?: ExchangePrice;
  readonly sync?: ExchangeSync;
  /** Default: the demo shop without a vendor. */
  readonly shops?: readonly SyncShop[];
  readonly eventsMax?: number;
  readonly backend?: HttpBackend;
  readonly files?: SegmentFiles;
  /** Stands between the tracker and the store. */
  readonly wrap?: (store: Store) => Store;
}

/** Opens everything; with `dir` over what an earlier rig left there. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'tracker-')));
  let nowMs = NOW_MS;
  const clock = { nowMs: () => nowMs, monotonicMs: systemClock.monotonicMs };
  const opened = await openStore({ url: options.url ?? '', dir, clock });
  const store = options.wrap?.(opened) ?? opened;
  const layout = new MetricsLayout(trackerMetricSpecs(['alpha']));
  const block = new MetricsBlock(layout, new ArrayBuffer(layout.byteLength));
  const metrics = createTrackerMetrics(block);
  const log = await openAppendLog({
    dir: join(dir, 'events'),
    writer: 'p0w0',
    segmentBytesMax: 1_000_000,
    flushMs: 2,
    queueBytesMax: 1_000_000,
    clock: systemClock,
    files: options.files ?? diskFiles,
  });
  const errors: unknown[] = [];
  const losses: Rig['losses'] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const exchange = (name: string) => (name === 'alpha' ? alpha : undefined);
  const { billing = 'burl' } = options;
  const alpha = {
    billing: typeof billing === 'string' ? billedBy(billing) : billing,
    price: options.price ?? { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' as const } },
    ...(options.sync !== undefined && { sync: options.sync }),
  };
  const tracker = new EventTracker({
    store,
    exchange,
    clock,
    metrics,
    lossSeen: (name, loss) => losses.push({ exchange: name, ...loss }),
    log,
    onError,
    markMs: 20,
    eventsMax: options.eventsMax ?? 1000,
  });
  let lastId = 0;
  const routes = createTrackerRoutes({
    key: KEY,
    clock,
    metrics,
    exchange,
    record: (event, done) => tracker.record(event, done),
    shop: (name) => (name === 'demo' ? demoShop : undefined),
    hasCampaign: (shop, campaign) => shop === 'demo' && campaign === 'winback',
    landing: ({ item, bidId, offer }) =>
      `https://shop.example/${item || 'campaign'}?coupon=${offer}&rk_click=${bidId}`,
    generations: store.generations,
    shops: () => options.shops ?? [{ shop: 'demo', consentVendor: 0 }],
    publicUrl: 'https://rk.example',
    newBrowserId: () => `browser-${String(++lastId).padStart(14, '0')}`,
    newEventId: () => `${process.pid}-${++lastId}`,
    onError,
  });
  const backend = options.backend ?? nodeBackend;
  const server = await backend.listen(routes, { host: '127.0.0.1', port: 0, shared: false });
  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
  return {
    dir,
    store,
    log,
    tracker,
    errors,
    losses,
    advance(ms) {
      nowMs += ms;
    },
    url,
    notice,
    get: (path, init) => fetch(url(path), { redirect: 'manual', ...init }),
    post: (body, init) =>
      fetch(url('/e/demo'), { method: 'POST', body: JSON.stringify(body), ...init }),
    count: (name, ...labels) => block.snapshot()[block.slot(name, ...labels)]!,
    budget: async () => (await opened.budgets.read(budgetOf(TOKEN)))!,
    live: async (person) => readLiveFacts(await opened.live.read('demo', person), person),
    crash: () => closeAll(server, tracker, log, opened),
    async [Symbol.asyncDispose]() {
      await tracker[Symbol.asyncDispose]();
      await closeAll(server, tracker, log, opened);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function closeAll(
  server: HttpServer,
  tracker: EventTracker,
  log: AppendLog,
  store: Store,
): Promise<void> {
  tracker.abandon();
  await server.drain(100);
  await log.close();
  await store[Symbol.asyncDispose]();
}

function notice(letter: string, token: Partial<TokenPayload> = {}, more = ''): string {
  const payload = encodePayload({ ...TOKEN, ...token });
  const tags = signPayload(KEY, payload);
  const tag = letter === 'i' || letter === 'c' ? tags.browser : tags.exchange;
  return `/${letter}?t=${payload}.${tag}${more}`;
}

/** The budget, the lease and the cap that stand behind TOKEN, as a bid leaves them. */
export async function reserveBid(store: Store): Promise<void> {
  await store.budgets.lease(budgetOf(TOKEN), {
    leaseId: TOKEN.leaseId,
    wantedNanos: 10_000_000,
    amountNanos: AMOUNT_NANOS,
    ceilingNanos: AMOUNT_NANOS,
    nowMs: NOW_MS,
    expiresAtMs: NOW_MS + 60_000,
  });
  expect(await tryReserve(store, TOKEN.bidId)).toBe(true);
}

/** Whether the person may be shown one more: the cap is one a day. */
export function tryReserve(store: Store, bidId: string): Promise<boolean> {
  const { shop, person, campaign } = TOKEN;
  const reservation = {
    campaignKey: campaignKey(shop, campaign),
    bidKey: bidKeyOf(bidId),
    rules: [{ scope: 'campaign', impsMax: 1, windowMs: DAY_MS } as const],
    expiresAtMs: NOW_MS + 60_000,
  };
  return new Promise((resolve) => {
    store.caps.reserve({ shop, person, nowMs: NOW_MS }, [reservation], {
      reserved: (granted) => resolve(granted[0] === true),
    });
  });
}

const demoShop = {
  settings: {
    shop: 'demo',
    currency: 'USD',
    domains: ['shop.example'],
    allowedHosts: ['cdn.example'],
    statuses: { delivered: 'paid', refused: 'returned' },
    rates: {},
  },
  manifest: { generation: GENERATION },
} as unknown as NonNullable<ReturnType<TrackerDeps['shop']>>;

/** Waits for what happens after the answer. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300 && !(await condition()); i++) await new Promise((r) => setTimeout(r, 10));
  expect(await condition()).toBe(true);
}
