import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import { encodeLiveFacts } from '../../proto/records.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { forgetPerson } from '../forget/forget-person.ts';
import { FILES, MAPPING } from '../forget/person-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';
import { acceptUpload, openUpload } from '../uploads/waiting-uploads.ts';
import { collectPerson } from './collect-person.ts';
import type { HeldOfPerson } from './held-record.ts';

const NOW_MS = Date.now();
const person = customerPersonId(key, 'test', 'anna');
const cookie = identityKey(key, 'cookie', 'canary-c1');

function request(shop: TestShop) {
  const query = { customers: ['anna'], emails: [], phones: [], devices: [] };
  return {
    dir: shop.dir,
    shop: 'test',
    query,
    timeZone: 'Europe/Sofia',
    nowMs: NOW_MS,
    memoryMb: 256,
    threads: 2,
  };
}

const collect = (shop: TestShop) => collectPerson(request(shop), { key, store: shop.store });

const counts = ({ places }: HeldOfPerson) =>
  Object.fromEntries(Object.entries(places).map(([place, { length }]) => [place, length]));

async function filled(): Promise<TestShop> {
  const shop = await TestShop.open();
  await shop.import(FILES, MAPPING);
  await shop.build();
  const live = { shop: 'test', person, keepMs: 60_000, nowMs: NOW_MS };
  const views = [{ item: 'p1', atS: 7 }];
  await shop.store.live.update(live, () => Buffer.from(encodeLiveFacts({ person, views })));
  const subject = { shop: 'test', person, campaignKey: 7, bidKey: 9, nowMs: NOW_MS };
  await shop.store.caps.confirm(subject);
  const sync = { cookie, exchange: 'big', theirs: 'their-id' };
  await shop.store.syncs.put('test', sync, NOW_MS + 60_000);
  return shop;
}

it('promise 7: tells everything that is held of a person, place by place, and of nobody else', async () => {
  await using shop = await filled();
  const held = await collect(shop);
  expect(counts(held)).toMatchObject({
    customers: 2,
    orders: 2,
    'order lines': 2,
    devices: 3,
    'link log': 5,
    'customer attributes': 1,
    events: 4,
    'event attributes': 4,
    // A customer each, their two orders, what both are members of and due on, and a digest of each.
    'kept facts': 10,
    'rejected rows': 1,
    profiles: 2,
    'live facts': 1,
    'exposure logs': 1,
    'user syncs': 1,
    'requests to forget': 0,
  });
  expect(held).toMatchObject({ customers: ['anna', 'anna-2'], unnamed: ['anna-2'] });
  const { places } = held;
  expect(places['customers']).toContainEqual(
    expect.objectContaining({ customer_id: 'anna', email: 'anna@example.com', person }),
  );
  expect(places['order lines']).toContainEqual(
    expect.objectContaining({ order_id: '1', product: 'p1', revenue_micros: 10_500_000 }),
  );
  expect(places['profiles']).toContainEqual(
    expect.objectContaining({ person, segments: expect.arrayContaining(['existing', 'recent']) }),
  );
  expect(places['links']).toContainEqual(expect.objectContaining({ identity: cookie, person }));
  expect(places['live facts']).toEqual([expect.objectContaining({ person })]);
  expect(places['exposure logs']).toEqual([
    { person, campaignKey: 7, state: 'shown', atMs: NOW_MS, bidKey: 9 },
  ]);
  expect(places['rejected rows']).toEqual([
    expect.objectContaining({ line: '6', column: 'time', row: '5,anna,never,p1,1,80.00,paid' }),
  ]);
  expect(JSON.stringify(held)).not.toMatch(/boris|vera/);
});

it('tells of data before imports, by customer, and which uploads wait', async () => {
  await using shop = await TestShop.open();
  const customers = 'id,email,phone,town\nanna,former@example.com,,\nboris,boris@example.com,,\n';
  await shop.import({ customers }, MAPPING);
  await shop.import(FILES, MAPPING);
  await shop.import({ customers }, MAPPING);
  const files = shopFiles(shop.dir, 'test');
  const folder = openUpload(files);
  writeFileSync(join(folder, 'customers.csv'), customers);
  const upload = acceptUpload(files, folder, {
    ...{ kind: 'customers', like: null, merge: 'update', dryRun: false, force: false },
    ...{ file: 'customers.csv', receivedMs: NOW_MS },
  });
  const held = await collect(shop);
  expect(held.places['uploads that wait']).toEqual([
    { upload, kind: 'customers', receivedMs: NOW_MS },
  ]);
  const before = held.places['data before imports']!;
  const emails = before
    .filter(({ place, customer_id: id }) => place === 'customers' && id === 'anna')
    .map(({ before, email }) => [before, email]);
  // Nothing lay there before the first import.
  expect(emails).toEqual([
    [2, 'former@example.com'],
    // Each of the four files of the second has a number.
    [6, 'anna@example.com'],
  ]);
  expect(before.filter(({ place }) => place === 'events')).toHaveLength(4);
  expect(JSON.stringify(held)).not.toMatch(/boris|vera/);
});

it('changes nothing, and tells of nothing but the request once the person is forgotten', async () => {
  await using shop = await filled();
  const before = await collect(shop);
  expect(await collect(shop)).toEqual(before);
  const ports = { key, store: shop.store, clock: { nowMs: () => NOW_MS }, progress() {} };
  await forgetPerson({ ...request(shop), lift: false, all: true }, ports);
  const after = Object.entries(counts(await collect(shop))).filter(([, count]) => count > 0);
  expect(after).toEqual([['requests to forget', 1]]);
  expect((await shop.build({ asOfMs: AS_OF_MS + 1, force: true })).customers).toBe(2);
});
