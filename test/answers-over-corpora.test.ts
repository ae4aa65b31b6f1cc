/**
 * The validator over every answer that the bidder gives to the requests of others, over a real
 * socket, with everybody known and every campaign open. Three advertisers, named so that the corpora
 * block them, seat them and ask for their currencies.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { campaign, DAY_MS, NOW_MS, snapshotOf } from '../bidder/auction/shop.contract.ts';
import type { Snapshot } from '../bidder/auction/snapshot.ts';
import { EXCHANGE, KEY, openBench } from '../bidder/bidder.contract.ts';
import { auctionLines, fromAuction, hasData, jsonFiles } from '../bidder/corpora.contract.ts';
import { violationsOf, type WireAnswer } from '../certify/answers/answer-violations.ts';
import type { Agreement } from '../certify/answers/offer.ts';
import { isJson, json } from '../certify/answers/wire-json.ts';
import { file, JINGLE, SPOT } from '../creative/media.contract.ts';
import type { MediaCreative } from '../creative/media-creative.ts';
import { CREATIVE } from '../creative/native.contract.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { identityKey } from '../proto/ids.ts';
import { billedBy } from '../settings/billing-section.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { PublishedShop } from '../settings/published-shop.ts';
import type { ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';

const PER_USD = { USD: 1, EUR: 0.5, JPY: 150, GBP: 0.7, CHF: 0.9, RUB: 80, MXN: 18, AUD: 1.6 };
const AGREEMENT = {
  perUsd: PER_USD,
  // The bidder's reading: places from before HTML was named list scripts when they render markup.
  markupMimes: ['text/javascript', 'application/javascript'],
  mimeNames: { 'audio/mp3': 'audio/mpeg' },
};

/** In the files that places ask for most. */
const FILM: MediaCreative = {
  ...SPOT,
  files: [
    file(),
    file({ url: 'https://cdn.example/a.webm', mime: 'video/webm' }),
    file({
      url: 'https://cdn.example/a.m3u8',
      mime: 'application/x-mpegurl',
      delivery: 'streaming',
    }),
  ],
};

interface Market {
  readonly name: string;
  readonly exchange: Partial<Exchange>;
  /** What the exchange has agreed besides. */
  readonly agreement?: Partial<Agreement>;
  readonly domains: readonly string[];
  readonly categories: ShopSettings['categories'];
  readonly dsa: ShopSettings['dsa'];
  readonly currency: string;
  readonly locale: string;
}

const MARKETS: readonly Market[] = [
  {
    name: 'a shop that nobody blocks',
    exchange: { currencies: Object.keys(PER_USD), multiBid: true },
    domains: ['shop.acme.example'],
    categories: { 1: ['IAB22-1'], 2: ['473'], 6: ['473'], 7: ['473'] },
    dsa: { behalf: 'Acme', paid: 'Acme Holding', rendered: false },
    currency: 'USD',
    locale: 'en-GB',
  },
  {
    name: 'the seat and the advertiser that the corpora name most, in French',
    exchange: { seat: 'Agency1', currencies: ['JPY', 'EUR', 'USD'], billing: billedBy('nurl') },
    domains: ['shop.ford.com', 'go-text.me'],
    categories: { 1: ['IAB9-9', 'IAB1'] },
    dsa: { behalf: 'Ford', paid: 'Ford', rendered: true },
    currency: 'EUR',
    locale: 'fr',
  },
  {
    name: 'no seat, and what 2012 blocks',
    exchange: {
      seat: '',
      currencies: ['EUR', 'USD', 'GBP'],
      billing: billedBy('impression'),
      native: { wrapped: 'always', form: 'object' },
    },
    agreement: { nativeWrapped: true, nativeObject: true },
    domains: ['facebook.com', 'heywire.com'],
    categories: { 1: ['IAB25-3', 'IAB11-4'] },
    dsa: null,
    currency: 'JPY',
    locale: 'en',
  },
];

describe('promise 8: answers over the corpora', () => {
  it.skipIf(!hasData).each(MARKETS)(
    'break no rule of OpenRTB: $name (skipped without ../shared/data)',
    async (market) => {
      const judged = await judgeAll(market);
      report(market, judged);
      expect(judged.violations).toEqual({});
      expect(judged.known).toBeGreaterThan(1000);
      expect(judged.bids).toBeGreaterThan(1000);
    },
    180_000,
  );
});

interface Judged {
  requests: number;
  answers: Record<number, number>;
  bids: number;
  known: number;
  /** By rule and detail, with the first request of each. */
  readonly violations: Record<string, { count: number; first: string }>;
}

async function judgeAll(market: Market): Promise<Judged> {
  const judged: Judged = { requests: 0, answers: {}, bids: 0, known: 0, violations: {} };
  await using bench = await openBench(snapshotFor(market), {
    exchange: { ...EXCHANGE, networkMs: 1, ...market.exchange },
    deadlineMs: 50,
    store: (real) => everybodyKnown(real, judged),
  });
  const backend = await chooseBackend();
  const listening = { host: '127.0.0.1', port: 0, shared: false };
  const server = await backend.listen(bench.bidder.routes, listening);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const agreement = { ...AGREEMENT, ...market.agreement };
  for (const body of corpora()) {
    judge(judged, body, { answer: await ask(server.port, agent, body), agreement });
  }
  agent.destroy();
  await server.drain(1000);
  expect(bench.errors).toEqual([]);
  return judged;
}

