import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BidRequest } from '../../bidder/auction/bid-request.ts';
import type { SupplyIndex } from '../../bidder/supply/supply-index.ts';
import { NO_SUPPLY_INDEX, supplyCheck, supplyRefusal } from '../../bidder/supply/supply-refusal.ts';
import { WantedDomains } from '../../bidder/supply/wanted-domains.ts';
import type { Exchange, SupplyRules } from '../../settings/exchange.ts';
import { asksForFiles, loadSupplyIndex, SupplyFiles } from './load-supply-index.ts';

const RULES: SupplyRules = {
  domain: 'ssp.example',
  adsTxt: 'require',
  sellersJson: 'require',
  schain: 'ignore',
  nodesMax: 5,
  blocked: [],
};

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supply-'));
  write('ads-txt/news.example.txt', 'ssp.example,1,DIRECT\nother.example,2,DIRECT\nrubbish\n');
  write('ads-txt/.draft', 'x');
  write('ads-txt/NOT A DOMAIN.txt', 'x');
  write('app-ads-txt/dev.example.txt', 'ssp.example,1,RESELLER\n');
  write('apps.csv', 'bundle,store,developer_domain\ncom.app,play.google.com,dev.example\n');
  write('sellers-json/ssp.example.json', '{"sellers":[{"seller_id":"1"}]}');
  write('sellers-json/broken.example.json', '{');
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(file: string, text: string): void {
  const path = join(dir, 'supply', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function exchanges(...rules: readonly Partial<SupplyRules>[]): Exchange[] {
  return rules.map((each) => ({ supply: { ...RULES, ...each } }) as Exchange);
}

function refusal(index: SupplyIndex, path: Partial<BidRequest['supply']>, appBundle = '') {
  const supply = { site: '', store: '', publisher: '1', partner: '', chain: null, ...path };
  return supplyRefusal(supplyCheck(RULES, index, new WantedDomains()), { supply, appBundle });
}

it('makes an index of every file, and tells what cannot be read with its line', async () => {
  const problems: string[] = [];
  const index = await loadSupplyIndex(dir, exchanges({}), (place, problem) =>
    problems.push(`${place}  ${problem}`),
  );
  expect(refusal(index, { site: 'www.news.example' })).toBeNull();
  expect(refusal(index, { site: 'www.news.example', publisher: '2' })).toBe('ads-txt-violation');
  expect(refusal(index, { store: 'play.google.com' }, 'com.app')).toBeNull();
  expect(refusal(index, { store: 'apps.apple.com' }, 'com.app')).toBe('ads-txt-unavailable');
  expect(problems).toEqual([
    'supply/ads-txt/news.example.txt:3  neither a record nor a variable',
    'supply/sellers-json/broken.example.json  no list of sellers',
  ]);
});

it('holds no more than what is asked for', async () => {
  const facts = async (...rules: readonly Partial<SupplyRules>[]) =>
    (await loadSupplyIndex(dir, exchanges(...rules), () => {})).counts.facts;
  // Two files with a record each, one app; the file of an exchange and a seller.
  expect(await facts({})).toBe(7);
  expect(await facts({ schain: 'when_present' })).toBe(8);
  expect(await facts({ sellersJson: 'ignore' })).toBe(5);
  expect(await facts({ adsTxt: 'ignore' })).toBe(2);
  const nothing = { adsTxt: 'ignore', sellersJson: 'ignore' } as const;
  expect(await loadSupplyIndex(dir, exchanges(nothing), () => {})).toBe(NO_SUPPLY_INDEX);
  expect(asksForFiles(exchanges(nothing, nothing))).toBe(false);
  expect(asksForFiles(exchanges(nothing, {}))).toBe(true);
});

it('is read again when a list or the ledger is written, or when other things are asked', async () => {
  const files = new SupplyFiles(dir);
  const first = await files.index(exchanges({}));
  expect(await files.index(exchanges({}))).toBe(first);
  const other = await files.index(exchanges({ schain: 'require' }));
  expect(other).not.toBe(first);
  write('fetched.json', '{}');
  expect(await files.index(exchanges({ schain: 'require' }))).not.toBe(other);
});

it('is empty without a folder', async () => {
  rmSync(join(dir, 'supply'), { recursive: true });
  const index = await loadSupplyIndex(dir, exchanges({}), () => {});
  expect(index.counts).toEqual({ files: 0, facts: 0 });
});
