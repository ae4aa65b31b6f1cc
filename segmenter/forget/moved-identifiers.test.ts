import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
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
  const record = await forget('olga');
  expect(record).toMatchObject({ customers: 1, sharedIdentifiers: 2 });
  expect(record.places).toContainEqual({
    ...{ place: 'user syncs', state: 'nothing there', records: 0 },
    reason: '',
  });
  const { suppressed } = await shop.import(customers('zoe,new@example.com,,\n'), MAPPING);
  expect(Object.values(suppressed)).toEqual(Object.values(suppressed).map(() => 0));
  const { generation } = await shop.build({ asOfMs: AS_OF_MS + 1000, force: true });
  expect(await shop.store.generations.readLink('test', generation, cookie('moved'))).toBe(
    customerPersonId(key, 'test', 'zoe'),
  );
});