/** All campaigns are open; the dearer a campaign, the more of it may be blocked. */
function snapshotFor({ domains, categories, dsa, currency, locale }: Market): Snapshot {
  const sizes = (
    '300x250 336x280 728x90 160x600 300x600 320x50 320x100 468x60 970x250 250x250 300x50 300x300 ' +
    '320x250 320x480 120x600 200x20 33x11 50x50 100x100 728x250 300x100 300x200'
  ).split(' ');
  const shared = {
    sizes,
    startMs: NOW_MS - 10 * DAY_MS,
    // Far above every price, so that the first lease lasts: it is worth a hundred of these.
    maxCpmMicros: 100_000_000_000,
    budgetNanos: 1_000_000_000_000_000,
  };
  const attributes = [[1, 9, 14], [2, 22], [13], [6, 7, 8], [], []];
  const deals = dealsOfCorpora();
  const supplied = { native: CREATIVE, video: FILM, audio: JINGLE };
  const campaigns = attributes.flatMap((each, i) => [
    campaign(`open-${i}`, { ...shared, ...supplied, attributes: each, multiplier: 20 - 3 * i }),
    campaign(`deals-${i}`, {
      ...shared,
      ...supplied,
      attributes: each,
      multiplier: 9 - i,
      ...buying(deals),
    }),
  ]);
  const rates = { asOfMs: NOW_MS, maxAgeMs: DAY_MS, perReference: PER_USD };
  return snapshotOf(campaigns, { rates }, (shop) =>
    changed(shop, { domains, categories, dsa, currency, locale }),
  );
}

const buying = (deals: readonly string[]) => ({ deals, openAuction: false });

/** The ids of all deals that anybody is invited to. */
function dealsOfCorpora(): string[] {
  const ids = new Set<string>();
  for (const body of corpora()) {
    if (!body.includes('"deals"')) continue;
    for (const [, id] of body.toString().matchAll(/"id"\s*:\s*"([^"]{1,256})"/g)) ids.add(id!);
  }
  return [...ids];
}

/** Of every third item the picture is no https, so that places that demand it make a difference. */
function changed(
  shop: PublishedShop,
  settings: Pick<Market, 'domains' | 'categories' | 'dsa' | 'currency' | 'locale'>,
): PublishedShop {
  const { catalogue } = shop;
  const items = catalogue.items.map((item, i) =>
    i % 3 === 0 ? { ...item, imageUrl: item.imageUrl.replace('https:', 'http:') } : item,
  );
  return {
    ...shop,
    settings: { ...shop.settings, ...settings },
    catalogue: { ...catalogue, items },
  };
}

/** Whoever a request names is anna, boris or clara. */
function everybodyKnown(real: Store, judged: Judged): Store {
  const people = ['anna', 'boris', 'clara'].map((name) => identityKey(KEY, 'cookie', `c-${name}`));
  return {
    ...real,
    hot: {
      holdsBlanks: real.hot.holdsBlanks,
      worthRemembering: false,
      readPerson(read, receiver) {
        const named = read.identities[0] ?? '';
        read.identities = [people[named.charCodeAt(0) % people.length]!];
        real.hot.readPerson(read, {
          personRead: (found) => {
            if (found.profile !== null) judged.known += 1;
            receiver.personRead(found);
          },
        });
      },
    },
  };
}

function corpora(): Buffer[] {
  const requests = [...jsonFiles('openrtb/requests/'), ...jsonFiles('openrtb/invalid/')];
  return [
    ...requests,
    ...requests.flatMap(asKnown),
    ...auctionLines().map((line) => Buffer.from(JSON.stringify(fromAuction(line)))),
  ];
}

/** The same request by somebody whom the bidder gave an id. */
function asKnown(body: Buffer): Buffer[] {
  const request = parsed(body);
  if (!isJson(request)) return [];
  const user = { ...json(request['user']), buyeruid: 'c-anna' };
  return [Buffer.from(JSON.stringify({ ...request, user }))];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}

async function ask(port: number, agent: Agent, body: Buffer): Promise<WireAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.byteLength };
    const to = { host: '127.0.0.1', port, path: '/bid/demo', method: 'POST', agent, headers };
    httpRequest(to, resolve).on('error', reject).end(body);
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers as WireAnswer['headers'],
    body: await buffer(response),
  };
}

function judge(
  judged: Judged,
  body: Buffer,
  { answer, agreement }: { answer: WireAnswer; agreement: Agreement },
): void {
  judged.requests += 1;
  judged.answers[answer.status] = (judged.answers[answer.status] ?? 0) + 1;
  const request = parsed(body);
  for (const violation of violationsOf(request, answer, agreement)) {
    const { count = 0, first = '' } = judged.violations[violation] ?? {};
    judged.violations[violation] = { count: count + 1, first: first || body.toString() };
  }
  if (answer.status !== 200) return;
  const { seatbid } = parsed(answer.body) as { seatbid: { bid: unknown[] }[] };
  judged.bids += seatbid.flatMap(({ bid }) => bid).length;
}

function report({ name }: Market, { requests, bids, known, answers }: Judged): void {
  const statuses = JSON.stringify(answers);
  process.stdout.write(
    `${name}: ${requests} requests judged, ${known} people known, ${bids} bids, answers ${statuses}\n`,
  );
}
