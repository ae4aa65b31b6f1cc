/** A service without HTTP, for cutting its power: what may happen to it, and what it must have counted. */
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type AppendLog, openAppendLog } from '../platform/append-log.ts';
import { systemClock } from '../platform/clock.ts';
import type { Machine } from '../platform/machine.ts';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { AD_FORMATS } from '../proto/ad-format.ts';
import { CONFIRMED, campaignKey, EXPOSURE_BYTES } from '../proto/exposure-log.ts';
import { readLiveFacts } from '../proto/live-facts.ts';
import { type EventRecord, NoticeKind, ShopEventKind } from '../proto/records.ts';
import { bidKeyOf, encodePayload, type TokenPayload } from '../proto/token.ts';
import type { Billing } from '../settings/exchange.ts';
import { openStore } from '../store/open-store.ts';
import { emptyRead, type Store } from '../store/ports.ts';
import { EventTracker } from './event-tracker.ts';
import { createTrackerMetrics, trackerMetricSpecs } from './tracker-metrics.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const AMOUNT_NANOS = 20_000;
const RESERVED_NANOS = 1_000;
const BIDS = 12;
const PERSONS = 3;
const CAMPAIGNS = ['winback', 'vip'] as const;

const BILLING: Billing = { banner: 'burl', video: 'impression', audio: 'burl', native: 'nurl' };

/** One thing that happens to a running service, by small numbers. */
export type Step =
  | { readonly do: 'lease'; readonly campaign: number; readonly lease: number }
  | { readonly do: 'bid'; readonly bid: number }
  | { readonly do: 'notice'; readonly bid: number; readonly kind: number; readonly price: number }
  | { readonly do: 'visit'; readonly person: number; readonly kind: number; readonly item: number }
  | { readonly do: 'mark' };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      campaign: fc.nat(1),
      lease: fc.nat(3),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('bid' as const), bid: fc.nat(BIDS - 1) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('notice' as const),
      bid: fc.nat(BIDS - 1),
      kind: fc.constantFrom(
        NoticeKind.WIN,
        NoticeKind.BILLING,
        NoticeKind.LOSS,
        NoticeKind.IMPRESSION,
      ),
      price: fc.nat(4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('visit' as const),
      person: fc.nat(PERSONS - 1),
      kind: fc.constantFrom(ShopEventKind.VIEW, ShopEventKind.CART, ShopEventKind.ORDER),
      item: fc.nat(5),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'mark' as const }) },
);

function budget(campaign: number) {
  return { campaign: `demo/${CAMPAIGNS[campaign]!}`, period: 'flight' };
}

function personOf(n: number): string {
  return `person0person00${n}`;
}

/** Everything about a bid follows from its number, so that any order of its notices makes sense. */
function tokenOf(bid: number): TokenPayload {
  return {
    format: AD_FORMATS[Math.floor(bid / 3) % AD_FORMATS.length]!,
    exchange: 'alpha',
    shop: 'demo',
    campaign: CAMPAIGNS[bid % 2]!,
    creative: 'banner1',
    bidId: `bid${bid}`,
    offer: '',
    person: personOf(bid % PERSONS),
    bidCpmMicros: 4_000,
    currency: 'USD',
    leaseId: `lease${bid % 4}`,
    period: 'flight',
    reservedNanos: RESERVED_NANOS,
    bidAtS: NOW_MS / 1000,
    items: [],
  };
}

/** The store, one log, one tracker. */
export class BareService {
  readonly store: Store;
  readonly #tracker: EventTracker;
  readonly #log: AppendLog;
  /** Campaigns that have a budget: without one no bid leaves, and no notice comes. */
  readonly #budgets = new Set<number>();
  #visits = 0;

  private constructor(store: Store, log: AppendLog, tracker: EventTracker) {
    this.store = store;
    this.#log = log;
    this.#tracker = tracker;
  }

  static async open(dir: string, machine: Machine): Promise<BareService> {
    const clock = { nowMs: () => NOW_MS, monotonicMs: systemClock.monotonicMs };
    const store = await openStore({ url: '', dir, clock, machine });
    const log = await openAppendLog({
      dir: join(dir, 'log'),
      writer: 'p0w0',
      segmentBytesMax: 500,
      flushMs: 0,
      queueBytesMax: 1_000_000,
      clock: systemClock,
    });
    const layout = new MetricsLayout(trackerMetricSpecs(['alpha']));
    const metrics = createTrackerMetrics(
      new MetricsBlock(layout, new ArrayBuffer(layout.byteLength)),
    );
    const onError = (error: unknown): never => {
      throw error;
    };
    const exchange = () => ({ billing: BILLING });
    const tracker = new EventTracker({
      store,
      log,
      exchange,
      clock,
      metrics,
      lossSeen: () => undefined,
      onError,
      markMs: 1e6,
    });
    return new BareService(store, log, tracker);
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'mark') return this.#tracker.mark();
    if (step.do === 'lease') return this.#lease(step);
    if (step.do === 'bid') return this.#reserve(tokenOf(step.bid));
    if (step.do === 'notice' && !this.#budgets.has(step.bid % 2)) return;
    const id = step.do === 'notice' ? `bid${step.bid}:${step.kind}` : `visit${this.#visits++}`;
    await this.#record({ id, atMs: NOW_MS + this.#visits * 1000, ...bodyOf(step) });
  }

