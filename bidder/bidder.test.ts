import { describe, expect, it } from 'vitest';
import { encodeUrl } from '../creative/encode-slot.ts';
import { campaignKey, EXPOSURE_BYTES } from '../proto/exposure-log.ts';
import { decodeEvent, encodeLiveFacts } from '../proto/records.ts';
import { decodePayload, verifyToken } from '../proto/token.ts';
import type { Store } from '../store/ports.ts';
import { campaign, DAY_MS, NOW_MS, SHOP, snapshotOf } from './auction/shop.contract.ts';
import { type Answer, type Bench, bidRequest, KEY, openBench, settled } from './bidder.contract.ts';

// biome-ignore lint/suspicious/noExplicitAny: a parsed answer, looked into by tests.
function bidsOf(answer: Answer): any[] {
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body).seatbid[0].bid;
}

const everybody = snapshotOf([campaign('open')]);

/** Answers on a later turn, as a store behind a network does, where remembering saves a journey. */
const distant = (real: Store): Store => ({
  ...real,
  hot: {
    holdsBlanks: false,
    worthRemembering: true,
    readPerson: (read, receiver) => {
      setImmediate(() => real.hot.readPerson(read, receiver));
    },
  },
  available: () => true,
});

describe('a bid', () => {
  it('carries every field an exchange asks for, and tokens that verify', async () => {
    await using bench = await openBench(everybody);
    const answer = bench.post(bidRequest('anna', { id: 'r "1" ü' }, { id: 'imp ü' }));
    const response = JSON.parse(answer.body);
    const [bid] = bidsOf(answer);
    expect(response).toMatchObject({
      id: 'r "1" ü',
      cur: 'USD',
      bidid: bid.id,
      seatbid: [{ seat: 'seat-1' }],
    });
    expect(bid).toMatchObject({
      impid: 'imp ü',
      cid: 'open',
      adomain: ['shop.acme.example'],
      cat: ['IAB22-1'],
      w: 300,
      h: 250,
      mtype: 1,
    });
    expect(bid.adm).toContain('https://ads.example/c?t=');
    expect(/^[\x20-\x7e]*$/.test(answer.body)).toBe(true);
    for (const url of [bid.nurl, bid.burl, bid.lurl]) {
      const token = new URL(url).searchParams.get('t')!;
      const payload = verifyToken(KEY, 'exchange', token)!;
      expect(decodePayload(payload)).toMatchObject({
        bidId: bid.id,
        shop: SHOP,
        campaign: 'open',
        person: bench.person('anna'),
      });
      expect(verifyToken(KEY, 'browser', token)).toBeNull();
    }
    expect(decodeEvent(bench.events[0]!)).toMatchObject({
      id: bid.id,
      bid: { campaign: 'open', test: false },
    });
  });

  it('carries the addresses of its own bidder, encoded in the markup', async () => {
    const publicUrls = ['https://one.example', 'https://two.example/${x}', 'https://one.example'];
    for (const publicUrl of publicUrls) {
      await using bench = await openBench(everybody, { publicUrl });
      const [bid] = bidsOf(bench.post(bidRequest('anna')));
      for (const url of [bid.nurl, bid.burl, bid.lurl]) expect(url.indexOf(publicUrl)).toBe(0);
      expect(bid.adm).toContain(`${encodeUrl(publicUrl)}/i?t=`);
      expect(bid.adm).toContain(`${encodeUrl(publicUrl)}/c?t=`);
      expect(bid.adm).toContain('&#38;s=');
      expect(bid.adm).not.toContain('&s=');
    }
  });
  it('shows what was bought with the person’s purchases first', async () => {
    await using bench = await openBench(everybody);
    const [bid] = bidsOf(bench.post(bidRequest('anna')));
    const token = new URL(bid.nurl).searchParams.get('t')!;
    const payload = decodePayload(verifyToken(KEY, 'exchange', token)!)!;
    expect(payload.items.slice(0, 2)).toEqual(['i5', 'i7']);
    expect(payload.items).not.toContain('i3');
  });
  it('is dearer for a loyal customer than for a stranger', async () => {
    await using bench = await openBench(everybody);
    const [known] = bidsOf(bench.post(bidRequest('anna')));
    const [stranger] = bidsOf(bench.post(bidRequest('nobody-knows')));
    expect(known.price).toBeGreaterThan(stranger.price);
  });
  it('is the same from the cache of a distant store as from the store', async () => {
    await using bench = await openBench(everybody, { store: distant });
    const [first] = bidsOf(await settled(bench.post(bidRequest('anna'))));
    const [second] = bidsOf(await settled(bench.post(bidRequest('anna'))));
    expect({ ...second, id: 0, adm: 0, nurl: 0, burl: 0, lurl: 0 }).toEqual({
      ...first,
      id: 0,
      adm: 0,
      nurl: 0,
      burl: 0,
      lurl: 0,
    });
    expect(
      bench.metrics.snapshot()[bench.metrics.slot('rekindle_profile_cache_hits_total', 'hit')],
    ).toBe(1);
  });
  it('is made without a cache where that would save no journey', async () => {
    await using bench = await openBench(everybody);
    for (let i = 0; i < 2; i++) bidsOf(bench.post(bidRequest('anna')));
    expect(
      bench.metrics.snapshot()[bench.metrics.slot('rekindle_profile_cache_hits_total', 'hit')],
    ).toBe(0);
  });
  it('goes once for each campaign of a request', async () => {
    await using bench = await openBench(snapshotOf([campaign('a'), campaign('b')]));
    const imp = (id: string) => ({ id, banner: { w: 300, h: 250 } });
    const bids = bidsOf(bench.post(bidRequest('anna', { imp: [imp('1'), imp('2'), imp('3')] })));
    expect(bids.map(({ impid, cid }) => [impid, cid])).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
  });
  it('for test=1 reserves and books nothing, and says so in the log', async () => {
    await using bench = await openBench(
      snapshotOf([campaign('a', { caps: [{ scope: 'campaign', impsMax: 1, windowMs: DAY_MS }] })]),
    );
    for (let i = 0; i < 3; i++) {
      const [bid] = bidsOf(bench.post(bidRequest('anna', { test: 1 })));
      const token = new URL(bid.nurl).searchParams.get('t')!;
      expect(decodePayload(verifyToken(KEY, 'exchange', token)!)).toMatchObject({
        leaseId: '',
        period: '',
      });
    }
    expect(bench.events.map((event) => decodeEvent(event)?.bid?.test)).toEqual([true, true, true]);
    expect(new Set(bench.events.map((event) => decodeEvent(event)?.id)).size).toBe(3);
  });
});

