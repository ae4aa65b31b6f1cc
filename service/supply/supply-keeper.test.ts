import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { RefreshOptions, RefreshReport } from './refresh-supply.ts';
import { SupplyKeeper } from './supply-keeper.ts';

const QUARTER_HOUR_MS = 900_000;
const ASKING = {
  supply: {
    domain: 'ssp.example',
    adsTxt: 'when_known',
    sellersJson: 'ignore',
    schain: 'ignore',
    nodesMax: 5,
    blocked: [],
  },
} as unknown as Exchange;
const REPORT: RefreshReport = { fetched: 1, absent: 0, fresh: 0, unreachable: [] };

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supply-keeper-'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true });
});

function keeperOf(refresh: (options: RefreshOptions) => Promise<RefreshReport>) {
  const told: string[] = [];
  const none = (): void => {};
  const tell = (text: string) => void told.push(text);
  const exchanges: Exchange[] = [];
  const keeper = new SupplyKeeper({
    workspaceDir: dir,
    clock: systemClock,
    log: { debug: none, info: tell, warn: none, error: tell },
    exchanges: () => exchanges,
    refresh,
  });
  return { keeper, exchanges, told };
}

const wanted = () => readFileSync(join(dir, 'supply/wanted.txt'), 'utf8');

it('fetches nothing and writes nothing until an exchange asks, then every quarter of an hour', async () => {
  let refreshes = 0;
  const { keeper, exchanges } = keeperOf(async () => {
    refreshes++;
    return REPORT;
  });
  keeper.want(['www.news.example']);
  keeper.start();
  await vi.advanceTimersByTimeAsync(QUARTER_HOUR_MS - 1);
  expect([refreshes, existsSync(join(dir, 'supply'))]).toEqual([0, false]);
  exchanges.push(ASKING);
  await vi.advanceTimersByTimeAsync(1);
  expect(refreshes).toBe(1);
  await vi.advanceTimersByTimeAsync(QUARTER_HOUR_MS);
  expect(refreshes).toBe(2);
  await keeper.stop();
  await vi.advanceTimersByTimeAsync(10 * QUARTER_HOUR_MS);
  expect(refreshes).toBe(2);
});

it('lists what workers want by its registered domain, before it fetches and for later', async () => {
  const lists: string[] = [];
  const { keeper, exchanges } = keeperOf(async () => {
    lists.push(wanted());
    return REPORT;
  });
  exchanges.push(ASKING);
  keeper.want(['www.news.example', 'm.news.example', 'www.paper.co.uk']);
  keeper.start();
  await vi.advanceTimersByTimeAsync(1);
  keeper.want(['late.example']);
  await vi.advanceTimersByTimeAsync(QUARTER_HOUR_MS);
  expect(lists).toEqual([
    'news.example\npaper.co.uk\n',
    'news.example\npaper.co.uk\nlate.example\n',
  ]);
  await keeper.stop();
});

it('tells a refresh that failed, and goes on', async () => {
  let refreshes = 0;
  const { keeper, exchanges, told } = keeperOf(async () => {
    if (refreshes++ === 0) throw new Error('disk full');
    return REPORT;
  });
  exchanges.push(ASKING);
  keeper.start();
  await vi.advanceTimersByTimeAsync(QUARTER_HOUR_MS + 1);
  expect(told).toEqual([
    'supply was not refreshed; the files that are there serve',
    'supply was refreshed',
  ]);
  await keeper.stop();
});

it('gives up what is under way when it stops', async () => {
  const { keeper, exchanges } = keeperOf(
    ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(REPORT))),
  );
  exchanges.push(ASKING);
  keeper.start();
  await vi.advanceTimersByTimeAsync(1);
  await keeper.stop();
});
