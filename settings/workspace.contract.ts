import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { readWorkspace } from './load-workspace.ts';

/** Every workspace of a test file lies below it. */
export const root = mkdtempSync(join(tmpdir(), 'rekindle-workspace-'));
afterAll(() => rmSync(root, { recursive: true }));

export const SHOP = `shop: tea
title: Tea
currency: EUR
time_zone: America/New_York
domains: [tea.example]
allowed_hosts: [tea.example]
economics: { click_rate: 0.002, conversion_rate: 0.02, margin: 0.3, new_order_value: 40.5 EUR }
statuses: { done: paid, 'refused at door': cancelled }
`;
export const CAMPAIGN = `campaign: spring
title: Spring
start: 2026-03-08
end: 2026-11-01
budget: { amount: 100.25 EUR, per: day }
bid: { max_cpm: 12 EUR }
segments: { any_of: [existing] }
exchanges: [big]
frequency: [{ max: 3, per: 24h, scope: shop }]
creative: { template: banner.html, sizes: [300x250, 728x90] }
offer: ten
landing_url: https://tea.example/spring
`;
export const FILES: Readonly<Record<string, string>> = {
  'rekindle.yaml': 'version: 1\n',
  'rates.yaml': 'as_of: 2026-11-20\nmax_age: 7d\nper_reference: { USD: 1, EUR: 0.92 }\n',
  'exchanges/big.yaml': 'exchange: big\ncurrencies: [USD]\nbilling: nurl\nnetwork: 30ms\n',
  'shops/tea/shop.yaml': SHOP,
  'shops/tea/templates/banner.html': '<p>',
  'shops/tea/offers/ten.yaml': 'offer: ten\ntext: 10 % off\ncoupon: TEN\n',
  'shops/tea/segments/existing.yaml':
    'segment: existing\ntitle: Existing\nall: [ { orders.count: { gte: 1 } } ]\n',
  'shops/tea/campaigns/spring.yaml': CAMPAIGN,
};
let made = 0;

/** Writes a small workspace with one shop; a file that is null is left out. */
export function workspace(changes: Readonly<Record<string, string | null>> = {}): string {
  const dir = join(root, String(++made));
  for (const [name, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

/** As `rekindle validate` tells them. */
export function problemsOf(dir: string): string[] {
  return readWorkspace(dir).problems.map(({ file, line, column, path, message, suggestion }) =>
    [`${file}:${line}:${column}`, path, message, ...(suggestion ? [`→ ${suggestion}`] : [])].join(
      ' ',
    ),
  );
}

export function check(
  changes: Readonly<Record<string, string | null>>,
  ...expected: string[]
): void {
  expect(problemsOf(workspace(changes))).toEqual(expected);
}