describe('what happened since the build', () => {
  const newOnly = snapshotOf([campaign('new-only', { anyOf: ['new'] })]);
  async function order(bench: { store: Store; person(name: string): string }): Promise<void> {
    const person = bench.person('clara');
    const atS = NOW_MS / 1000;
    await bench.store.live.update({ shop: SHOP, person, keepMs: DAY_MS, nowMs: NOW_MS }, () =>
      encodeLiveFacts({
        person,
        orders: [
          {
            orderKey: 'x',
            atS,
            status: 1,
            revenueMicros: 5_000_000,
            items: ['i1'],
            statusAtS: atS,
          },
        ],
        views: [{ item: 'i9', atS }],
      }),
    );
  }
  it('makes a buyer a buyer with the next bid', async () => {
    await using bench = await openBench(newOnly);
    expect(bench.post(bidRequest('clara')).status).toBe(200);
    await order(bench);
    expect(bench.post(bidRequest('clara')).status).toBe(204);
  });
  it('shows the product just viewed', async () => {
    await using bench = await openBench(everybody);
    await order(bench);
    const [bid] = bidsOf(bench.post(bidRequest('clara')));
    const token = new URL(bid.nurl).searchParams.get('t')!;
    expect(decodePayload(verifyToken(KEY, 'exchange', token)!)!.items[0]).toBe('i9');
  });
});

