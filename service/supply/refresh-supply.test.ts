import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange, SupplyRules } from '../../settings/exchange.ts';
import { supplySignature } from '../folder-signature.ts';
import { type RefreshOptions, refreshSupply } from './refresh-supply.ts';
import { openWeb, type Web } from './web.contract.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RULES: SupplyRules = {
  domain: 'ssp.example',
  adsTxt: 'require',
  sellersJson: 'when_known',
  schain: 'ignore',
  nodesMax: 5,
  blocked: [],
};
const SELLERS = '{"sellers":[{"seller_id":"1"}]}';

let dir = '';
let problems: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supply-'));
  problems = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(file: string, text: string): void {
  const path = join(dir, 'supply', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const read = (file: string) => readFileSync(join(dir, 'supply', file), 'utf8');
const has = (file: string) => existsSync(join(dir, 'supply', file));

function refresh(web: Web, more: Partial<RefreshOptions> = {}, rules: Partial<SupplyRules> = {}) {
  const exchange = { supply: { ...RULES, ...rules } } as Exchange;
  return refreshSupply({
    workspaceDir: dir,
    exchanges: [exchange],
    nowMs: NOW_MS,
    rules: web.rules,
    force: false,
    signal: new AbortController().signal,
    onProblem: (place, problem) => problems.push(`${place} ${problem}`),
    onProgress: () => {},
    ...more,
  });
}

async function webOf(pages: Readonly<Record<string, string>>): Promise<Web> {
  const web = await openWeb();
  for (const [page, body] of Object.entries(pages)) web.pages.set(page, { body });
  return web;
}

it('fetches what lists, apps and exchanges name, and what those files name', async () => {
  await using web = await webOf({
    'news.example/ads.txt':
      'SUBDOMAIN=m.news.example\nSUBDOMAIN=m.other.example\nINVENTORYPARTNERDOMAIN=partner.example',
    'm.news.example/ads.txt': 'a',
    'partner.example/ads.txt': 'b',
    'dev.example/app-ads.txt': 'c',
    'ssp.example/sellers.json': SELLERS,
    'reseller.example/sellers.json': SELLERS,
  });
  write('domains.txt', '# sites\nNews.example # ours\nhttp://x\nnews.example\nnone.example\n');
  write(
    'apps.csv',
    'bundle,store,developer_domain\ncom.app,,dev.example\nx,,\ncom.b,,Dev.example\n',
  );
  write('systems.txt', 'reseller.example\n');
  expect(await refresh(web)).toEqual({ fetched: 6, absent: 1, fresh: 0, unreachable: [] });
  expect(new Set(web.asked)).toEqual(new Set([...web.pages.keys(), 'none.example/ads.txt']));
  expect(read('app-ads-txt/dev.example.txt')).toBe('c');
  expect(read('sellers-json/ssp.example.json')).toBe(SELLERS);
  expect(has('ads-txt/m.other.example.txt')).toBe(false);
  expect(problems).toEqual(
    [
      'supply/apps.csv:3 expected bundle, host of the store or nothing, domain',
      'supply/domains.txt:3 expected a domain such as news.example',
    ]
      .sort()
      .reverse(),
  );
});

it('fetches only what an exchange asks for', async () => {
  await using web = await webOf({});
  write('domains.txt', 'news.example\n');
  await refresh(web, {}, { adsTxt: 'ignore' });
  expect(web.asked).toEqual(['ssp.example/sellers.json']);
  web.asked.length = 0;
  await refresh(web, { force: true }, { sellersJson: 'ignore' });
  expect(web.asked).toEqual(['news.example/ads.txt']);
});

describe('a file that was fetched', () => {
  const one = { sellersJson: 'ignore' } as const;
  async function fetched(headers: Record<string, string>): Promise<Web> {
    const web = await openWeb();
    web.pages.set('news.example/ads.txt', { body: 'first', headers });
    write('domains.txt', 'news.example\n');
    await refresh(web, {}, one);
    web.asked.length = 0;
    return web;
  }

  it.each([
    ['nothing', {}, 7 * DAY_MS],
    ['Cache-Control', { 'cache-control': 'public, max-age=7200' }, 2 * HOUR_MS],
    ['less than an hour', { 'cache-control': 'max-age=0' }, HOUR_MS],
    ['more than a week', { 'cache-control': 'max-age=99999999' }, 7 * DAY_MS],
    ['Expires', { expires: new Date(NOW_MS + DAY_MS).toUTCString() }, DAY_MS],
    ['an Expires that is none', { expires: '0' }, HOUR_MS],
    [
      'both, of which Cache-Control wins',
      { 'cache-control': 'max-age=7200', expires: new Date(NOW_MS + DAY_MS).toUTCString() },
      2 * HOUR_MS,
    ],
  ])('is due again as its server says: %s', async (_, headers, lifeMs) => {
    await using web = await fetched(headers);
    const early = await refresh(web, { nowMs: NOW_MS + lifeMs - 1 }, one);
    expect([early.fresh, web.asked]).toEqual([1, []]);
    expect((await refresh(web, { nowMs: NOW_MS + lifeMs }, one)).fetched).toBe(1);
    expect((await refresh(web, { force: true }, one)).fetched).toBe(1);
  });

  it('stays when it cannot be had any more, and is asked for again in an hour', async () => {
    await using web = await fetched({});
    web.pages.set('news.example/ads.txt', { status: 500 });
    const nowMs = NOW_MS + 7 * DAY_MS;
    const { unreachable } = await refresh(web, { nowMs }, one);
    expect(unreachable).toEqual([
      { file: 'ads-txt/news.example', why: expect.stringContaining('500'), goodMs: NOW_MS },
    ]);
    expect(read('ads-txt/news.example.txt')).toBe('first');
    expect((await refresh(web, { nowMs: nowMs + HOUR_MS - 1 }, one)).fresh).toBe(1);
    web.pages.set('news.example/ads.txt', { body: 'second' });
    expect((await refresh(web, { nowMs: nowMs + HOUR_MS }, one)).fetched).toBe(1);
    expect(read('ads-txt/news.example.txt')).toBe('second');
  });

  it('goes when its server says that there is none', async () => {
    await using web = await fetched({});
    web.pages.delete('news.example/ads.txt');
    expect((await refresh(web, { force: true }, one)).absent).toBe(1);
    expect(has('ads-txt/news.example.txt')).toBe(false);
    expect((await refresh(web, { nowMs: NOW_MS + DAY_MS - 1 }, one)).fresh).toBe(1);
  });
});

it('stops when nobody waits any more, and says nothing of what it gave up', async () => {
  await using web = await webOf({ 'a.example/ads.txt': 'a' });
  const stop = new AbortController();
  web.pages.set('b.example/ads.txt', () => stop.abort());
  write('domains.txt', 'a.example\n');
  write('wanted.txt', 'b.example\n');
  const report = await refresh(web, { signal: stop.signal }, { sellersJson: 'ignore' });
  expect(report.unreachable).toEqual([]);
  expect(read('fetched.json')).not.toContain('b.example');
  const aborted = await refresh(web, { signal: AbortSignal.abort(), force: true });
  expect(aborted.fetched).toBe(0);
});

it('keeps a list of sellers when what comes is none', async () => {
  await using web = await webOf({ 'ssp.example/sellers.json': SELLERS });
  await refresh(web);
  web.pages.set('ssp.example/sellers.json', { body: '{"sorry":1}' });
  const { unreachable } = await refresh(web, { force: true });
  expect(unreachable).toMatchObject([{ why: 'no list of sellers', goodMs: NOW_MS }]);
  expect(read('sellers-json/ssp.example.json')).toBe(SELLERS);
});

it('tells the service at its end, and begins anew without a ledger that can be read', async () => {
  await using web = await webOf({ 'ssp.example/sellers.json': SELLERS });
  const before = supplySignature(dir);
  await refresh(web);
  expect(supplySignature(dir)).not.toBe(before);
  write('fetched.json', '{"v":1,"files":{"sellers-json/ssp.example":7}}');
  expect((await refresh(web)).fetched).toBe(1);
  write('fetched.json', '{');
  expect((await refresh(web)).fetched).toBe(1);
});
