/** The main job as its users meet it: start, bid, notices, a visit and an order, an edit, a restart. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

interface Bid {
  readonly price: number;
  readonly adm: string;
  readonly nurl: string;
  readonly burl: string;
  readonly lurl: string;
  readonly cid: string;
}

interface Sample {
  readonly id: string;
}

let service: RunningService;

const sample = (...args: string[]): Sample => JSON.parse(service.run('sample', '--json', ...args));

async function bid(request: unknown): Promise<{ status: number; bid: Bid | null }> {
  const answer = await fetch(`${service.open}/bid/generic`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  if (answer.status !== 200) return { status: answer.status, bid: null };
  const body = (await answer.json()) as { seatbid: { bid: Bid[] }[] };
  return { status: 200, bid: body.seatbid[0]!.bid[0]! };
}

async function knownBid(): Promise<Bid> {
  const answer = await bid(sample());
  expect(answer.status).toBe(200);
  return answer.bid!;
}

interface Trace {
  readonly decision: { readonly kind: string };
  readonly explained: {
    readonly persons: readonly { segments: { segment: string; at: { file: string } }[] }[];
    readonly bids: readonly {
      campaign: string;
      priceCpmMicros: number;
      factors: { name: string; x: number }[];
      items: { id: string; why: string }[];
    }[];
  };
}

async function explain(request: unknown): Promise<Trace> {
  const answer = await fetch(`${service.admin}/api/explain?exchange=generic`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  return answer.json() as Promise<Trace>;
}

/** Somebody of this segment whom the exchange knows and whom a campaign wants: not one who refused all. */
async function personIn(segment: string): Promise<{ customer: string; exchangeId: string }> {
  const file = join(service.dir, 'data/demo/samples.json');
  const { bySegment } = JSON.parse(readFileSync(file, 'utf8')) as {
    bySegment: Record<
      string,
      { customer: string; identities: { space: string; value: string }[] }[]
    >;
  };
  for (const { customer, identities } of bySegment[segment] ?? []) {
    const id = identities.find(({ space }) => space === 'exchange:generic');
    if (id === undefined) continue;
    const { decision } = await explain(requestFor(id.value));
    if (decision.kind === 'bid') return { customer, exchangeId: id.value };
  }
  throw new Error(`no sample of ${segment} has an id at the exchange and gets a bid`);
}

/** Nothing but the exchange's id of them. */
const requestFor = (exchangeId: string) => ({
  ...sample(),
  device: { devicetype: 2, geo: { country: 'USA' } },
  user: { id: exchangeId },
});

const notice = (url: string, price: number) =>
  fetch(url.replace('${AUCTION_PRICE}', String(price)));
