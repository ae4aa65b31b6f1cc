/** Whom a request to forget means by the log of links: what was once seen, and what was taken back by hand. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';
import { forgetPerson } from './forget-person.ts';
import type { PersonQuery } from './forget-request.ts';
import { MAPPING } from './person-shop.contract.ts';

const JOINING: ImportMapping = {
  ...MAPPING,
  customers: {
    columns: { customer: 'id', email: 'email', phone: 'phone' },
    ...{ consent: {}, attributes: {}, join_by: ['phone'], phone_region: 'RU' },
  },
};

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

function forget(query: Partial<PersonQuery>) {
  const request = {
    ...{ dir: shop.dir, shop: 'test', timeZone: 'Europe/Sofia', lift: false, all: false },
    ...{ nowMs: AS_OF_MS, memoryMb: 256, threads: 2 },
    query: { customers: [], emails: [], phones: [], devices: [], ...query },
  };
  const ports = { key, store: shop.store, clock: { nowMs: () => AS_OF_MS }, progress() {} };
  return forgetPerson(request, ports);
}

const people = (...rows: readonly string[]) => `id,email,phone\n${rows.join('\n')}\n`;

function onDisk(): string {
  const { folder } = shopFiles(shop.dir, 'test');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

it('knows a person by a former e-mail and phone, which the log of links alone has', async () => {
  const before = people('anna,canary@example.com,+79995551111', 'boris,boris@example.com,');
  await shop.import({ customers: before }, JOINING);
  const events = `customer,cookie,order,time,name,page
,strange,,2026-11-01T10:00,view,canary@example.com
,strange,,2026-11-02T10:00,call,8 999 555 11 11
`;
  const now = people('anna,anna@example.com,+79995552222', 'boris,new@example.com,');
  await shop.import({ customers: now, events }, JOINING);
  // What was boris's is another's now: it leads from one to the other no more, and stays hers.
  await shop.import({ customers: people('vera,boris@example.com,') }, JOINING);
  const { customers, places } = await forget({ customers: ['anna'] });
  const count = (name: string) => places.find(({ place }) => place === name)?.records;
  expect([customers, count('link log'), count('events')]).toEqual([1, 4, 2]);
  expect(onDisk()).not.toMatch(/anna|canary|999 ?555 ?11 ?11/);
  for (const row of ['stranger,canary@example.com,', 'other,,89995551111']) {
    const late = await shop.import({ customers: people(row) }, JOINING);
    expect(late.suppressed.customers, row).toBe(1);
  }
  expect(await forget({ customers: ['boris'] })).toMatchObject({
    customers: 1,
    sharedIdentifiers: 1,
  });
  expect(onDisk()).toContain('boris@example.com');
});

it('follows nothing that was taken back by hand, when it is asked and when files come again', async () => {
  const hash = createHash('sha256').update('more@example.com').digest('hex');
  const family = {
    customers: people(
      '1,"fam@example.com,more@example.com",+79995553333',
      `2,"fam@example.com,${hash}",89995553333`,
    ),
    devices: 'customer,space,value\n2,cookie,kiosk\n1,cookie,canary\n',
  };
  expect((await shop.import(family, JOINING)).joined?.joinedPersons).toBe(1);
  const unlink = [
    { space: 'email', value: 'fam@example.com' },
    { space: 'email_sha256', value: hash },
    { space: 'phone', value: '89995553333' },
    { space: 'cookie', value: 'kiosk' },
  ].map((link) => ({ ...link, customer: '2', undo: false }));
  await shop.import({}, JOINING, { unlink });
  expect((await forget({ devices: [{ space: 'cookie', value: 'kiosk' }] })).customers).toBe(0);
  expect((await forget({ phones: ['+79995553333'] })).customers).toBe(1);
  expect(await shop.import(family, JOINING)).toMatchObject({
    suppressed: { customers: 1 },
    held: { customers: 1 },
  });
  for (const row of ['77,fam@example.com,', '78,,79995553333', '79,more@example.com,']) {
    const late = await shop.import({ customers: people(row) }, JOINING);
    expect(late.suppressed.customers, row).toBe(1);
  }
  expect((await forget({ customers: ['2'] })).customers).toBe(1);
  expect(onDisk()).not.toMatch(/fam@example|9995553333|kiosk/);
});
