/** One notice of a bid is money, by its exchange and format; all of them together are one impression. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentName } from '../platform/append-log-format.ts';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { AD_FORMATS, type AdFormat } from '../proto/ad-format.ts';
import { type EventRecord, NoticeKind } from '../proto/records.ts';
import { encodePayload } from '../proto/token.ts';
import { billedBy } from '../settings/billing-section.ts';
import { BILLING_SOURCES, type Billing, type BillingSource } from '../settings/exchange.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';
import { applyEvent, budgetOf } from './apply-event.ts';
import { shownTo } from './bare-service.contract.ts';
import { createTrackerMetrics, trackerMetricSpecs } from './tracker-metrics.ts';
import { NOW_MS, openRig, type Rig, reserveBid, TOKEN, until } from './tracker-rig.contract.ts';
import { WinPriceBook } from './win-price-book.ts';

/** What each notice says was paid of a bid of 1,800,000 nanos: the amount tells which one was booked. */
const TOLD = {
  n: { source: 'nurl', kind: NoticeKind.WIN, priceCpmMicros: 1_500_000, nanos: 1_350_000 },
  b: { source: 'burl', kind: NoticeKind.BILLING, priceCpmMicros: 1_000_000, nanos: 900_000 },
  i: { source: 'impression', kind: NoticeKind.IMPRESSION, priceCpmMicros: 0, nanos: 1_800_000 },
} as const;
type Letter = keyof typeof TOLD;
const LETTERS = Object.keys(TOLD) as Letter[];
const ORDERS = ['nbi', 'nib', 'bni', 'bin', 'inb', 'ibn'].map((order) => [...order] as Letter[]);

/** `source` for this format alone: asked for any other one, another notice would book. */
function onlyFor(format: AdFormat, source: BillingSource): Billing {
  const other = BILLING_SOURCES[(BILLING_SOURCES.indexOf(source) + 1) % BILLING_SOURCES.length]!;
  return { ...billedBy(other), [format]: source };
}

/** What the i-th notice books, and how often the ad has been shown by then; from the fourth on they repeat. */
function countedAt(order: readonly Letter[], i: number, source: BillingSource): [number, number] {
  const told = order.slice(0, i + 1);
  const { source: itsOwn, nanos } = TOLD[order[i % order.length]!];
  const isDue = i < order.length && itsOwn === source;
  return [isDue ? nanos : 0, told.some((letter) => letter !== 'n') ? 1 : 0];
}

/** What the notice books, nanos. */
async function bookedBy(rig: Rig, letter: Letter, token: Partial<typeof TOKEN>): Promise<number> {
  const before = (await rig.budget()).settledNanos;
  const { priceCpmMicros } = TOLD[letter];
  await rig.get(rig.notice(letter, token, priceCpmMicros ? `&p=${priceCpmMicros / 1e6}` : ''));
  await until(() => rig.tracker.settled());
  return (await rig.budget()).settledNanos - before;
}

describe.each(AD_FORMATS)('an ad in format %s', (format) => {
  it.each(BILLING_SOURCES)(
    'billed by %s is booked by that alone and counts once',
    async (source) => {
      await using rig = await openRig({ billing: onlyFor(format, source) });
      await reserveBid(rig.store);
      for (const [n, order] of ORDERS.entries()) {
        const token = { format, bidId: `bid${n}` };
        for (const [i, letter] of [...order, ...order].entries()) {
          const booked = await bookedBy(rig, letter, token);
          const shown = shownTo(rig.store, TOKEN.person).length - n;
          expect([order, i, booked, shown]).toEqual([order, i, ...countedAt(order, i, source)]);
        }
      }
      expect(rig.count('rekindle_settlements_total', 'duplicate')).toBe(ORDERS.length);
      expect(rig.errors).toEqual([]);
    },
  );

  it('of an exchange that is gone is billed by its burl', async () => {
    await using rig = await openRig({ billing: 'impression' });
    await reserveBid(rig.store);
    const token = { format, exchange: 'gone' };
    const booked = [];
    for (const letter of LETTERS) booked.push(await bookedBy(rig, letter, token));
    // No settings say how its prices are written, so they are read as plain ones.
    expect(booked).toEqual([0, 900_000, 0]);
  });
});

