import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import { requestsTo } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

it('answers every request that fell due when the server keeps up', async () => {
  const result = await load(await serve(200), { ratePerSecond: 400, seconds: 1 });
  expect(result).toMatchObject({ noBids: 0, non2xx: 0, errors: 0, unsent: 0 });
  expect(result.bids).toBe(result.answered);
  expect(result.answered).toBeGreaterThan(300);
  expect(result.answered).toBeLessThan(500);
  expect(result.bidBytes).toBe(result.bids * 'hello'.length);
});

it('sees a stall of 50 ms in every request that fell due meanwhile', async () => {
  const port = await serve(204);
  const stall = setTimeout(() => blockMs(50), 500);
  const result = await load(port, { ratePerSecond: 1000, seconds: 1, connections: 2 });
  clearTimeout(stall);
  // About 50 of 1,000 requests fell due during the stall: a closed loop would have seen two.
  expect(result.noBids).toBe(result.answered);
  expect(result.latency.p99Us).toBeGreaterThan(25_000);
  expect(result.latency.maxUs).toBeGreaterThan(45_000);
  expect(result.latency.p50Us).toBeLessThan(20_000);
});

it('counts an answer that never comes as an error, and goes on', async () => {
  let asked = 0;
  const port = await serveWith((_status, answer) => {
    if (++asked % 20 !== 0) answer(204);
  });
  const result = await load(port, { ratePerSecond: 200, seconds: 1, timeoutMs: 100 });
  expect(result.errors).toBeGreaterThan(3);
  expect(result.answered).toBeGreaterThan(100);
});

it('counts what found no connection until the end as unsent', async () => {
  const port = await serveWith((_status, answer) => setTimeout(() => answer(204), 200));
  const result = await load(port, { ratePerSecond: 500, seconds: 1, connections: 1 });
  expect(result.unsent).toBeGreaterThan(300);
  expect(result.answered + result.unsent + result.errors).toBeGreaterThan(400);
});

it('counts 4xx and 5xx apart', async () => {
  const result = await load(await serve(503), { ratePerSecond: 100, seconds: 0.5 });
  expect(result.non2xx).toBe(result.answered);
  expect(result.serverErrors).toBe(result.answered);
});

it('keeps every connection busy when it saturates', async () => {
  const result = await load(await serve(200), { ratePerSecond: 'saturate', seconds: 0.5 });
  expect(result.answeredPerSecond).toBeGreaterThan(500);
  expect(result).toMatchObject({ errors: 0, unsent: 0, targetPerSecond: null });
});

it('says what it could not connect to', async () => {
  const port = await serve(200);
  server!.close();
  await expect(load(port, { ratePerSecond: 1, seconds: 1 })).rejects.toThrow(
    `cannot connect to 127.0.0.1:${port}`,
  );
});

function load(
  port: number,
  options: {
    ratePerSecond: number | 'saturate';
    seconds: number;
    connections?: number;
    timeoutMs?: number;
  },
) {
  const target = { host: '127.0.0.1', port, path: '/bid/generic' };
  return runOpenLoop({
    target,
    requests: requestsTo(target, ['{"id":"1"}', '{"id":"2"}']),
    connections: 8,
    timeoutMs: 1000,
    random: seededRandom(11),
    ...options,
  });
}

function serve(status: number): Promise<number> {
  return serveWith((_asked, answer) => answer(status));
}

function serveWith(
  handle: (asked: number, answer: (status: number) => void) => void,
): Promise<number> {
  let asked = 0;
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      handle(++asked, (status) => {
        const body = status === 204 ? '' : 'hello';
        response
          .writeHead(status, status === 204 ? {} : { 'Content-Length': body.length })
          .end(body);
      });
    });
  });
  return new Promise((resolve) => {
    server!.listen(0, '127.0.0.1', () => resolve((server!.address() as AddressInfo).port));
  });
}

function blockMs(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    // Client and server share this loop: nobody is served meanwhile.
  }
}
