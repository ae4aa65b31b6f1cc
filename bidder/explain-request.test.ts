import { expect, it } from 'vitest';
import { tcf } from '../privacy/consent-text.contract.ts';
import { LinkFilter, linkFilterBytes } from '../proto/link-filter.ts';
import type { Store } from '../store/ports.ts';
import { campaign, NOW_MS, snapshotOf, VENDOR } from './auction/shop.contract.ts';
import { bidRequest, EXCHANGE, KEY, openBench } from './bidder.contract.ts';
import { explainRequest, type Trace } from './explain-request.ts';
import { openrtbProto, toProtobuf } from './openrtb/openrtb-proto.contract.ts';
import { NO_SUPPLY_INDEX } from './supply/supply-refusal.ts';

const SNAPSHOT = snapshotOf([
  campaign('open'),
  campaign('strong', { anyOf: ['loyal'], multiplier: 3 }),
  campaign('abroad', { countries: ['DEU'] }),
]);

const DEPS = { snapshot: SNAPSHOT, supply: NO_SUPPLY_INDEX, key: KEY, publicUrl: '' };
const READ_MS = 5;
const BUDGET_MS = 2;

/** The clock moves only while the store is asked: a person takes 5 ms, each of three budgets 2. */
async function explain(
  request: object,
  snapshot = SNAPSHOT,
  exchange = EXCHANGE,
): Promise<{ trace: Trace; price: number | null }> {
  await using bench = await openBench(snapshot, { exchange });
  const answer = bench.post(request);
  const price = answer.status === 200 ? JSON.parse(answer.body).seatbid[0].bid[0].price : null;
  const { hot, budgets, learned } = bench.store;
  let monotonicMs = 1000;
  const store: Pick<Store, 'hot' | 'budgets' | 'learned'> = {
    learned,
    hot: {
      ...hot,
      readPerson: (read, receiver) => {
        monotonicMs += READ_MS;
        hot.readPerson(read, receiver);
      },
    },
    budgets: {
      ...budgets,
      read: (budget) => {
        monotonicMs += BUDGET_MS;
        return budgets.read(budget);
      },
    },
  };
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => monotonicMs };
  const deps = {
    snapshot,
    exchange,
    store,
    supply: NO_SUPPLY_INDEX,
    key: KEY,
    publicUrl: 'https://a.b',
    clock,
  };
  const trace = await explainRequest(deps, Buffer.from(JSON.stringify(request)));
  return { trace, price };
}

const stepsOf = ({ steps }: Trace) => steps.map(({ name, ms }) => `${name} ${ms}`).join(', ');

it('says that what it would bid is larger than the exchange takes', async () => {
  const exchange = { ...EXCHANGE, limits: { ...EXCHANGE.limits, markupBytes: 1500 } };
  const { trace, price } = await explain(bidRequest('anna'), SNAPSHOT, exchange);
  expect([trace.decision.reason, price]).toEqual(['markup-too-large', null]);
});

it('says who was recognised, by what, and which rule of which line says so', async () => {
  const { trace } = await explain(bidRequest('anna'));
  expect(trace.recognisedBy).toEqual([{ shop: 'acme', space: 'cookie' }]);
  expect(trace.explained!.persons[0]!.segments).toMatchObject([
    { segment: 'existing', at: { file: 'segments/x.yaml', line: 3 }, shapes: false },
    { segment: 'loyal', shapes: true },
  ]);
});

it('recognises as the bid does: by the same filter of the generation', async () => {
  const linkFilter = new LinkFilter(new ArrayBuffer(linkFilterBytes(0)));
  const shops = SNAPSHOT.shops.map((shop) => ({ ...shop, linkFilter }));
  const { trace, price } = await explain(bidRequest('anna'), { ...SNAPSHOT, shops });
  expect(trace.recognisedBy).toEqual([{ shop: 'acme', space: null }]);
  expect(trace.explained!.bids[0]!.priceCpmMicros).toBe(Math.round(price! * 1e6));
});

it('names what every campaign lost by, and bids what the bidder bid', async () => {
  const { trace, price } = await explain(bidRequest('anna'));
  const fates = trace.explained!.candidates.map(({ campaign: name, rejectedBy }) => [
    name,
    rejectedBy,
  ]);
  expect(Object.fromEntries(fates)).toEqual({
    abroad: 'country-not-targeted',
    open: 'outbid',
    strong: null,
  });
  expect(trace.explained!.bids[0]!.priceCpmMicros).toBe(Math.round(price! * 1e6));
  expect(trace.explained!.bids[0]!.items[0]).toMatchObject({ id: 'i5', why: 'bought-with' });
});

