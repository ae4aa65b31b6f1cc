import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tcf, vendorBits } from '../privacy/consent-text.contract.ts';
import type { PersonRead, PersonReceiver, Store } from '../store/ports.ts';
import { campaign, DAY_MS, SHOP, snapshotOf, VENDOR } from './auction/shop.contract.ts';
import { type Answer, bidRequest, openBench, settled } from './bidder.contract.ts';

// biome-ignore lint/suspicious/noExplicitAny: a parsed answer, looked into by tests.
function bidsOf(answer: Answer): any[] {
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body).seatbid[0].bid;
}

const everybody = snapshotOf([campaign('open')]);
const loyal = campaign('loyal-only', { anyOf: ['loyal'] });

/** The store's hot ports behind a switch: they fail, or stay silent until told to answer. */
function troubled(mode: { kind: 'ok' | 'fails' | 'hangs' }) {
  const held: (() => void)[] = [];
  const wrap = (real: Store): Store => ({
    ...real,
    hot: {
      holdsBlanks: false,
      worthRemembering: false,
      readPerson(read: PersonRead, receiver: PersonReceiver) {
        if (mode.kind === 'ok') real.hot.readPerson(read, receiver);
        else if (mode.kind === 'hangs') held.push(() => real.hot.readPerson(read, receiver));
        else {
          read.failed = true;
          receiver.personRead(read);
        }
      },
    },
  });
  return { wrap, held };
}

describe('promise 7: a person is looked for in the name of a vendor that has consent', () => {
  const OTHER_VENDOR = 12;
  const loyalIn = (vendor: number, name: string) =>
    snapshotOf([campaign(name, { anyOf: ['loyal'] })], {}, (shop) => ({
      ...shop,
      settings: { ...shop.settings, consentVendor: vendor },
    })).shops[0]!;
  const twoShops = snapshotOf([], {
    shops: [loyalIn(VENDOR, 'ours'), loyalIn(OTHER_VENDOR, 'theirs'), loyalIn(0, 'nobody')],
    consentVendors: [VENDOR, OTHER_VENDOR],
  });
  const inEurope = (consent: string) => {
    const user = { buyeruid: 'c-anna', consent };
    return bidRequest(null, { user, regs: { gdpr: 1 } });
  };

  it('shop by shop', async () => {
    await using bench = await openBench(twoShops);
    const consents = [
      [tcf({}), ['ours']],
      [tcf({ vendors: vendorBits(OTHER_VENDOR, [OTHER_VENDOR]) }), ['theirs']],
    ] as const;
    for (const [consent, campaigns] of consents) {
      const bids = bidsOf(await settled(bench.post(inEurope(consent))));
      expect(bids.map(({ cid }) => cid)).toEqual(campaigns);
    }
    expect((await settled(bench.post(inEurope(tcf({ consents: [1] }))))).status).toBe(204);
    expect(bench.errors).toEqual([]);
  });

  it('and nothing about anybody else is read', async () => {
    const asked: string[] = [];
    const watched = (real: Store): Store => ({
      ...real,
      hot: {
        holdsBlanks: false,
        worthRemembering: false,
        readPerson(read: PersonRead, receiver: PersonReceiver) {
          asked.push(read.shop);
          real.hot.readPerson(read, receiver);
        },
      },
    });
    await using bench = await openBench(twoShops, { store: watched });
    await settled(bench.post(inEurope(tcf({}))));
    await settled(bench.post(inEurope('')));
    expect(asked).toEqual([SHOP]);
  });
});

