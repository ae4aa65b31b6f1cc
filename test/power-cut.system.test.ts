/** The built service over a power cut: what was counted before is counted after, nothing is bid early. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campaignKey } from '../proto/exposure-log.ts';
import { bidKeyOf, decodePayload, type TokenPayload } from '../proto/token.ts';
import { openStore } from '../store/open-store.ts';
import { RunningService } from './running-service.contract.ts';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 500, env: { REKINDLE_PROCESSES: '2' } });
  await service.start();
}, 120_000);
afterAll(() => service.remove());

const store = (file: string) => join(service.dir, 'store', file);

interface Bid {
  readonly price: number;
  readonly adm: string;
  readonly burl: string;
}

async function bidFor(request: string): Promise<Bid | null> {
  const answer = await fetch(`${service.open}/bid/generic`, { method: 'POST', body: request });
  if (answer.status !== 200) return null;
  const { seatbid } = (await answer.json()) as { seatbid: { bid: Bid[] }[] };
  return seatbid[0]!.bid[0]!;
}

/** `t` is the payload, a dot, and its signature. */
function tokenOf({ burl }: Bid): TokenPayload {
  const signed = new URL(burl.replace(/[$][{].*/, '')).searchParams.get('t')!;
  return decodePayload(signed.slice(0, signed.lastIndexOf('.')))!;
}

/** Shown and billed; resolves once both are acknowledged. */
async function show({ adm, burl, price }: Bid): Promise<void> {
  const pixel = /http[^"' ]*\/i\?t=[^"' ]*/.exec(adm)![0].replaceAll('&amp;', '&');
  expect((await fetch(burl.replace('${AUCTION_PRICE}', String(price)))).status).toBe(204);
  expect((await fetch(pixel)).status).toBe(200);
}

/** Requests that get a bid, and their bids. */
async function some(count: number): Promise<{ requests: string[]; bids: Bid[] }> {
  const requests: string[] = [];
  const bids: Bid[] = [];
  for (let seed = 1; bids.length < count && seed < 20; seed++) {
    const request = service.run('sample', '--json', '--seed', String(seed));
    const bid = await bidFor(request);
    if (bid === null) continue;
    requests.push(request);
    bids.push(bid);
  }
  return { requests, bids };
}

/** Everything ends at once, and the disk keeps of the store's file what it likes. */
async function cutPower(): Promise<void> {
  const status = await fetch(`${service.admin}/version`);
  const { pids } = (await status.json()) as { pids: number[] };
  await service.stop('SIGKILL');
  // Bidder processes drain when their supervisor is gone; of that, too, the disk knows nothing.
  await service.until('every process has ended', 20_000, async () => !pids.some(isAlive));
  writeFileSync(store('store.lmdb'), Buffer.alloc(1_000_000, 0xee));
  writeFileSync(store('gate.lmdb'), Buffer.alloc(8192, 0xee));
  writeFileSync(store('in-use'), 'another boot');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Settled money by budget, and who is remembered as having been shown what. */
async function countsOf(bids: readonly Bid[]): Promise<unknown> {
  await using open = await openStore({ url: '', dir: service.dir });
  const counts = [];
  for (const token of bids.map(tokenOf)) {
    const { shop, campaign, period, person, bidId } = token;
    const state = await open.budgets.read({ campaign: `${shop}/${campaign}`, period });
    const subject = { shop, person, campaignKey: campaignKey(shop, campaign) };
    const again = { ...subject, bidKey: bidKeyOf(bidId), nowMs: token.bidAtS * 1000 };
    counts.push({ settledNanos: state?.settledNanos, again: await open.caps.confirm(again) });
  }
  return counts;
}

describe('promise 1, promise 2 and promise 4: the service over a power cut', () => {
  it('has what it had acknowledged, says so, and bids nothing while old bids may still be shown', async () => {
    const { requests, bids } = await some(6);
    expect(bids.length).toBe(6);
    await service.until('the counters were copied', 10_000, async () => {
      return (await service.counter('rekindle_counter_copies_total', { result: 'kept' })) > 0;
    });
    for (const bid of bids) await show(bid);
    await cutPower();
    expect(() => service.run('segment', 'demo')).toThrow(
      /may be damaged: the machine stopped while it was in use/,
    );
    service.printed = '';
    await service.start();
    expect(service.printed).toMatch(/! store +the machine stopped while it was in use/);
    expect(service.printed).toMatch(/✓ store +counters of \d{4}-\d\d-\d\dT[\d:]+Z/);
    expect(service.printed).toMatch(/✓ event log +12 events applied/);
    expect(service.printed).toMatch(/✓ segments demo/);
    expect(service.printed).toMatch(/! bids +none for 120 s/);
    for (const request of requests) expect(await bidFor(request)).toBeNull();
    // A billing notice sent once more is known.
    for (const bid of bids) await show(bid);
    expect(await service.stop()).toBe(0);
    const spent = new Map<string, number>();
    for (const token of bids.map(tokenOf)) {
      const name = `${token.campaign} ${token.period}`;
      spent.set(name, (spent.get(name) ?? 0) + token.reservedNanos);
    }
    expect(await countsOf(bids)).toEqual(
      bids.map(tokenOf).map((token) => ({
        settledNanos: spent.get(`${token.campaign} ${token.period}`),
        again: false,
      })),
    );
    expect(() => readFileSync(store('in-use'))).toThrow('ENOENT');
  });
});
