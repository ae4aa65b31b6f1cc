import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NO_BID_REASONS } from './auction/no-bid-reason.ts';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { type Bench, openBench } from './bidder.contract.ts';
import { auctionLines, DATA, fromAuction, hasData, jsonFiles } from './corpora.contract.ts';

describe('the whole corpus', () => {
  it.skipIf(!hasData)(
    'gets an answer to every request, a reason for every silence (skipped without ../shared/data)',
    async () => {
      const sizes = ['300x250', '728x90', '320x50', '160x600', '300x600'];
      await using bench = await openBench(snapshotOf([campaign('open', { sizes })]));
      const counts = new Map<number, number>();
      for (const body of [...requests(), ...auctions(), ...hostile()]) {
        const { status, body: text } = bench.post(body);
        counts.set(status, (counts.get(status) ?? 0) + 1);
        if (status === 200) checkKeepsRules(JSON.parse(body.toString()), JSON.parse(text));
      }
      expect([...counts.keys()].sort()).toEqual([200, 204, 400]);
      expect(counts.get(200)).toBeGreaterThan(1000);
      expect(bench.errors).toEqual([]);
      expect(reasonsCounted(bench)).toBe(counts.get(204)! + counts.get(400)!);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
    60_000,
  );
});

function reasonsCounted(bench: Bench): number {
  const numbers = bench.metrics.snapshot();
  const slots = NO_BID_REASONS.map((reason) => bench.metrics.slot('rekindle_nobid_total', reason));
  return slots.reduce((sum, slot) => sum + numbers[slot]!, 0);
}

function requests(): Buffer[] {
  return ['openrtb/requests/', 'openrtb/invalid/', 'badinput/json/JSONTestSuite/'].flatMap(
    jsonFiles,
  );
}

/** Each auction as it is, which is no bid request, and as OpenRTB. */
function auctions(): Buffer[] {
  return auctionLines().flatMap((line) => [
    Buffer.from(line),
    Buffer.from(JSON.stringify(fromAuction(line))),
  ]);
}

function hostile(): Buffer[] {
  const files = [
    'json/json_bombs.jsonl',
    'openrtb/prebid_invalid_requests.jsonl',
    'proto_pollution/payloads.jsonl',
  ];
  return files.flatMap((file) =>
    readFileSync(new URL(`badinput/${file}`, DATA))
      .toString()
      .split('\n')
      .map((line) => Buffer.from(line)),
  );
}

/** What a bid may not break, checked on the wire alone. */
// biome-ignore lint/suspicious/noExplicitAny: wire JSON, looked into by a test.
function checkKeepsRules(request: any, response: any): void {
  expect(response.id).toBe(String(request.id));
  expect(request.bcat ?? []).not.toContain('IAB22');
  const currencies: string[] = request.cur?.length > 0 ? request.cur : ['USD'];
  expect(currencies.map((each) => each.toUpperCase())).toContain(response.cur);
  if (request.wseat?.length > 0) expect(request.wseat).toContain('seat-1');
  const { bid: bids } = response.seatbid[0];
  expect(new Set(bids.map(({ cid }: { cid: string }) => cid)).size).toBe(bids.length);
  for (const bid of bids) {
    const imp = request.imp.find(({ id }: { id: unknown }) => String(id) === bid.impid);
    checkKeepsImp(imp, bid, response.cur);
  }
}

const PER_USD: Record<string, number> = { USD: 1, EUR: 0.5 };

// biome-ignore lint/suspicious/noExplicitAny: wire JSON, looked into by a test.
function checkKeepsImp(imp: any, bid: any, currency: string): void {
  const floorUsd = Number(imp.bidfloor ?? 0) / PER_USD[(imp.bidfloorcur ?? 'USD').toUpperCase()]!;
  expect(bid.price).toBeGreaterThan(0);
  expect(bid.price).toBeGreaterThanOrEqual(floorUsd * PER_USD[currency]! - 1e-9);
  const offered: { w: unknown; h: unknown }[] = [...(imp.banner.format ?? []), imp.banner];
  const sizes = offered.map(({ w, h }) => `${Number(w)}x${Number(h)}`);
  if (Number(imp.instl) !== 1) expect(sizes).toContain(`${bid.w}x${bid.h}`);
  if (Number(imp.secure) === 1) expect(bid.adm).not.toContain('http:');
}
