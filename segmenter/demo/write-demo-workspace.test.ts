import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, expect, it } from 'vitest';
import { loadWorkspace } from '../../settings/load-workspace.ts';
import { readSegmentFile } from '../../settings/segment-file.ts';
import { runSegmentTests } from '../../settings/segment-tests.ts';
import { isDemoUnfinished, writeDemoWorkspace } from './write-demo-workspace.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 5, 10);
const root = mkdtempSync(join(tmpdir(), 'rekindle-demo-'));
const shop = join(root, 'first', 'shops', 'demo');

afterAll(() => rmSync(root, { recursive: true, force: true }));

it('writes five orders a customer, no order in the future, and says what it wrote', async () => {
  const summary = await demo('first', 7);

  const orders = rows('crm/orders.csv');
  const ids = new Set(orders.map((row) => row['order_id']));
  expect(summary).toMatchObject({ shop: 'demo', customers: 400, orders: 2000, products: 600 });
  expect(ids.size).toBe(2000);
  expect(rows('crm/customers.csv')).toHaveLength(400);
  expect(rows('crm/devices.csv')).toHaveLength(summary.devices);
  expect(Math.max(...orders.map((row) => Date.parse(row['ordered_at']!)))).toBeLessThanOrEqual(
    NOW_MS,
  );
});

it('sells only what the feed offers, under a unique id and title', () => {
  const feed = rows('feed.csv');
  const known = new Set(feed.map((row) => row['id']));
  expect(known.size).toBe(600);
  expect(new Set(feed.map((row) => row['title'])).size).toBe(600);
  expect(rows('crm/orders.csv').filter((row) => !known.has(row['product_id']))).toEqual([]);
});

it('draws every picture as a small data URI that an attribute cannot break', () => {
  for (const { image_link } of rows('feed.csv')) {
    expect(image_link).toMatch(/^data:image\/svg\+xml,[A-Za-z0-9%,.:/=()-]{200,360}$/);
    expect(decodeURIComponent(image_link!)).toMatch(/<svg xmlns='[^<]+<\/svg>$|<\/svg>$/);
  }
});

it('is a workspace without a single problem', async () => {
  await demo('checked', 7, 12);
  const workspace = loadWorkspace(join(root, 'checked'));
  expect(workspace.shops).toMatchObject([{ shop: 'demo', currency: 'USD', locale: 'en-US' }]);
  expect(workspace.campaigns).toHaveLength(12);
  expect(workspace.campaigns.filter(({ active }) => active)).toHaveLength(11);
  expect(workspace.exchanges.map(({ exchange }) => exchange)).toEqual(['generic', 'simex']);
  expect(workspace.rates.asOfMs + workspace.rates.maxAgeMs).toBeGreaterThan(NOW_MS);
});

it('ships five segments whose rules are sound and whose own tests pass', () => {
  const results = ['new', 'existing', 'high_aov', 'lapsed_loyal', 'high_refusal'].flatMap(
    (name) => {
      const file = `segments/${name}.yaml`;
      const path = join(shop, file);
      const calendar = { timeZone: 'America/New_York', weekStart: 'monday' } as const;
      const owner = { currency: 'USD', locale: 'en-US', calendar };
      const { value, problems } = readSegmentFile({ path, shownAs: file, file, ...owner });
      expect(problems).toEqual([]);
      return runSegmentTests(value!);
    },
  );
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(15);
});

it('names only statuses that shop.yaml explains', () => {
  const yaml = readFileSync(join(shop, 'shop.yaml'), 'utf8');
  for (const status of new Set(rows('crm/orders.csv').map((row) => row['status']))) {
    expect(yaml).toContain(`\n  ${status}: `);
  }
});

it('writes the same bytes for the same seed and moment', async () => {
  await demo('again', 7);
  expect(digest(join(root, 'again'))).toBe(digest(join(root, 'first')));
});

it('writes other bytes for another seed', async () => {
  await demo('other', 8);
  expect(digest(join(root, 'other'))).not.toBe(digest(join(root, 'first')));
});

it('refuses a folder that holds anything, and leaves it alone', async () => {
  mkdirSync(join(root, 'mine'));
  writeFileSync(join(root, 'mine', 'notes.txt'), 'do not lose this');
  await expect(demo('mine', 7)).rejects.toThrow(/mine is not empty/);
  expect(readdirSync(join(root, 'mine'))).toEqual(['notes.txt']);
});

it('is written anew where it was cut short', async () => {
  const cut = () => {
    throw new Error('cut short');
  };
  await expect(demo('cut', 8, 9, cut)).rejects.toThrow('cut short');
  expect(isDemoUnfinished(join(root, 'cut'))).toBe(true);

  await demo('cut', 7);
  expect(isDemoUnfinished(join(root, 'cut'))).toBe(false);
  expect(digest(join(root, 'cut'))).toBe(digest(join(root, 'first')));
});

it('generates campaigns for load tests beyond the six of the shop', async () => {
  const summary = await demo('many', 7, 50);
  expect(summary.campaigns).toBe(50);
  expect(readdirSync(join(root, 'many', 'shops', 'demo', 'campaigns'))).toHaveLength(50);
});

function demo(folder: string, seed: number, campaigns = 6, onProgress = () => {}) {
  return writeDemoWorkspace({
    dir: join(root, folder),
    customers: 400,
    campaigns,
    seed,
    nowMs: NOW_MS,
    onProgress,
  });
}

function rows(file: string): Record<string, string>[] {
  return parse(readFileSync(join(shop, file)), { columns: true });
}

function digest(dir: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const path = join(dir, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}