describe('promise 1 and promise 4: notices of ads in every format', () => {
  const metricsOf = () => {
    const layout = new MetricsLayout(trackerMetricSpecs(['alpha']));
    return createTrackerMetrics(new MetricsBlock(layout, new ArrayBuffer(layout.byteLength)));
  };
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
  let dir: string;
  let store: Store;
  let runs = 0;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'billing-'));
    store = await openStore({ url: '', dir, clock });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  interface Told {
    readonly bid: number;
    readonly letter: Letter | 'l';
  }

  /** Applies them to a budget and a person of their own, and says what has been counted. */
  async function countsOf(billing: Billing, notices: readonly Told[]): Promise<object> {
    const name = `run${++runs}`;
    const token = { ...TOKEN, campaign: name, person: name.padStart(16, '0') };
    const budget = budgetOf(token);
    await store.budgets.lease(budget, {
      leaseId: token.leaseId,
      wantedNanos: 20_000_000,
      amountNanos: 20_000_000,
      ceilingNanos: 20_000_000,
      nowMs: NOW_MS,
      expiresAtMs: NOW_MS + 60_000,
    });
    const metrics = metricsOf();
    const winPrices = new WinPriceBook(store, clock);
    const exchange = () => ({ billing });
    const deps = { store, exchange, clock, metrics, winPrices, lossSeen: () => undefined };
    for (const { bid, letter } of notices) {
      const bidId = `${name}-${bid}`;
      const payload = encodePayload({ ...token, bidId, format: AD_FORMATS[bid]! });
      await applyEvent(deps, eventOf(letter, bidId, payload));
    }
    const { settledNanos, lateNanos } = (await store.budgets.read(budget))!;
    return { settledNanos, lateNanos, shown: shownTo(store, token.person).length };
  }

  it('law: come in any order and any number to the same money and the same impressions', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record(
          Object.fromEntries(AD_FORMATS.map((f) => [f, fc.constantFrom(...BILLING_SOURCES)])),
        ),
        fc.array(
          fc.record({
            bid: fc.nat(AD_FORMATS.length - 1),
            letter: fc.constantFrom<Told['letter']>(...LETTERS, 'l'),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        fc.infiniteStream(fc.nat()),
        async (drawn, notices, chance) => {
          const billing = drawn as Record<AdFormat, BillingSource>;
          const due = new Map<number, number>();
          for (const { bid, letter } of notices)
            if (letter !== 'l' && TOLD[letter].source === billing[AD_FORMATS[bid]!])
              due.set(bid, TOLD[letter].nanos);
          const shown = new Set(
            notices.filter(({ letter }) => /[bi]/.test(letter)).map(({ bid }) => bid),
          );
          const expected = {
            settledNanos: [...due.values()].reduce((sum, nanos) => sum + nanos, 0),
            lateNanos: 0,
            shown: shown.size,
          };
          expect(await countsOf(billing, notices)).toEqual(expected);
          // Every one of them twice, shuffled: as a log that is replayed over what came meanwhile.
          const again = [...notices, ...notices]
            .map((notice) => ({ notice, at: chance.next().value! }))
            .sort((a, b) => a.at - b.at)
            .map(({ notice }) => notice);
          expect(await countsOf(billing, again)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    ));

  it('are replayed from a log of before there were formats as what they were, banners', async () => {
    const before =
      '1.alpha.demo.winback.banner1.bid1.personpersonpers.16v7k.USD.lease1.flight.12kw0.towk00.spring.sku-1~sku-2';
    const billing = onlyFor('banner', 'burl');
    const rig = await openRig({ billing });
    await reserveBid(rig.store);
    for (const letter of LETTERS) await record(rig, eventOf(letter, TOKEN.bidId, before));
    await until(() => rig.tracker.settled());
    expect((await rig.budget()).settledNanos).toBe(TOLD.b.nanos);
    const counted = [await rig.budget(), shownTo(rig.store, TOKEN.person)];
    await rig.crash();
    await using again = await openRig({ dir: rig.dir, billing });
    await again.store.marks.set(`event-log/${segmentName('p0w0', 1)}`, '0');
    expect(await again.tracker.replay()).toMatchObject({ events: LETTERS.length, damaged: [] });
    expect([await again.budget(), shownTo(again.store, TOKEN.person)]).toEqual(counted);
    // The bid's notices that come by HTTP now are the same ones.
    for (const letter of LETTERS) expect(await bookedBy(again, letter, {})).toBe(0);
  });
});

function eventOf(letter: Letter | 'l', bidId: string, payload: string): EventRecord {
  const token = Buffer.from(payload);
  const id = `${bidId}:${letter}`;
  if (letter === 'l')
    return { atMs: NOW_MS, id, notice: { kind: NoticeKind.LOSS, token, lossCode: 102 } };
  const { kind, priceCpmMicros } = TOLD[letter];
  const priceKnown = priceCpmMicros > 0;
  return { atMs: NOW_MS, id, notice: { kind, token, priceCpmMicros, priceKnown } };
}

function record(rig: Rig, event: EventRecord): Promise<unknown> {
  return new Promise((done) => rig.tracker.record(event, done));
}
