/** A creative that an exchange refuses in its loss notices: paused there by every worker, and said why. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

interface Bid {
  readonly crid: string;
  readonly lurl: string;
}
/** A bid that was got, and what got it. */
interface Got {
  readonly request: object;
  readonly bid: Bid;
}

const REFUSED = 203;
const SAMPLES_MAX = 80;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 1000, env: { REKINDLE_WORKERS: '2' } });
  await service.start();
  await service.until('metrics are shown', 10_000, async () => (await noBids()) === 0);
});
afterAll(() => service.remove());

const noBids = () => service.counter('rekindle_nobid_total', { reason: 'creative-disapproved' });
const paused = () => service.counter('rekindle_creatives_paused', { exchange: 'generic' });

async function bidFor(request: object): Promise<Bid | null> {
  const answer = await fetch(`${service.open}/bid/generic`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  if (answer.status !== 200) return null;
  const { seatbid } = (await answer.json()) as { seatbid: { bid: Bid[] }[] };
  return seatbid[0]!.bid[0]!;
}

const sampled = (seed: number): Record<string, unknown> =>
  JSON.parse(service.run('sample', '--json', '--seed', String(seed)));
/** The same for every sample, so that all bids are of one size. */
const sized = (seed: number) => {
  const imp = [{ id: '1', banner: { w: 300, h: 250 }, bidfloor: 0 }];
  return { ...sampled(seed), imp };
};

it('is not bid with once ten bids were lost by it, and learned says so', async () => {
  const byCreative = new Map<string, Got[]>();
  const enough = () => [...byCreative].find(([, got]) => got.length >= 10);
  for (let seed = 1; seed < SAMPLES_MAX && enough() === undefined; seed++) {
    const request = sized(seed);
    const bid = await bidFor(request);
    if (bid === null) continue;
    byCreative.set(bid.crid, [...(byCreative.get(bid.crid) ?? []), { request, bid }]);
  }
  const [creative, got] = enough()!;
  const told = got.map(({ bid }) => bid.lurl.replace('${AUCTION_LOSS}', String(REFUSED)));
  const batch = await fetch(`${service.open}/l/batch`, {
    method: 'POST',
    body: told.join('\n'),
  });
  expect(await batch.json()).toEqual({ accepted: 10, late: 0, forged: 0, unreadable: 0 });
  await service.until('it is paused', 15_000, async () => (await paused()) > 0.9);
  for (const { request } of got) {
    expect((await bidFor(request))?.crid).not.toBe(creative);
  }
  await service.until('it is counted', 15_000, async () => (await noBids()) > 0);
  const { exchanges } = JSON.parse(service.run('learned', '--json')) as {
    exchanges: { creatives: { creative: string; state: string; code: number }[] }[];
  };
  expect(exchanges[0]!.creatives).toContainEqual(
    expect.objectContaining({ creative, state: 'disapproved', code: REFUSED, count: 10 }),
  );
});