  replay() {
    return this.#tracker.replay();
  }

  /** Lets go of everything; nothing is marked. */
  async end(): Promise<void> {
    this.#tracker.abandon();
    await this.#log.close();
    await this.store[Symbol.asyncDispose]();
  }

  async #lease({ campaign, lease }: Extract<Step, { do: 'lease' }>): Promise<void> {
    this.#budgets.add(campaign);
    await this.store.budgets.lease(budget(campaign), {
      leaseId: `lease${lease}`,
      wantedNanos: 3 * RESERVED_NANOS,
      amountNanos: AMOUNT_NANOS,
      ceilingNanos: AMOUNT_NANOS,
      nowMs: NOW_MS,
      expiresAtMs: NOW_MS + 300_000,
    });
  }

  #reserve({ shop, person, campaign, bidId }: TokenPayload): void {
    const reservation = {
      campaignKey: campaignKey(shop, campaign),
      bidKey: bidKeyOf(bidId),
      rules: [],
      expiresAtMs: NOW_MS + 100_000,
    };
    const receiver = { reserved: () => {} };
    this.store.caps.reserve({ shop, person, nowMs: NOW_MS }, [reservation], receiver);
  }

  async #record(event: EventRecord): Promise<void> {
    const error = await new Promise((done) => this.#tracker.record(event, done));
    expect(error).toBeNull();
    while (!this.#tracker.settled()) await new Promise((next) => setImmediate(next));
  }
}

function bodyOf(step: Extract<Step, { do: 'notice' | 'visit' }>): Partial<EventRecord> {
  if (step.do === 'notice') {
    const token = Buffer.from(encodePayload(tokenOf(step.bid)));
    const priceCpmMicros = 1_000 * step.price;
    return {
      notice: { kind: step.kind as 1, token, priceCpmMicros, priceKnown: true, lossCode: 102 },
    };
  }
  const items = [`sku-${step.item}`];
  const order = { orderId: `o${step.item}`, status: step.kind, revenueMicros: 1_000 };
  return {
    shop: { kind: step.kind as 1, shop: 'demo', person: personOf(step.person), items, ...order },
  };
}

/** What must be the same: money once leases have ended, impressions shown, what people did. */
export async function countsOf({ store }: BareService): Promise<unknown> {
  const budgets = [];
  for (const campaign of [0, 1]) {
    const ref = budget(campaign);
    await store.budgets.sweep(ref, NOW_MS + HOUR_MS);
    budgets.push((await store.budgets.read(ref))?.settledNanos ?? 0);
    budgets.push(await restOf(store, campaign));
  }
  const shown = [];
  const live = [];
  for (let n = 0; n < PERSONS; n++) {
    shown.push(shownTo(store, personOf(n)));
    live.push(readLiveFacts(await store.live.read('demo', personOf(n)), personOf(n)));
  }
  return { budgets, shown, live };
}

/** All that can still be leased. */
export function restOf(store: Store, campaign: number): Promise<number> {
  return store.budgets.lease(budget(campaign), {
    leaseId: 'rest',
    wantedNanos: 10 * AMOUNT_NANOS,
    amountNanos: AMOUNT_NANOS,
    ceilingNanos: AMOUNT_NANOS,
    nowMs: NOW_MS,
    expiresAtMs: NOW_MS + HOUR_MS,
  });
}

/** Confirmed impressions as `campaign key/bid key`. */
export function shownTo(store: Store, person: string): string[] {
  const read = { ...emptyRead(), shop: 'demo', person, wantProfile: false };
  store.hot.readPerson(read, { personRead: () => {} });
  const log = Buffer.from(read.exposures ?? []);
  const shown = [];
  for (let at = 0; at < log.length; at += EXPOSURE_BYTES) {
    if (log.readUInt32LE(at + 4) !== CONFIRMED) continue;
    shown.push(`${log.readUInt32LE(at)}/${log.readDoubleLE(at + 16)}`);
  }
  return shown.sort();
}