it('explains a silence with the reason that was counted', async () => {
  const { trace, price } = await explain(bidRequest('anna', { wseat: ['other'] }));
  expect([trace.decision, price]).toEqual([
    { kind: 'no-bid', reason: 'seat-not-allowed', nbr: 0 },
    null,
  ]);
});

it('shows that without consent nobody was recognised', async () => {
  const { trace } = await explain(bidRequest('anna', { regs: { gdpr: 1 } }));
  expect([trace.privacy, trace.recognisedBy]).toEqual(['gdpr', [{ shop: 'acme', space: null }]]);
});

it('shows that consent to another vendor is none to this shop', async () => {
  const regs = { gdpr: 1 };
  const request = bidRequest(null, { regs, user: { buyeruid: 'c-anna', consent: tcf({}) } });
  for (const [vendor, space] of [
    [VENDOR, 'cookie'],
    [VENDOR + 1, null],
  ] as const) {
    const vendors = { consentVendors: [VENDOR, VENDOR + 1] };
    const snapshot = snapshotOf([campaign('open')], vendors, (shop) => ({
      ...shop,
      settings: { ...shop.settings, consentVendor: vendor },
    }));
    const { trace } = await explain(request, snapshot);
    expect([trace.privacy, trace.recognisedBy]).toEqual(['allowed', [{ shop: 'acme', space }]]);
  }
});

it('says how long each step of a bid took', async () => {
  const { trace } = await explain(bidRequest('anna'));
  expect(stepsOf(trace)).toBe('decode 0, recognise 5, budgets 6, decide 0, creative 0, encode 0');
});

it('ends its steps where the request ended', async () => {
  const seat = await explain(bidRequest('anna', { wseat: ['other'] }));
  expect(stepsOf(seat.trace)).toBe('decode 0');
  const blocked = await explain(bidRequest('anna', { badv: ['acme.example'] }));
  expect(blocked.trace.decision.kind).toBe('no-bid');
  expect(stepsOf(blocked.trace)).toBe('decode 0, recognise 5, budgets 6, decide 0');
});

it('ends at a supply path that is not bought, as the bidder does', async () => {
  const supply = {
    domain: 'ssp.example',
    adsTxt: 'require',
    sellersJson: 'ignore',
    schain: 'ignore',
    nodesMax: 5,
    blocked: [],
  } as const;
  const { trace, price } = await explain(bidRequest('anna'), SNAPSHOT, { ...EXCHANGE, supply });
  expect(trace.decision).toEqual({ kind: 'no-bid', reason: 'ads-txt-unavailable', nbr: 11 });
  expect(price).toBeNull();
});

it('reads the format that the exchange speaks, or the one that is named', async () => {
  await using bench = await openBench(SNAPSHOT);
  const exchange = { ...EXCHANGE, format: 'protobuf' } as const;
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
  const deps = { ...DEPS, exchange, store: bench.store, clock };
  // A flag of protobuf is a boolean, which JSON may have too.
  const json = bidRequest('anna', {}, { secure: true });
  const bytes = toProtobuf(openrtbProto(false), 'BidRequest', json);
  const asJson = Buffer.from(JSON.stringify(json));
  const trace = await explainRequest(deps, bytes);
  expect([trace.decision.kind, trace.recognisedBy[0]!.space]).toEqual(['bid', 'cookie']);
  expect(stepsOf(trace)).toContain('encode');
  expect(await explainRequest(deps, asJson, 'json')).toEqual(trace);
  const { decision } = await explainRequest(deps, asJson);
  expect(decision.reason).toBe('unreadable');
  expect(await explainRequest({ ...deps, exchange: EXCHANGE }, bytes, 'protobuf')).toEqual(trace);
});

it('keeps people apart who are explained at the same time', async () => {
  await using bench = await openBench(SNAPSHOT);
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 };
  const deps = { ...DEPS, exchange: EXCHANGE, store: bench.store, clock };
  const ask = (name: string) => explainRequest(deps, Buffer.from(JSON.stringify(bidRequest(name))));
  const together = await Promise.all([ask('anna'), ask('boris')]);
  expect(together).toEqual([await ask('anna'), await ask('boris')]);
});
