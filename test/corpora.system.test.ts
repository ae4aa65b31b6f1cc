/**
 * Everything that others have sent, and everything hostile that is collected, to the built service over
 * real sockets: the right status within a second, no 5xx, no bug counted, no process ended (promise 9).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DATA, hasData } from '../bidder/corpora.contract.ts';
import { FILES, throwRaw } from '../platform/http/hostile-requests.contract.ts';
import { CORPORA } from './corpus-bodies.contract.ts';
import { RunningService } from './running-service.contract.ts';
import { throwBodies } from './throw-bodies.contract.ts';

/** RFC 9110: what a client asks for and no server of 1.1 has to know. */
const NOT_OURS = [501, 505];

/** A bidder that is silent everywhere would be right everywhere. */
const BID_ON = ['openrtb/requests', 'openrtb/proto', 'openrtb/auctions-2012.ndjson.gz'];

let service: RunningService;

describe.skipIf(!hasData)('the built service (skipped without ../shared/data)', () => {
  beforeAll(async () => {
    service = await RunningService.create({ customers: 300 });
    await service.start();
    const settings = 'exchange: packs\ncurrencies: [USD]\nbilling: burl\nformat: protobuf\n';
    writeFileSync(join(service.dir, 'exchanges/packs.yaml'), settings);
    bidForEverybody();
    await service.until('it bids for strangers', 20_000, async () => {
      const served = (await post('packs', 'x')).status !== 404;
      const imp = [{ id: '1', banner: { w: 300, h: 250 } }];
      return served && (await post('generic', JSON.stringify({ id: 'r', imp }))).status === 200;
    });
  });
  afterAll(() => service.remove());
  afterEach(async () => {
    expect((await fetch(`${service.open}/readyz`)).status).toBe(200);
    expect(await service.counter('rekindle_bid_errors_total')).toBe(0);
    expect(await service.counter('rekindle_process_restarts_total')).toBe(0);
  });

  it.each(Object.keys(CORPORA))('answers each body of %s rightly and in time', async (folder) => {
    const pathOf = (format: string) => (format === 'json' ? '/bid/generic' : '/bid/packs');
    const { cases, answers, wrong } = await throwBodies(service.port, pathOf, CORPORA[folder]!());
    process.stdout.write(`${folder}: ${cases} bodies, answers ${JSON.stringify(answers)}\n`);
    expect(wrong).toEqual([]);
    expect(cases).toBeGreaterThan(10);
    if (BID_ON.includes(folder)) expect(answers[200]).toBeGreaterThan(20);
  });

  it.each(FILES)('answers badinput/http, %s, with no fault of its own', async (file) => {
    const outcomes = await throwRaw(service.port, file, '/bid/generic');
    const ownFaults = outcomes.filter(({ statuses }) =>
      statuses.some((status) => status >= 500 && !NOT_OURS.includes(status)),
    );
    expect(ownFaults).toEqual([]);
    // One request in an obscure coding, of which a proxy before us saw one: never two for us.
    const smuggled = outcomes.filter(({ statuses }) => statuses.length > 1);
    if (file.startsWith('smuggler')) expect(smuggled).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(10);
  });

  it('acknowledges a notice with each price of badinput/price', async () => {
    const burl = await billingNotice();
    const plain = pricesOf('plain_price_strings.jsonl', 's');
    const sealed = pricesOf('google_price_vectors.jsonl', 'cipher');
    for (const price of [...plain, ...sealed]) {
      const url = burl.replace('${AUCTION_PRICE}', () => encodeURIComponent(price));
      expect(url).not.toBe(burl);
      const begunMs = performance.now();
      const { status } = await fetch(url);
      expect([price, status]).toEqual([price, 204]);
      expect(performance.now() - begunMs).toBeLessThan(1000);
    }
    expect(plain.length + sealed.length).toBeGreaterThan(50);
  });
});

function post(exchange: string, body: string): Promise<Response> {
  return fetch(`${service.open}/bid/${exchange}`, { method: 'POST', body });
}

/** The demo has a campaign for people nobody knows, asleep: it wakes without caps, with money for all. */
function bidForEverybody(): void {
  const file = join(service.dir, 'shops/demo/campaigns/prospecting.yaml');
  const awake = readFileSync(file, 'utf8')
    .replace('active: false', 'active: true')
    .replace(/^budget: .*$/m, 'budget: { amount: 1000000 USD, per: day }')
    .replace(/^bid: .*$/m, 'bid: { multiplier: 20, max_cpm: 50 USD }')
    .replace(/^frequency: .*$/m, 'frequency: []');
  writeFileSync(file, awake);
}

/** Of a bid of the service, at its own address. */
async function billingNotice(): Promise<string> {
  const answer = await post('generic', service.run('sample', '--json'));
  expect(answer.status).toBe(200);
  const { seatbid } = (await answer.json()) as { seatbid: { bid: { burl: string }[] }[] };
  const { burl } = seatbid[0]!.bid[0]!;
  return service.open + burl.slice(burl.indexOf('/', 'https://'.length));
}

function pricesOf(file: string, field: string): string[] {
  const text = readFileSync(new URL(`badinput/price/${file}`, DATA), 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line)[field] as string);
}