const pixelOf = (adm: string) => /http[^"' ]*\/i\?t=[^"' ]*/.exec(adm)![0].replaceAll('&amp;', '&');
const clickOf = (adm: string) => /http[^"' ]*\/c\?t=[^"' ]*/.exec(adm)![0].replaceAll('&amp;', '&');

/** `before` gives the environment of the service, and what ends with it. */
export function describeWholeLoop(
  name: string,
  before: () => Promise<{ env: Readonly<Record<string, string>>; store: RegExp }>,
): void {
  describe(`a running service on ${name}`, () => wholeLoop(before));
}

function wholeLoop(before: Parameters<typeof describeWholeLoop>[1]): void {
  let store: RegExp;
  beforeAll(async () => {
    const prepared = await before();
    store = prepared.store;
    service = await RunningService.create({ customers: 2000, env: prepared.env });
    await service.start();
  });
  afterAll(() => service.remove());

  it('says what it did, which store and which back end it uses, and shows a priced sample', async () => {
    await service.until('it has said everything', 5000, async () => /Try:/.test(service.printed));
    expect(service.printed).toMatch(store);
    for (const part of [
      'demo shop',
      'import demo',
      'segments demo',
      'uWebSockets.js|node:http',
      'CPM',
      'Try:',
    ]) {
      expect(service.printed).toMatch(new RegExp(part));
    }
  });

  it('samples people who get a bid, another one for each seed', async () => {
    // All before the first is bid on: who was shown too much is no sample any more.
    const samples = ['1', '2', '3'].map((seed) => sample('--segment', 'existing', '--seed', seed));
    expect(new Set(samples.map((request) => JSON.stringify({ ...request, id: '' }))).size).toBe(3);
    for (const request of samples) expect((await bid(request)).status).toBe(200);
    const [first] = samples;
    await service.until('the first is capped', 5000, async () => (await bid(first)).status === 204);
    const next = sample('--segment', 'existing');
    expect(next).not.toEqual(first);
    expect((await bid(next)).status).toBe(200);
  });

  it('counts each notice once: impression, click, win and billing', async () => {
    const bid = await knownBid();
    const spentBefore = await service.counter('rekindle_spend_micros_total');
    for (const url of [bid.nurl, bid.burl, bid.burl, bid.burl]) {
      expect((await notice(url, bid.price)).status).toBe(204);
    }
    expect((await fetch(pixelOf(bid.adm))).headers.get('content-type')).toBe('image/gif');
    const click = await fetch(clickOf(bid.adm), { redirect: 'manual' });
    expect([click.status, new URL(click.headers.get('location')!).host]).toEqual([
      302,
      'shop.demo.example',
    ]);

    const applied = (kind: string, result: string) =>
      service.counter('rekindle_notices_applied_total', { kind, result });
    await service.until(
      'the repeated billing counts once',
      3000,
      async () =>
        (await applied('billing', 'counted')) === 1 &&
        (await applied('billing', 'duplicate')) === 2,
    );
    await service.until(
      'the rest counts',
      3000,
      async () =>
        (await applied('win', 'counted')) === 1 &&
        (await applied('impression', 'counted')) === 1 &&
        (await applied('click', 'counted')) === 1,
    );
    const spent = (await service.counter('rekindle_spend_micros_total')) - spentBefore;
    expect(spent).toBeCloseTo(bid.price * 1000, 3);
  });

  it('counts no forged notice', async () => {
    const bid = await knownBid();
    const before = await service.counter('rekindle_spend_micros_total');
    const forged = bid.burl.replace(/t=(.)/, (_, first) => `t=${first === '1' ? '2' : '1'}`);
    const crossed = pixelOf(bid.adm).replace('/i?', '/b?');
    for (const url of [forged, `${crossed}&p=${bid.price}`]) await notice(url, bid.price);
    await service.until(
      'the forgeries are seen',
      3000,
      async () => (await service.counter('rekindle_notices_total', { result: 'forged' })) >= 2,
    );
    expect(await service.counter('rekindle_spend_micros_total')).toBe(before);
  });

  it('shows the product just viewed, and treats a buyer as a buyer, within a second', async () => {
    const person = await personIn('new');
    const feed = readFileSync(join(service.dir, 'shops/demo/feed.csv'), 'utf8').split('\n');
    const item = feed[7]!.split(',')[0]!;
    const told = (event: object) =>
      fetch(`${service.open}/e/demo`, {
        method: 'POST',
        body: JSON.stringify({ events: [{ ids: { customer: person.customer }, ...event }] }),
      });
    const explained = () => explain(requestFor(person.exchangeId));
    const segments = (trace: Trace) => trace.explained.persons[0]!.segments.map((s) => s.segment);
    expect(segments(await explained())).toContain('new');

    expect((await told({ event: 'view', item })).ok).toBe(true);
    await service.until('the banner shows what was viewed', 1000, async () => {
      const [first] = (await explained()).explained.bids[0]!.items;
      return first!.id === item && first!.why === 'viewed';
    });
    const order = { id: 'order-of-the-whole-loop', status: 'paid', revenue: '59.90' };
    expect((await told({ event: 'order', order, items: [item] })).ok).toBe(true);
    await service.until('the buyer is existing', 1000, async () => {
      const now = segments(await explained());
      return now.includes('existing') && !now.includes('new');
    });
  });

  it('explains a bid with the code that bids, to the micro', async () => {
    const request = sample();
    // First the explanation: a bid is an impression promised, and changes what the next one is worth.
    const { decision, explained } = await explain(request);
    const answer = await bid(request);
    expect(decision.kind).toBe('bid');
    const [why] = explained.bids;
    expect(why!.campaign).toBe(answer.bid!.cid);
    expect(why!.priceCpmMicros).toBe(Math.round(answer.bid!.price * 1e6));
    expect(Math.round(why!.factors.reduce((product, { x }) => product * x, 1))).toBe(
      why!.priceCpmMicros,
    );
    for (const { at } of explained.persons[0]!.segments)
      expect(at.file).toMatch(/segments\/.+\.yaml/);
  });

  it('takes over an edited rule by itself, and keeps what serves of a broken one, told at its line', async () => {
    const folder = join(service.dir, 'shops/demo/segments');
    const file = join(folder, readdirSync(folder).find((name) => name.includes('high'))!);
    const sound = readFileSync(file, 'utf8');
    const stale = () => service.counter('rekindle_segments_broken', { state: 'stale' });
    writeFileSync(file, `${sound}\nnonsense: true\n`);
    await service.until('the broken rule is told of', 15_000, async () => (await stale()) === 1);
    expect(service.printed).toMatch(/segments\/.*\.yaml:\d+:\d+/);
    expect((await knownBid()).price).toBeGreaterThan(0);
    writeFileSync(file, sound.replace(/^priority: \d+/m, 'priority: 77'));
    await service.until('the sound rule is served', 30_000, async () => (await stale()) === 0);
    const published = { result: 'published' };
    expect(await service.counter('rekindle_rebuilds_total', published)).toBeGreaterThanOrEqual(1);
    expect((await knownBid()).price).toBeGreaterThan(0);
  });

  it('has a killed bidder process back, and loses nothing it acknowledged', async () => {
    const bid = await knownBid();
    const { pids } = (await (await fetch(`${service.admin}/version`)).json()) as { pids: number[] };
    expect((await notice(bid.burl, bid.price)).status).toBe(204);
    process.kill(pids[0]!, 'SIGKILL');
    await service.until(
      'it serves again',
      10_000,
      async () => (await fetch(`${service.open}/readyz`)).ok,
    );
    expect((await notice(bid.burl, bid.price)).status).toBe(204);
    await service.until(
      'the notice is a duplicate',
      3000,
      async () =>
        (await service.counter('rekindle_notices_applied_total', {
          kind: 'billing',
          result: 'duplicate',
        })) >= 1,
    );
  });

  it('is found well by doctor, its ports in use included', () => {
    const { findings } = JSON.parse(service.run('doctor', '--json')) as {
      findings: { part: string; ok: boolean; detail: string }[];
    };
    for (const name of ['store', 'REKINDLE_PORT', 'REKINDLE_ADMIN_PORT']) {
      expect(findings).toContainEqual(expect.objectContaining({ part: name, ok: true }));
    }
    expect(findings.find(({ part }) => part === 'REKINDLE_PORT')!.detail).toMatch(
      /a service is healthy there/,
    );
  });

  it('refuses to start on a port in use with one message and exit code 4', () => {
    try {
      service.run('start');
      expect.unreachable('a second service started');
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      expect(status).toBe(4);
      expect(stderr).toMatch(/port \d+ is in use.*REKINDLE_PORT/);
    }
  });

  it('drains on Ctrl-C and serves the same people after a restart', async () => {
    await knownBid();
    expect(await service.stop('SIGINT')).toBe(0);
    await service.start();
    expect(service.printed).toMatch(/up to date/);
    // Who was shown something just now may have reached a cap: somebody known is bid on.
    await service.until('known people are bid on', 5000, async () => (await knownBid()).price > 0);
  });
}
