import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerPersonId, emailKey, identityKey } from '../../proto/ids.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { forgetPerson } from './forget-person.ts';
import { MAPPING } from './person-shop.contract.ts';

const NOW_MS = Date.now();

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

function forget(customer: string) {
  const request = {
    ...{ dir: shop.dir, shop: 'test', lift: false, all: false, timeZone: 'Europe/Sofia' },
    ...{ nowMs: NOW_MS, memoryMb: 256, threads: 2 },
    query: { customers: [customer], emails: [], phones: [], devices: [] },
  };
  const clock = { nowMs: () => NOW_MS };
  return forgetPerson(request, { key, store: shop.store, clock, progress: () => {} });
}

const cookie = (value: string) => identityKey(key, 'cookie', value);

it('leaves to another what was once the person’s and is theirs now', async () => {
  const customers = (rows: string) => ({ customers: `id,email,phone,town\n${rows}` });
  const devices = (rows: string) => ({ devices: `customer,space,value\n${rows}` });
  await shop.import(
    { ...customers('olga,new@example.com,,\n'), ...devices('olga,cookie,moved\n') },
    MAPPING,
  );
  await shop.build();
  const theirs = identityKey(key, 'exchange:big', 'their-id');
  const sync = { cookie: cookie('moved'), exchange: 'big', theirs };
  await shop.store.syncs.put('test', sync, NOW_MS + 60_000);
  await shop.import(
    {
      ...customers('olga,old@example.com,,\nzoe,new@example.com,,\n'),
      ...devices('zoe,cookie,moved\n'),
    },
    MAPPING,
  );
  const older = (await shop.store.generations.serving('test'))!.generation;
  const serving = (await shop.build({ asOfMs: AS_OF_MS + 1 })).generation;
  const leadsTo = (generation: string, identity: string) =>
    shop.store.generations.readLink('test', generation, identity);
  const zoe = customerPersonId(key, 'test', 'zoe');
  const email = emailKey(key, 'new@example.com');
  expect(await leadsTo(serving, email)).toBe(zoe);
  const record = await forget('olga');
  expect(record).toMatchObject({ customers: 1, sharedIdentifiers: 2 });
  expect(record.places).toContainEqual({
    ...{ place: 'user syncs', state: 'nothing there', records: 0 },
    reason: '',
  });
  for (const identity of [email, cookie('moved')]) {
    expect(await leadsTo(older, identity)).toBeNull();
  }
  expect(await leadsTo(serving, email)).toBe(zoe);
  expect(await leadsTo(serving, emailKey(key, 'old@example.com'))).toBeNull();
  const { suppressed } = await shop.import(customers('zoe,new@example.com,,\n'), MAPPING);
  expect(Object.values(suppressed)).toEqual(Object.values(suppressed).map(() => 0));
  const { generation } = await shop.build({ asOfMs: AS_OF_MS + 1000, force: true });
  expect(await leadsTo(generation, cookie('moved'))).toBe(zoe);
});

it('leaves to another what was taken back from the person by hand, too', async () => {
  const customers = 'id,email,phone,town\nolga,,,\nzoe,,,\n';
  const devices = (customer: string) => `customer,space,value\n${customer},cookie,given\n`;
  await shop.import({ customers, devices: devices('olga') }, MAPPING);
  const older = (await shop.build()).generation;
  const given = { space: 'cookie', value: 'given' };
  await shop.import({}, MAPPING, { unlink: [{ ...given, customer: 'olga', undo: false }] });
  await shop.import({ devices: devices('zoe') }, MAPPING);
  const serving = (await shop.build({ asOfMs: AS_OF_MS + 1 })).generation;
  await forget('olga');
  const { readLink } = shop.store.generations;
  const leadsTo = (generation: string) =>
    readLink.call(shop.store.generations, 'test', generation, cookie('given'));
  expect(await leadsTo(older)).toBeNull();
  expect(await leadsTo(serving)).toBe(customerPersonId(key, 'test', 'zoe'));
  const { suppressed } = await shop.import({ customers, devices: devices('zoe') }, MAPPING);
  expect(suppressed).toMatchObject({ customers: 1, devices: 0 });
});

it('keeps the person out by what is theirs alone now, whoever had it before', async () => {
  const customers = (rows: string) => ({ customers: `id,email,phone,town\n${rows}` });
  await shop.import(customers('olga,one@example.com,,\n'), MAPPING);
  await shop.import(customers('olga,other@example.com,,\nzoe,one@example.com,,\n'), MAPPING);
  const { generation } = await shop.build();
  await forget('zoe');
  const { generations } = shop.store;
  expect(
    await generations.readLink('test', generation, emailKey(key, 'one@example.com')),
  ).toBeNull();
  const { suppressed } = await shop.import(customers('stranger,one@example.com,,\n'), MAPPING);
  expect(suppressed.customers).toBe(1);
});
