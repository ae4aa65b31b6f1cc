import { describe, expect, it } from 'vitest';
import type { Exchange } from '../settings/exchange.ts';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { type Answer, type Bench, bidRequest, EXCHANGE, openBench } from './bidder.contract.ts';
import { fromProtobuf, openrtbProto, toProtobuf } from './openrtb/openrtb-proto.contract.ts';

const PROTO = openrtbProto(true);

function open(exchange: Partial<Exchange>, campaigns = [campaign('open')]): Promise<Bench> {
  return openBench(snapshotOf(campaigns), { exchange: { ...EXCHANGE, ...exchange } });
}

async function nanosOfABid(): Promise<number> {
  await using bench = await open({});
  const [bid] = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid;
  return Math.ceil(bid.price * 1_000_000 * 1.5);
}

describe('limits of an exchange', () => {
  const none = EXCHANGE.limits;

  it('keep a bid back whose markup is too large, and its money', async () => {
    // What is not given back leaves nothing for the next.
    const poor = campaign('open', { budgetNanos: await nanosOfABid() });
    const limits = { ...none, markupBytes: 1500 };
    await using bench = await open({ limits }, [poor]);
    for (let i = 0; i < 5; i++) expect(bench.post(bidRequest('anna')).status).toBe(204);
    const slot = bench.metrics.slot('rekindle_nobid_total', 'markup-too-large');
    expect(bench.metrics.snapshot()[slot]).toBe(5);
    expect(bench.events).toEqual([]);
  });

  it.each(['json', 'protobuf'] as const)('are met to the byte in %s', async (format) => {
    const ask = async (markupBytes: number) => {
      await using bench = await open({ format, limits: { ...none, markupBytes } });
      return bench.post(asked(format));
    };
    const most = admBytes(format, await ask(none.markupBytes));
    expect((await ask(most)).status).toBe(200);
    expect((await ask(most - 1)).status).toBe(204);
  });

  it('leave no more bids in an answer than it takes', async () => {
    const campaigns = [campaign('a'), campaign('b'), campaign('c')];
    const imps = ['1', '2', '3'].map((id) => ({ id, banner: { w: 300, h: 250 } }));
    for (const [bids, count] of [
      [Number.POSITIVE_INFINITY, 3],
      [2, 2],
      [1, 1],
    ] as const) {
      await using bench = await open({ limits: { ...none, bids } }, campaigns);
      const { seatbid } = JSON.parse(bench.post(bidRequest('anna', { imp: imps })).body);
      expect(seatbid[0].bid).toHaveLength(count);
    }
  });
});

function asked(format: Exchange['format']): object {
  if (format === 'json') return bidRequest('anna');
  return toProtobuf(PROTO, 'BidRequest', bidRequest('anna', {}, { secure: true }));
}

/** Of the markup as it is sent. */
function admBytes(format: Exchange['format'], { body, bytes }: Answer): number {
  if (format === 'json') return /"adm":"((?:[^"\\]|\\.)*)"/.exec(body)![1]!.length;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  const { seatbid } = fromProtobuf(PROTO, 'BidResponse', bytes) as any;
  return Buffer.byteLength(seatbid[0].bid[0].adm);
}

describe('an exchange that asks more often than agreed', () => {
  it('is answered at once and unread', async () => {
    await using bench = await open({ qpsMax: 20, noBid: 'reason' });
    const statuses = Array.from({ length: 4 }, () => bench.post(bidRequest('anna')).status);
    expect(statuses).toEqual([200, 200, 204, 204]);
    expect(bench.post('no request').status).toBe(204);
    const slot = bench.metrics.slot('rekindle_nobid_total', 'over-qps');
    expect(bench.metrics.snapshot()[slot]).toBe(3);
  });

  it('keeps what it has used when settings are published again', async () => {
    const snapshot = snapshotOf([campaign('open')]);
    const exchange = { ...EXCHANGE, qpsMax: 10 };
    await using bench = await openBench(snapshot, { exchange });
    expect(bench.post(bidRequest('anna')).status).toBe(200);
    bench.bidder.serve(snapshot, [{ ...exchange, seat: 'seat-2' }]);
    expect(bench.post(bidRequest('anna')).status).toBe(204);
    bench.bidder.serve(snapshot, [{ ...exchange, qpsMax: 50 }]);
    expect(bench.post(bidRequest('anna')).status).toBe(200);
  });
});
