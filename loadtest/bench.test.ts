import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BenchOptions, runBench } from './bench.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-bench-'));
const BID = '{"id":"1","seatbid":[{"bid":[{"id":"b","impid":"1"}]}]}';
const samplesFile = join(dir, 'samples.json');
let server: Server;
let port = 0;

beforeAll(async () => {
  const anna = { customer: 'C1', person: 'p1', segments: ['new'] };
  const identities = [{ space: 'cookie', value: 'anna' }];
  writeFileSync(samplesFile, JSON.stringify({ bySegment: { new: [{ ...anna, identities }] } }));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      // Strangers get a reason instead of a bid, or nothing at all.
      const other = body.length % 2 === 0 ? '{"id":"1","seatbid":[],"nbr":8}' : '';
      const answer = body.includes('"buyeruid":"anna"') ? BID : other;
      const length = { 'Content-Length': answer.length };
      response.writeHead(answer === '' ? 204 : 200, answer === '' ? {} : length).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

it('reports what it saw, and INVALID where the generator was the bottleneck', async () => {
  const report = await bench({ seconds: 4, rate: 300, thresholds: 'errors=0%,ratio=12' });
  const bidShare = report.atRate.bids / report.atRate.answered;
  expect(report.atRate).toMatchObject({ errors: 0, unsent: 0, targetPerSecond: 300, non2xx: 0 });
  expect(bidShare).toBeGreaterThan(0.25);
  expect(bidShare).toBeLessThan(0.45);
  expect(report.maximum.answeredPerSecond).toBeGreaterThan(300);
  const { bids, noBids, answered } = report.maximum;
  expect(bids + noBids).toBe(answered);
  expect(bids / answered).toBeGreaterThan(0.25);
  expect(bids / answered).toBeLessThan(0.45);
  // Server and generator are one process here, and it is always busy in the closed loop.
  expect(report.verdict).toBe('INVALID');
  expect(report.invalid[0]).toContain("the maximum is the generator's");
  // Nobody said which processes serve, so the ratio could not be kept.
  expect(report.cost).toBeNull();
  expect(report.breached).toEqual(['ratio=12']);
});

it('says what is wrong before any load is made', async () => {
  await expect(bench({ url: 'http://127.0.0.1:1/bid/generic' })).rejects.toThrow(
    'cannot connect to 127.0.0.1:1',
  );
  await expect(bench({ url: 'https://127.0.0.1/bid/generic' })).rejects.toThrow('an http:// URL');
  await expect(bench({ seconds: Number.NaN })).rejects.toThrow('from 2 to 3600 seconds');
  await expect(bench({ thresholds: 'p99=fast' })).rejects.toThrow('expected a time such as 20ms');
  await expect(bench({ samplesFile: join(dir, 'none.json') })).rejects.toThrow('is missing');
});

function bench(options: Partial<BenchOptions>) {
  return runBench({
    url: `http://127.0.0.1:${port}/bid/generic`,
    exchange: 'generic',
    seconds: 4,
    connections: 8,
    seed: 7,
    serverPids: [],
    samplesFile,
    thresholds: '',
    ...options,
  });
}