describe('promise 9: in time, whatever the store does', () => {
  const capped = campaign('capped', {
    multiplier: 2,
    caps: [{ scope: 'campaign', impsMax: 9, windowMs: DAY_MS }],
  });
  it('bids without the person when the store cannot answer, but not where counts are needed', async () => {
    const mode: { kind: 'ok' | 'fails' | 'hangs' } = { kind: 'ok' };
    const proto = troubled(mode);
    await using bench = await openBench(snapshotOf([campaign('open'), capped]), {
      store: proto.wrap,
    });
    expect(bidsOf(await settled(bench.post(bidRequest('anna'))))[0].cid).toBe('capped');
    mode.kind = 'fails';
    expect(bidsOf(bench.post(bidRequest('anna')))[0].cid).toBe('open');
  });
  it('answers 204 at the deadline of a store that hangs, once, and recovers', async () => {
    const mode: { kind: 'ok' | 'fails' | 'hangs' } = { kind: 'ok' };
    const { wrap, held } = troubled(mode);
    await using bench = await openBench(snapshotOf([campaign('open')]), {
      store: wrap,
      deadlineMs: 20,
    });
    mode.kind = 'hangs';
    const answers = [1, 2, 3].map(() => bench.post(bidRequest('anna')));
    expect(answers.map(({ status }) => status)).toEqual([0, 0, 0]);
    await sleep(60);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    for (const answer of held) answer();
    mode.kind = 'ok';
    expect(bench.post(bidRequest('anna')).status).toBe(200);
    expect(bench.errors).toEqual([]);
  });
  it('lets fewer and fewer wait for a store that hangs', async () => {
    const { wrap } = troubled({ kind: 'hangs' });
    await using bench = await openBench(everybody, { store: wrap });
    const waiting: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answers = Array.from({ length: 1200 }, () => bench.post(bidRequest('anna')));
      waiting.push(answers.filter(({ status }) => status === 0).length);
      await sleep(120);
    }
    expect(waiting).toEqual([1000, 700, 490]);
  });
  it('ends no request by the deadline of the one that its job answered before', async () => {
    const mode: { kind: 'ok' | 'fails' | 'hangs' } = { kind: 'hangs' };
    const { wrap, held } = troubled(mode);
    await using bench = await openBench(snapshotOf([campaign('open')]), {
      store: wrap,
      deadlineMs: 400,
    });
    const first = bench.post(bidRequest('anna', { tmax: 1000 }));
    await sleep(200);
    held.shift()!();
    expect(first.status).toBe(200);
    const second = bench.post(bidRequest('anna', { tmax: 1000 }));
    await sleep(250);
    expect(second.status).toBe(0);
    held.shift()!();
    expect(second.status).toBe(200);
  });
  it('does not begin what it cannot end in time', async () => {
    await using bench = await openBench(everybody);
    expect(bench.post(bidRequest('anna', { tmax: 25 })).status).toBe(204);
    expect(bench.metrics.snapshot()[bench.metrics.slot('rekindle_nobid_total', 'too-late')]).toBe(
      1,
    );
  });
  it.each([
    ['', 24, 200],
    ['overloaded', 26, 204],
    ['too-late', 20, 204],
  ])(
    'says %j to a request that may have waited %i of its 50 ms unread',
    async (reason, waited, status) => {
      await using bench = await openBench(everybody, { waitedMs: () => waited });
      // Of this tmax 28 ms are ours: after 20 unread ones too little is left.
      const more = reason === 'too-late' ? { tmax: 46 } : {};
      expect(bench.post(bidRequest('anna', more)).status).toBe(status);
      if (reason === '') return;
      const slot = bench.metrics.slot('rekindle_nobid_total', reason);
      expect(bench.metrics.snapshot()[slot]).toBe(1);
    },
  );
  it('refuses what waited too long before it reads a byte of it', async () => {
    let waitedMs = 0;
    await using bench = await openBench(everybody, { waitedMs: () => waitedMs });
    expect(bench.post('no request').status).toBe(400);
    waitedMs = 30;
    expect(bench.post('no request').status).toBe(204);
  });
  it('bids nothing that it could not put on record', async () => {
    await using bench = await openBench(everybody);
    bench.logState = 'full';
    expect(bench.post(bidRequest('anna')).status).toBe(204);
  });
});

