/** A bidder over the small shop on a real embedded store, for the tests of this room. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { BusyPoll } from '../platform/busy-poll.ts';
import type { Clock } from '../platform/clock.ts';
import type { HttpReply, Route } from '../platform/http/http-port.ts';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import {
  CREATIVE_AUDIT_KIND,
  decodeCreativeAudit,
  encodeCreativeAudit,
  REFUSALS_MIN,
  withCreativeLoss,
} from '../proto/creative-audit.ts';
import { customerPersonId, type IdentitySpace, identityKey } from '../proto/ids.ts';
import { encodeProfile, type ProfileRecord } from '../proto/records.ts';
import { STATUS } from '../rules/customer.ts';
import { billedBy } from '../settings/billing-section.ts';
import type { Exchange } from '../settings/exchange.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';
import { DAY_MS, GENERATION, NOW_MS, SHOP } from './auction/shop.contract.ts';
import type { Snapshot } from './auction/snapshot.ts';
import { BidMetrics, bidMetricSpecs } from './bid-metrics.ts';
import { type Bidder, createBidder } from './bidder.ts';
import type { SupplyIndex } from './supply/supply-index.ts';

export const KEY = createSecretKey(Buffer.alloc(32, 7));
export const EXCHANGE: Exchange = {
  exchange: 'demo',
  seat: 'seat-1',
  currencies: ['USD', 'EUR'],
  billing: billedBy('burl'),
  networkMs: 20,
  networkMaxMs: 60,
  tmaxDefaultMs: 120,
  format: 'json',
  gzip: false,
  noBid: 'status',
  multiBid: false,
  price: { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } },
  notices: { loss: '${AUCTION_LOSS}', minToWin: '${AUCTION_MIN_TO_WIN}' },
  contentType: '',
  click: null,
  native: { wrapped: 'auto', form: 'string' },
  taxonomy: 1,
  limits: { bids: Number.POSITIVE_INFINITY, markupBytes: Number.POSITIVE_INFINITY },
  qpsMax: Number.POSITIVE_INFINITY,
  marking: { required: 'never' },
};

/** A customer known under cookie `c-<name>`, with `orders` paid orders of 60 units, 40 days apart. */
function customer(
  name: string,
  orders: number,
): { links: [IdentitySpace, string][]; profile: ProfileRecord } {
  const person = customerPersonId(KEY, SHOP, name);
  const segments = orders === 0 ? [1] : orders >= 3 ? [0, 2] : [0];
  return {
    links: [['cookie', `c-${name}`]],
    profile: {
      person,
      segments,
      orders: Array.from({ length: orders }, (_, i) => ({
        atS: (NOW_MS - (40 * i + 40) * DAY_MS) / 1000,
        status: STATUS.paid,
        revenueMicros: 60_000_000,
        orderKey: `o${i}`,
      })),
      cycleHalfDays: orders >= 3 ? 80 : 0,
      products: orders > 0 ? ['i3'] : [],
      categories: ['odd'],
      boughtWith: ['i5', 'i7'],
    },
  };
}

export interface Bench extends AsyncDisposable {
  readonly bidder: Bidder;
  readonly store: Store;
  /** `monotonicMs` is added to the real one. */
  readonly clock: { nowMs: number; monotonicMs: number };
  readonly metrics: MetricsBlock;
  readonly events: Uint8Array[];
  readonly errors: unknown[];
  logState: 'ok' | 'full';
  /** `headers` have lower-case names. */
  post(body: unknown, exchange?: string, headers?: Readonly<Record<string, string>>): Answer;
  person(name: string): string;
}

export interface Answer {
  status: number;
  body: string;
  bytes: Uint8Array;
  headers: Readonly<Record<string, string>>;
}

/** For bids with caps, and of stores behind a network: they are answered on a later turn. */
export async function settled(answer: Answer): Promise<Answer> {
  await vi.waitFor(() => expect(answer.status).not.toBe(0), { interval: 1 });
  return answer;
}

