import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { key, TestShop } from '../build/test-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';
import { listHandovers } from './handover-ledger.ts';
import { sendWebhook } from './send-webhook.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const PEOPLE = 2100;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let shop: TestShop;
let received: Received[] = [];
/** Statuses of the next answers; 200 when they are used up. */
let answers: number[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    received.push({ headers: request.headers, body });
    response.writeHead(answers.shift() ?? 200, { location: '/elsewhere' }).end('whatever');
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  shop = await TestShop.open();
  const rows = Array.from({ length: PEOPLE }, (_, i) => `c${i},person.${i}@example.com\n`);
  await shop.import({ customers: `id,email\n${rows.join('')}` });
  await shop.build();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  server.close();
});
beforeEach(() => {
  received = [];
  answers = [];
});
afterEach(() => server.closeAllConnections());

const waits: number[] = [];
function send(path: string, changes: { url?: string; secret?: string; segment?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  const request = {
    dir: shop.dir,
    shop: 'test',
    segment: 'new',
    url: `http://127.0.0.1:${port}${path}`,
    secret: SECRET,
    phoneRegion: null,
    nowMs: systemClock.nowMs(),
    memoryMb: 256,
    threads: 2,
    ...changes,
  };
  waits.length = 0;
  const wait = async (ms: number) => waits.push(ms);
  return sendWebhook(request, {
    key,
    generations: shop.store.generations,
    clock: systemClock,
    wait,
  });
}

const pagesOf = () => received.map(({ body }) => JSON.parse(body));

describe('a segment that is sent to a webhook', () => {
  it('comes in pages that are signed by Standard Webhooks, everybody once, nothing raw', async () => {
    const report = await send('/a');
    expect(report).toMatchObject({ members: PEOPLE, people: PEOPLE, pages: 3, pagesSent: 3 });
    for (const { headers, body } of received) {
      const id = headers['webhook-id'] as string;
      const timestamp = headers['webhook-timestamp'] as string;
      const mac = createHmac('sha256', Buffer.alloc(32, 5)).update(`${id}.${timestamp}.${body}`);
      expect(headers['webhook-signature']).toBe(`v1,${mac.digest('base64')}`);
      expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
      expect(body).not.toContain('@');
    }
    const pages = pagesOf();
    expect(pages.map(({ page, people }) => [page, people.length])).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 100],
    ]);
    const people = pages.flatMap((page) => page.people);
    expect(new Set(people.map(({ customer_id }) => customer_id)).size).toBe(PEOPLE);
    expect(people).toContainEqual({
      customer_id: 'c7',
      person: expect.stringMatching(/^[\w-]{16}$/),
      email_sha256: createHash('sha256').update('person.7@example.com').digest('hex'),
    });
    expect(listHandovers(shopFiles(shop.dir, 'test')).at(-1)).toMatchObject({ to: 'webhook' });
  });

  it('is tried again where that may help, with longer waits, under the same id', async () => {
    answers = [503, 429, 200];
    expect(await send('/b')).toMatchObject({ pagesSent: 3 });
    expect(waits).toEqual([1000, 2000]);
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(3);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
  });

  it('goes on after the last page that was taken', async () => {
    answers = [200, 401];
    await expect(send('/c')).rejects.toThrow(
      /page 2 of 3 was not taken by 127\.0\.0\.1:\d+: answered 401 \(1 tries\); the same command goes on there/,
    );
    const first = pagesOf();
    received = [];
    answers = [500, 500, 500, 500, 500];
    await expect(send('/c')).rejects.toThrow('answered 500 (5 tries)');
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    received = [];
    expect(await send('/c')).toMatchObject({ pages: 3, pagesSent: 2 });
    expect(pagesOf().map(({ page }) => page)).toEqual([2, 3]);
    expect(pagesOf()[0]).toEqual(first[1]);
    received = [];
    expect(await send('/c')).toMatchObject({ pagesSent: 0 });
    expect(received).toEqual([]);
  });

  it('goes nowhere else than where it was meant for', async () => {
    answers = [307];
    await expect(send('/d')).rejects.toThrow('answered 307 (1 tries)');
    expect(received).toHaveLength(1);
    for (const url of [
      'http://example.com/',
      'https://a:b@example.com/',
      'ftp://example.com',
      'x',
    ]) {
      await expect(send('', { url }), url).rejects.toThrow('the webhook needs an https URL');
    }
    await expect(send('/d', { secret: 'guessable' })).rejects.toThrow(
      "the webhook's secret has 9 bytes; expected at least 24",
    );
    await expect(send('/d', { segment: 'existing' })).rejects.toThrow(
      'existing has 0 people for a webhook, and at least 100 are needed',
    );
  });
});
