import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';
import type { ErasureRecord } from './forget-request.ts';
import { MAPPING } from './person-shop.contract.ts';

const compiled = resolve('dist/segmenter/run-job.js');
const { runForget, JobFailed } = (await import(
  pathToFileURL(compiled).href
)) as typeof import('../run-job.ts');

const CUSTOMERS = 3000;
const KILLS = 15;
/** One person with c7, whom the request names. */
const TWIN = 'twin,person.7@example.com,89165550000,Varna\n';

async function filled(): Promise<TestShop> {
  const shop = await TestShop.open();
  const ids = Array.from({ length: CUSTOMERS }, (_, i) => i);
  const customers = ids.map(
    (i) => `c${i},person.${i}@example.com,8916${2_000_000 + i * 7},town ${i}\n`,
  );
  const orders = ids.map((i) => `${i},c${i},2026-11-01T10:00,p${i % 7},5,paid\n`);
  const bad = ids.slice(0, 40).map((i) => `x${i},c${i},never,p1,5,paid\n`);
  await shop.import(
    {
      customers: `id,email,phone,town\n${customers.join('')}${TWIN}`,
      orders: `order,customer,time,product,price,status\n${orders.join('')}${bad.join('')}`,
      devices: `customer,space,value\n${ids.map((i) => `c${i},cookie,k${i}\n`).join('')}`,
    },
    { ...MAPPING, customers: { ...MAPPING.customers!, join_by: ['email'] } },
  );
  await shop.build();
  return shop;
}

function forget(shop: TestShop, started: (pid: number) => void = () => {}): Promise<ErasureRecord> {
  const query = { customers: ['c7'], emails: [], phones: [], devices: [] };
  const timeZone = 'Europe/Sofia';
  const request = {
    dir: shop.dir,
    shop: 'test',
    query,
    lift: false,
    timeZone,
    nowMs: AS_OF_MS,
    all: true,
  };
  const access = { key, store: { url: '', dir: shop.dir } };
  return runForget({ ...request, memoryMb: 256, threads: 2 }, access, { started });
}

/** What must be the same however often the job was killed. */
function content(shop: TestShop): Record<string, string> {
  const files = shopFiles(shop.dir, 'test');
  const { customers, orders, orderLines, devices, links, consent, suppressed, samples, joined } =
    files;
  const all = {
    ...{ customers, orders, orderLines, devices, links, consent },
    ...{ suppressed, samples, joined },
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, file]) => [
      name,
      existsSync(file) ? readFileSync(file).toString('base64') : '',
    ]),
  );
}

it('promise 7: forgetting that is killed anywhere is finished by the same command, to the same bytes', async () => {
  await using undisturbed = await filled();
  const startedMs = performance.now();
  const once = await forget(undisturbed);
  const tookMs = performance.now() - startedMs;
  await using shop = await filled();
  const before = content(shop);
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const delayMs = (tookMs * 1.1 * kill) / KILLS;
    const run = forget(shop, (pid) => {
      setTimeout(() => {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It had finished.
        }
      }, delayMs);
    });
    await run.catch((error: Error) => {
      expect(error).toBeInstanceOf(JobFailed);
      killed++;
    });
    // A half of it is never in place, but for a rename that the next run finishes.
    const now = content(shop);
    const { folder } = shopFiles(shop.dir, 'test');
    if (existsSync(`${folder}/replace.json`)) continue;
    const changed = now['customers'] !== before['customers'];
    expect(now['orders'] !== before['orders']).toBe(changed);
    expect(now['suppressed'] !== '').toBe(changed);
  }
  const record = await forget(shop);
  expect(killed).toBeGreaterThan(KILLS / 3);
  expect(content(shop)).toEqual(content(undisturbed));
  const stays = ({ customers, persons, identities, phones, erasedAtMs }: ErasureRecord) => ({
    ...{ customers, persons, identities, phones },
    isDone: erasedAtMs !== null,
  });
  expect(stays(record)).toEqual(stays(once));
  expect(record.customers).toBe(2);
  expect(readFileSync(shopFiles(shop.dir, 'test').joined, 'utf8')).toBe('[]');
}, 180_000);