export async function openBench(
  snapshot: Snapshot,
  options: {
    /** Of another store than an embedded one of its own. */
    url?: string;
    store?: (real: Store) => Store;
    deadlineMs?: number;
    publicUrl?: string;
    /** Of a request that is posted, before it is handled. */
    waitedMs?: () => number;
    /** Named `demo`, as its metrics are. */
    exchange?: Exchange;
    supply?: SupplyIndex;
  } = {},
): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'rekindle-bidder-'));
  const time = { nowMs: NOW_MS, monotonicMs: 0 };
  const clock: Clock = {
    nowMs: () => time.nowMs,
    monotonicMs: () => performance.now() + time.monotonicMs,
  };
  const real = await openStore({ url: options.url ?? '', dir, clock, hotTimeoutMs: 2_000 });
  await publishPeople(real, [customer('anna', 4), customer('boris', 1), customer('clara', 0)]);
  const store = options.store?.(real) ?? real;
  const layout = new MetricsLayout(bidMetricSpecs(['demo']));
  const metrics = new MetricsBlock(layout, new ArrayBuffer(layout.byteLength));
  const events: Uint8Array[] = [];
  const errors: unknown[] = [];
  const bench = { logState: 'ok' as 'ok' | 'full' };
  const bidder = createBidder({
    config: {
      publicUrl: options.publicUrl ?? 'https://ads.example',
      deadlineMs: options.deadlineMs ?? 50,
    },
    key: KEY,
    store,
    clock,
    metrics: new BidMetrics(metrics),
    // Takes a copy, as the append log does: the record is lent.
    log: {
      append: (record) => events.push(Uint8Array.from(record)) > 0,
      state: () => bench.logState,
    },
    instance: 'w0',
    workers: 1,
    snapshot,
    exchanges: [options.exchange ?? EXCHANGE],
    ...(options.supply && { supply: options.supply }),
    onError: (error) => errors.push(error),
    busyPoll: new BusyPoll(0),
    readWait: { earliestMs: (nowMs) => nowMs - (options.waitedMs?.() ?? 0) },
  });
  await bidder.ready;
  return Object.assign(bench, {
    bidder,
    store,
    clock: time,
    metrics,
    events,
    errors,
    post: (body: unknown, exchange = 'demo', headers = {}) =>
      post(bidder.routes[0]!, body, { exchange, headers }),
    person: (name: string) => customerPersonId(KEY, SHOP, name),
    async [Symbol.asyncDispose]() {
      await bidder.close();
      await real[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

async function publishPeople(
  store: Store,
  people: readonly ReturnType<typeof customer>[],
): Promise<void> {
  await using writer = await store.generations.write(SHOP, GENERATION);
  await writer.putProfiles(
    people.map(({ profile }) => ({ person: profile.person!, bytes: encodeProfile(profile) })),
  );
  const links = people.flatMap(({ links: each, profile }) =>
    each.map(([space, value]) => ({
      identity: identityKey(KEY, space, value),
      person: profile.person!,
    })),
  );
  await writer.putLinks(links);
  await writer.seal({ profiles: people.length, links: links.length });
  await store.generations.flip(SHOP, GENERATION);
}

/** Posts to the route as the HTTP port would; with a slow store the answer fills in later. */
function post(
  route: Route,
  body: unknown,
  { exchange, headers }: { exchange: string; headers: Readonly<Record<string, string>> },
): Answer {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(textOf(body));
  const answer: Answer = { status: 0, body: '', bytes: new Uint8Array(0), headers: {} };
  const set = (
    status: number,
    content: string | Uint8Array,
    sent: readonly (readonly [string, string])[] = [],
  ): void => {
    if (answer.status !== 0) throw new Error('answered twice');
    answer.status = status;
    answer.bytes = Uint8Array.from(Buffer.from(content));
    answer.body = String(Buffer.from(content));
    answer.headers = Object.fromEntries(sent);
  };
  const reply: HttpReply = {
    aborted: false,
    send: (status, type, content) => set(status, content, [['Content-Type', type]]),
    sendWith: (status, sent, content) => set(status, content, sent),
    empty: (status) => set(status, ''),
  };
  const request = {
    method: 'POST',
    path: `/bid/${exchange}`,
    query: '',
    params: [exchange],
    header: (name: string) => headers[name] ?? '',
    body: bytes,
    receive: () => {},
  };
  route.handler(request, reply);
  return answer;
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Has the store hold as many losses by the creative as pause it; a bidder knows from its next lessons on. */
export async function refuseCreative({ store }: Bench, creative: string): Promise<void> {
  const key = { exchange: 'demo', kind: CREATIVE_AUDIT_KIND, name: creative };
  const losses = Array.from({ length: REFUSALS_MIN }, (_, i) => ({
    bidId: `b${i}`,
    code: 203,
    atMs: NOW_MS,
  }));
  await store.learned.update({ ...key, keepMs: 1e9, nowMs: NOW_MS }, () =>
    encodeCreativeAudit(losses.reduce(withCreativeLoss, decodeCreativeAudit(null))),
  );
}

/** A request for one 300x250 banner by the person behind cookie `c-<name>`. */
export function bidRequest(name: string | null, more: object = {}, imp: object = {}): object {
  return {
    id: 'req-1',
    imp: [{ id: '1', banner: { w: 300, h: 250 }, secure: 1, ...imp }],
    device: { ua: 'Mozilla/5.0', geo: { country: 'USA' } },
    tmax: 200,
    ...(name === null ? {} : { user: { buyeruid: `c-${name}` } }),
    ...more,
  };
}
