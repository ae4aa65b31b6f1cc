/**
 * The validator over requests that are made of what restricts a bid, each in several spellings, good
 * and bad: corpora hold few that this shop runs into.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { campaign, DAY_MS, NOW_MS, snapshotOf } from '../bidder/auction/shop.contract.ts';
import type { Snapshot } from '../bidder/auction/snapshot.ts';
import { EXCHANGE, openBench } from '../bidder/bidder.contract.ts';
import { violationsOf, type WireAnswer } from '../certify/answers/answer-violations.ts';
import type { PublishedShop } from '../settings/published-shop.ts';

const PER_USD = { USD: 1, EUR: 0.5, JPY: 150 };
const RUNS = 3000;

/** Absent more often than not, so that many a request can be bid on. */
const maybe = (...values: unknown[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );

const deal = fc.record({
  id: fc.constantFrom('d', 'e', 7, '7', 'other', ''),
  bidfloor: maybe(0, 1, '19.999999', 1e-7, -1, 'x', 3000, null),
  bidfloorcur: maybe('USD', 'eur', 'JPY', 'XTS', ''),
  at: maybe(1, 2, 3, '3', null),
  guar: maybe(0, 1, '1'),
  wseat: maybe(['seat-1'], ['x'], 'seat-1', [], [null]),
  wadomain: maybe(['acme.example'], ['Shop.Acme.example.'], ['x.example'], [], [null]),
});

const imp = fc.record({
  id: fc.constantFrom('1', '2', 3, '3', '4', 5, 'ü"<\u2028', ''),
  banner: fc.record({
    w: fc.constantFrom(300, '300', 728, 0),
    h: fc.constantFrom(250, '250', 90, 1, null),
    format: fc.subarray([
      { w: 300, h: 250 },
      { w: '728', h: 90 },
      { w: 5, h: 5 },
      { wratio: 6, hratio: 5 },
      null,
    ]),
    battr: maybe([1], ['1'], [1.0, 'x'], 1, '1', [2, null], []),
    btype: maybe([1, 3, 4], [2], ['2'], 2, [1, 2]),
    mimes: maybe(['text/html'], 'text/html', ['image/png'], ['Text/HTML', 'x'], []),
  }),
  video: maybe({ mimes: ['video/mp4'] }),
  bidfloor: maybe(0, 1, 19.999_999, 20, '7.5', 1e-7, -1, 'x', 3000, null, true),
  bidfloorcur: maybe('USD', 'eur', 'JPY', 'XTS', '', null, 'US', 5),
  secure: maybe(0, 1, '1', true, 2),
  instl: maybe(0, 1, '1', true),
  pmp: fc.oneof(
    { weight: 2, arbitrary: maybe({ private_auction: '1' }, { private_auction: true }) },
    {
      weight: 1,
      arbitrary: fc.record({
        private_auction: maybe(0, 1, '1', true),
        deals: fc.array(deal, { minLength: 1, maxLength: 3 }),
      }),
    },
  ),
  exp: maybe(0, 60, '9', -5),
});

const request = fc.record({
  id: fc.constantFrom('r', 'é"\\', 12, '</script>'),
  imp: fc.array(imp, { minLength: 1, maxLength: 4 }),
  cur: maybe(['EUR'], ['usd'], 'EUR', ['XTS'], [], ['', 'JPY'], [null], null),
  wseat: maybe(['seat-1'], ['x', 'seat-1'], ['x'], 'x', 'seat-1', ['Seat-1'], [], [null], null),
  bseat: maybe(['seat-1'], ['x'], 'seat-1', ['Seat-1'], []),
  bcat: maybe(['IAB22'], ['iab22-1'], 'IAB22', ['IAB2'], ['IAB22-11'], [22], []),
  acat: maybe(['IAB22'], ['iab22-1'], ['IAB2'], 'IAB22', [], ['IAB22-1', 'IAB3']),
  cattax: maybe(1, '1', 2, 6, null),
  badv: maybe(
    ['acme.example'],
    ['SHOP.Acme.example.'],
    'acme.example',
    ['me.example'],
    ['https://shop.acme.example'],
    ['acme.example/'],
    ['acme.example/x'],
    ['.acme.example'],
    ['example'],
    ['*.acme.example'],
    [],
  ),
  wlang: maybe(['en'], ['EN'], ['fr'], 'fr', [], [null]),
  wlangb: maybe(['en-GB'], ['fr-CA']),
  test: maybe(0, 1),
  device: fc.record({ w: maybe(320, 400, '1000', 0), h: maybe(480, 700, 1000) }),
  user: fc.record({ buyeruid: maybe('c-anna', 'c-boris') }),
});

it.each([
  { multiBid: false, bids: 'one bid on an imp' },
  { multiBid: true, bids: 'several bids on an imp' },
])('promise 8: no bid breaks a restriction, however it is written: $bids', async ({ multiBid }) => {
  await using bench = await openBench(snapshot(), { exchange: { ...EXCHANGE, multiBid } });
  let answered = 0;
  fc.assert(
    fc.property(request, (made) => {
      // As it is on the wire: what is undefined is not there.
      const sent = JSON.parse(JSON.stringify(made));
      const { status, body } = bench.post(sent);
      if (status === 200) answered += 1;
      expect(violationsOf(sent, wire(status, body), { perUsd: PER_USD })).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect(bench.errors).toEqual([]);
  expect(answered).toBeGreaterThan(RUNS / 20);
});

/** The corpora are asked over a socket, this one is not: its headers are those that belong there. */
function wire(status: number, text: string): WireAnswer {
  const body = Buffer.from(text);
  const length = String(body.byteLength);
  const headers = { 'content-type': 'application/json', 'content-length': length };
  return { status, headers: status === 200 ? headers : {}, body };
}

function snapshot(): Snapshot {
  const shared = {
    startMs: NOW_MS - DAY_MS,
    sizes: ['300x250', '728x90', '320x480'],
    // Far above every price, so that the first lease lasts.
    maxCpmMicros: 100_000_000_000,
    budgetNanos: 1_000_000_000_000_000,
  };
  const campaigns = [[1], [2], [], []].map((attributes, i) =>
    campaign(`open-${i}`, { ...shared, attributes, multiplier: 9 - i }),
  );
  const deals = { ...shared, deals: ['d', 'e', '7'], openAuction: false };
  campaigns.push(campaign('deals-1', deals), campaign('deals-2', { ...deals, attributes: [1] }));
  const rates = { asOfMs: NOW_MS, maxAgeMs: DAY_MS, perReference: PER_USD };
  return snapshotOf(campaigns, { rates }, someInsecure);
}

function someInsecure(shop: PublishedShop): PublishedShop {
  const items = shop.catalogue.items.map((item, i) =>
    i % 3 === 0 ? { ...item, imageUrl: item.imageUrl.replace('https:', 'http:') } : item,
  );
  return { ...shop, catalogue: { ...shop.catalogue, items } };
}
