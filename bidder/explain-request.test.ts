import { expect, it } from 'vitest';
import { campaign, NOW_MS, snapshotOf } from './auction/shop.contract.ts';
import { bidRequest, EXCHANGE, KEY, openBench } from './bidder.contract.ts';
import { explainRequest, type Trace } from './explain-request.ts';

const snapshot = snapshotOf([
  campaign('open'),
  campaign('strong', { anyOf: ['loyal'], multiplier: 3 }),
  campaign('abroad', { countries: ['DEU'] }),
]);

async function explain(request: object): Promise<{ trace: Trace; price: number | null }> {
  await using bench = await openBench(snapshot);
  const answer = bench.post(request);
  const price = answer.status === 200 ? JSON.parse(answer.body).seatbid[0].bid[0].price : null;
  const deps = {
    snapshot,
    exchange: EXCHANGE,
    store: bench.store,
    identityKey: KEY,
    nowMs: NOW_MS,
  };
  const trace = await explainRequest(deps, Buffer.from(JSON.stringify(request)));
  return { trace, price };
}

it('says who was recognised, by what, and which rule of which line says so', async () => {
  const { trace } = await explain(bidRequest('anna'));
  expect(trace.recognisedBy).toEqual([{ shop: 'acme', space: 'cookie' }]);
  expect(trace.explained!.persons[0]!.segments).toMatchObject([
    { segment: 'existing', at: { file: 'segments/x.yaml', line: 3 }, shapes: false },
    { segment: 'loyal', shapes: true },
  ]);
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
