/** What one shop lacks at the start keeps nobody from being served, and what is edited meanwhile is taken over. */
import { appendFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MANIFEST_BLOB, MANIFEST_FORMAT } from '../rules/manifest.ts';
import { Duck } from '../segmenter/duck.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { openStore } from '../store/open-store.ts';
import { RunningService } from './running-service.contract.ts';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 300 });
}, 60_000);
afterAll(async () => {
  await service.remove();
});

const NEW_SHOP = `shop: fresh
title: Fresh
currency: EUR
time_zone: Europe/Sofia
statuses: { like: metrica }
domains: [fresh.example]
categories: [IAB18]
allowed_hosts: [fresh.example]
economics: { click_rate: 0.004, conversion_rate: 0.03, margin: 0.35, new_order_value: 90 EUR }
`;
const RULE = `segment: buyers
title: Buyers
all: [{ orders.paid: { gte: 1 } }]
bid: { multiplier: 2, max_cpm: 5 EUR }
`;

/** As an older Rekindle has left it, which another format of generations follows. */
async function publishOutdated(shop: string): Promise<void> {
  const generation = '20260101T000000000Z-aaaaaaaaaaaa';
  await using store = await openStore({ url: '', dir: service.dir });
  await using writer = await store.generations.write(shop, generation);
  const manifest = JSON.stringify({ format: MANIFEST_FORMAT - 1, generation });
  await writer.putBlob(MANIFEST_BLOB, Buffer.from(manifest));
  await writer.seal({ profiles: 0, links: 0 });
  await store.generations.flip(shop, generation);
}

const rollBack = (shop: string) => () => service.run('segment', shop, '--rollback');

it('starts beside a file that is cut off and a shop without data or a generation that can be read, which begins with an upload', async () => {
  await service.start();
  expect(await service.stop()).toBe(0);
  const shops = join(service.dir, 'shops');
  const cutOff = join(shops, 'demo', 'crm', 'orders.json');
  writeFileSync(cutOff, '[{"order_id": "1"');
  utimesSync(cutOff, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
  mkdirSync(join(shops, 'fresh', 'segments'), { recursive: true });
  writeFileSync(join(shops, 'fresh', 'shop.yaml'), NEW_SHOP);
  writeFileSync(join(shops, 'fresh', 'segments', 'buyers.yaml'), RULE);
  await publishOutdated('fresh');
  expect(rollBack('demo')).toThrow(/demo has no generation before to go back to\n$/);
  const before = JSON.parse(service.run('segment', 'demo', '--history', '--json'));

  const { temp, folder, lock } = shopFiles(service.dir, 'fresh');
  const command = await Duck.open({ memoryMb: 64, threads: 1, tempDir: temp, folders: [folder] });
  await command.lock(lock);
  service.printed = '';
  const starting = service.start();
  await service.until('demo is looked at', 60_000, async () =>
    service.printed.includes('segments demo'),
  );
  const rules = join(shops, 'demo', 'segments');
  appendFileSync(join(rules, readdirSync(rules)[0]!), '# edited before it serves\n');
  await starting;
  expect(service.printed).toMatch(/! import demo +orders\.json:1: the JSON list is never closed/);
  expect(service.printed).toMatch(/! segments fresh +.*lock\.duckdb is held by process/);
  expect(() => service.run('explain', '--shop', 'fresh', '--person', 'u1')).toThrow(
    /fresh serves nothing that this Rekindle has built: run rekindle segment fresh first/,
  );
  await command[Symbol.asyncDispose]();
  await service.until('the command has ended', 20_000, async () =>
    service.printed.includes('nothing was imported for fresh yet'),
  );
  await service.until(
    'what was edited meanwhile is built',
    20_000,
    async () => (await service.counter('rekindle_rebuilds_total', { result: 'published' })) === 1,
  );
  const { entries } = JSON.parse(service.run('segment', 'demo', '--history', '--json'));
  expect(entries.slice(0, -1)).toEqual(before.entries);

  const orders = 'id,create_date_time,client_uniq_id,revenue\n1,2026-07-01,u1,5\n';
  const sent = await fetch(`${service.admin}/crm/fresh/data/simple_orders`, {
    method: 'POST',
    body: orders,
  });
  expect(sent.status).toBe(200);
  await service.until('the first segments of fresh serve', 30_000, async () => {
    const told = service.run('explain', '--shop', 'fresh', '--person', 'u1', '--json');
    return JSON.parse(told).segments[0].member === true;
  });
  expect(rollBack('fresh')).toThrow(
    /fresh: the generation before, .* was built by an older Rekindle/,
  );
}, 120_000);