/** Of requests for anna, one after the other. */
async function statuses(bench: Bench, count: number): Promise<number[]> {
  const answered: number[] = [];
  for (let i = 0; i < count; i++) {
    answered.push((await settled(bench.post(bidRequest('anna')))).status);
  }
  return answered;
}

describe('promise 2: caps', () => {
  const capped = snapshotOf([
    campaign('a', { caps: [{ scope: 'campaign', impsMax: 2, windowMs: DAY_MS }] }),
  ]);
  it('bids as often as the cap allows and then stays silent', async () => {
    await using bench = await openBench(capped);
    expect(await statuses(bench, 4)).toEqual([200, 200, 204, 204]);
  });
  it('hands the store the log that the bid rests on, so that it need not look again', async () => {
    const seen: (number | undefined)[] = [];
    const store = (real: Store): Store => ({
      ...real,
      caps: {
        reserve: (subject, reservations, receiver) => {
          seen.push(subject.seen === null ? 0 : subject.seen?.length);
          real.caps.reserve(subject, reservations, receiver);
        },
        confirm: (subject) => real.caps.confirm(subject),
        release: (subject) => real.caps.release(subject),
      },
    });
    await using bench = await openBench(capped, { store });
    expect(await statuses(bench, 2)).toEqual([200, 200]);
    expect(seen).toEqual([0, EXPOSURE_BYTES]);
  });
  it('bids again when the bids were never shown', async () => {
    await using bench = await openBench(capped);
    expect(await statuses(bench, 2)).toEqual([200, 200]);
    bench.clock.nowMs += 130_000;
    expect(await statuses(bench, 1)).toEqual([200]);
  });
  it('stays silent for people it cannot count', async () => {
    await using bench = await openBench(capped);
    expect(bench.post(bidRequest(null)).status).toBe(204);
    expect(bench.post(bidRequest('anna', { regs: { coppa: 1 } })).status).toBe(204);
  });
  it('counts every campaign of the shop for a cap on the shop', async () => {
    const caps = [{ scope: 'shop', impsMax: 1, windowMs: DAY_MS } as const];
    await using bench = await openBench(
      snapshotOf([campaign('a', { caps }), campaign('b', { caps })]),
    );
    expect(await statuses(bench, 2)).toEqual([200, 204]);
  });
  it('keeps what was shown on the books', async () => {
    await using bench = await openBench(capped);
    for (let bidKey = 1; bidKey < 3; bidKey++) {
      await bench.store.caps.confirm({
        shop: SHOP,
        person: bench.person('anna'),
        campaignKey: campaignKey(SHOP, 'a'),
        bidKey,
        nowMs: NOW_MS,
      });
    }
    expect(bench.post(bidRequest('anna')).status).toBe(204);
  });
});

describe('promise 1: money', () => {
  it('promises no more than the budget holds', async () => {
    const budgetNanos = 20_000_000;
    await using bench = await openBench(
      snapshotOf([campaign('a', { budgetNanos, maxCpmMicros: 5_000_000 })]),
    );
    let promised = 0;
    for (let i = 0; i < 50; i++) {
      const answer = bench.post(bidRequest('anna'));
      if (answer.status === 200) promised += Math.round(bidsOf(answer)[0].price * 1e6);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(promised).toBeGreaterThan(0);
    expect(promised).toBeLessThanOrEqual(budgetNanos);
  });
  it('returns what it did not promise', async () => {
    const bench = await openBench(everybody);
    const before = await bench.store.budgets.read({ campaign: `${SHOP}/open`, period: 'flight' });
    expect(before!.leasedNanos).toBeGreaterThan(0);
    await bench.bidder.close();
    const after = await bench.store.budgets.read({ campaign: `${SHOP}/open`, period: 'flight' });
    expect(after).toMatchObject({ leasedNanos: 0, freeNanos: after!.amountNanos });
    await bench[Symbol.asyncDispose]();
  });
});