describe('promise 8: no bid breaks the request', () => {
  const cases: readonly [string, object, object, string][] = [
    ['a floor above the price', {}, { bidfloor: 900 }, 'below-floor'],
    ['another size', {}, { banner: { w: 200, h: 200 } }, 'size-not-offered'],
    ['a blocked category’s child', { bcat: ['IAB22'] }, {}, 'blocked-category'],
    ['a blocked category in small letters', { bcat: ['IaB22'] }, {}, 'blocked-category'],
    ['a blocked category in other letters', { bcat: ['iAB22'] }, {}, 'blocked-category'],
    ['a taxonomy it cannot compare', { bcat: ['483'], cattax: 7 }, {}, 'category-taxonomy-unknown'],
    ['a blocked parent domain', { badv: ['Acme.example.'] }, {}, 'blocked-advertiser'],
    ['a blocked site’s address', { badv: ['http://Acme.example/'] }, {}, 'blocked-advertiser'],
    ['another language', { wlang: ['fr', 'de'] }, {}, 'language-not-allowed'],
    ['another language’s tag', { wlangb: ['fr-CA'] }, {}, 'language-not-allowed'],
    ['other seats', { wseat: ['other'] }, {}, 'seat-not-allowed'],
    ['its own seat blocked', { bseat: ['seat-1'] }, {}, 'seat-not-allowed'],
    ['currencies it does not bid in', { cur: ['JPY'] }, {}, 'bid-currency-not-allowed'],
    [
      'a floor in an unknown currency',
      {},
      { bidfloorcur: 'XTS', bidfloor: 1 },
      'floor-currency-unknown',
    ],
    ['a private auction', {}, { pmp: { private_auction: 1 } }, 'private-auction'],
  ];
  for (const [name, more, imp, reason] of cases) {
    it(`stays silent for ${name}`, async () => {
      await using bench = await openBench(everybody);
      expect(bench.post(bidRequest('anna', more, imp)).status).toBe(204);
      expect(bench.metrics.snapshot()[bench.metrics.slot('rekindle_nobid_total', reason)]).toBe(1);
    });
  }
  it('stays silent on https-only places while its own URLs are http', async () => {
    await using bench = await openBench(snapshotOf([campaign('open')], { secureUrls: false }));
    expect(bench.post(bidRequest('anna')).status).toBe(204);
    expect(bench.post(bidRequest('anna', {}, { secure: 0 })).status).toBe(200);
  });
  it.each([
    { wlang: ['fr', 'EN'] },
    { wlangb: ['en-GB'] },
    { wlang: [] },
    { wlang: ['fr'], wlangb: ['en'] },
  ])('bids in a language that is allowed: %j', async (more) => {
    await using bench = await openBench(everybody);
    expect(bench.post(bidRequest('anna', more)).status).toBe(200);
  });
  it('bids in the request’s currency, converted', async () => {
    await using bench = await openBench(everybody);
    const [usd] = bidsOf(bench.post(bidRequest('anna')));
    const answer = bench.post(bidRequest('anna', { cur: ['EUR'] }));
    expect(JSON.parse(answer.body).cur).toBe('EUR');
    expect(bidsOf(answer)[0].price).toBeCloseTo(usd.price / 2, 5);
  });
  it('wants a segment’s people only', async () => {
    await using bench = await openBench(snapshotOf([loyal]));
    expect(bench.post(bidRequest('anna')).status).toBe(200);
    expect(bench.post(bidRequest('boris')).status).toBe(204);
    expect(bench.post(bidRequest('nobody-knows')).status).toBe(204);
    const counted = (reason: string) =>
      bench.metrics.snapshot()[bench.metrics.slot('rekindle_nobid_total', reason)];
    expect([counted('segment-not-targeted'), counted('unmatched-user')]).toEqual([1, 1]);
  });
});
