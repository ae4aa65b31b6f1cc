import { describe, expect, it } from 'vitest';
import type { SupplyRules } from '../settings/exchange.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { bidRequest, EXCHANGE, openBench } from './bidder.contract.ts';
import { hasData, jsonFiles } from './corpora.contract.ts';
import { parseAdsTxt } from './supply/parse-ads-txt.ts';
import { SupplyIndexBuilder } from './supply/supply-index.ts';

const everybody = snapshotOf([campaign('open')]);
const RULES: SupplyRules = {
  domain: 'ssp.example',
  adsTxt: 'require',
  sellersJson: 'ignore',
  schain: 'require',
  nodesMax: 3,
  blocked: ['bad.example'],
};

function bench(supply: SupplyRules | null) {
  const builder = new SupplyIndexBuilder(7, null);
  builder.addAdsTxt('site', 'news.example', parseAdsTxt('ssp.example,p1,DIRECT'));
  const exchange = { ...EXCHANGE, noBid: 'reason' as const };
  return openBench(everybody, {
    exchange: supply === null ? exchange : { ...exchange, supply },
    supply: builder.index(),
  });
}

function path(site: string, publisher: string, ...asis: string[]): object {
  const nodes = asis.map((asi) => ({ asi, sid: publisher, hp: 1 }));
  return {
    site: { domain: site, publisher: { id: publisher } },
    source: { schain: { complete: 1, ver: '1.0', nodes } },
  };
}

const CASES: readonly (readonly [NoBidReason, number, object])[] = [
  ['ads-txt-unavailable', 11, path('other.example', 'p1', 'ssp.example')],
  ['ads-txt-violation', 12, path('news.example', 'p2', 'ssp.example')],
  ['schain-incomplete', 16, path('news.example', 'p1')],
  ['schain-blocked', 17, path('news.example', 'p1', 'bad.example', 'ssp.example')],
];

describe('an exchange that asks for a supply path', () => {
  it.each(CASES)('is told %s, nbr %i, which is counted', async (reason, nbr, request) => {
    await using asked = await bench(RULES);
    const answer = asked.post(bidRequest('anna', request));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      200,
      { id: 'req-1', nbr, seatbid: [] },
    ]);
    expect(asked.metrics.snapshot()[asked.metrics.slot('rekindle_nobid_total', reason)]).toBe(1);
    expect(asked.events).toEqual([]);
  });

  it('gets a bid for one that is in order, and by the files that are known now', async () => {
    await using asked = await bench(RULES);
    const request = bidRequest('anna', path('www.news.example', 'p1', 'ssp.example'));
    expect(JSON.parse(asked.post(request).body).seatbid).toHaveLength(1);
    const exchange = { ...EXCHANGE, noBid: 'reason' as const, supply: RULES };
    asked.bidder.serve(everybody, [exchange]);
    expect(JSON.parse(asked.post(request).body)).toMatchObject({ nbr: 11 });
  });
});

it('asks nothing of an exchange that has no supply section', async () => {
  await using asked = await bench(null);
  for (const [, , request] of CASES)
    expect(JSON.parse(asked.post(bidRequest('anna', request)).body).seatbid).toHaveLength(1);
});

it.skipIf(!hasData)(
  'answers the whole public corpus without a crash (skipped without ../shared/data)',
  async () => {
    await using asked = await bench({ ...RULES, adsTxt: 'when_known', schain: 'when_present' });
    for (const json of jsonFiles('openrtb/requests/'))
      expect([200, 204, 400]).toContain(asked.post(json).status);
    expect(asked.errors).toEqual([]);
    const counted = asked.metrics.slot('rekindle_nobid_total', 'schain-incomplete');
    expect(asked.metrics.snapshot()[counted]).toBeGreaterThan(10);
  },
  60_000,
);
