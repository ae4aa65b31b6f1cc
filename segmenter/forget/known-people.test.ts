/** Whom a request to forget means by the log of links: what was once seen, and what was taken back by hand. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { collectPerson } from '../access/collect-person.ts';
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

const asking = (query: Partial<PersonQuery>) => ({
  ...{ dir: shop.dir, shop: 'test', timeZone: 'Europe/Sofia', phoneRegion: 'RU' },
  ...{ nowMs: AS_OF_MS, memoryMb: 256, threads: 2 },
  query: { customers: [], emails: [], phones: [], devices: [], ...query },
});

function forget({ lift = false, ...query }: Partial<PersonQuery> & { readonly lift?: boolean }) {
  const ports = { key, store: shop.store, clock: { nowMs: () => AS_OF_MS }, progress() {} };
  return forgetPerson({ ...asking(query), lift, all: false }, ports);
}

function access(query: Partial<PersonQuery>) {
  return collectPerson(asking(query), { key, store: shop.store });
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

const MD5S: ImportMapping = {
  ...JOINING,
  customers: {
    columns: { customer: 'id', email: 'email', phone: 'phone', email_md5: 'em', phone_md5: 'pm' },
    ...{ consent: {}, attributes: {}, join_by: [], phone_region: 'RU' },
  },
};
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const hashed = (...rows: readonly string[]) => `id,email,phone,em,pm\n${rows.join('\n')}\n`;
const [EMAIL, PHONE] = ['canary@example.com', '8 (999) 555-11-11'];
const [EMAIL_MD5, PHONE_MD5] = [md5(EMAIL), md5('79995551111')];
const ANNA = `anna,${EMAIL},${PHONE},,`;
/** What each may come as, later and under another id. */
const LATE = [
  [`late,${EMAIL},,,`, 'email'],
  [`late,,,${EMAIL_MD5.toUpperCase()},`, 'email'],
  ['late,,+79995551111,,', 'phone'],
  [`late,,,,"${md5('other')},${PHONE_MD5}"`, 'phone'],
] as const;

async function leftOut(kinds: readonly string[]): Promise<void> {
  for (const [row, kind] of LATE) {
    const { suppressed } = await shop.import({ customers: hashed(row) }, MD5S);
    expect(suppressed.customers, row).toBe(kinds.includes(kind) ? 1 : 0);
  }
}

it('keeps who was forgotten by e-mail and phone out, when an upload has their MD5s', async () => {
  const boris = `boris,boris@example.com,+79995552222,${md5('b@example.com')},`;
  const files = { customers: hashed(ANNA, boris, `hash,,,${EMAIL_MD5},`) };
  await shop.import(files, MD5S);
  const sha256 = createHash('sha256').update(EMAIL).digest('hex');
  await shop.import({ customers: hashed(`,${sha256},,,`) }, MD5S, { force: true });
  const query = { emails: ['Canary@example.com'] };
  const held = await access(query);
  expect(held.places['customers']!.map((row) => row['customer_id'])).toEqual(['anna', 'hash']);
  expect(held.places['devices']).toMatchObject([{ space: 'email_md5', value: EMAIL_MD5 }]);
  expect((await forget(query)).customers).toBe(2);
  for (const raw of ['canary', EMAIL_MD5, sha256, '555-11-11', 'anna'])
    expect(onDisk()).not.toContain(raw);
  for (const kept of ['boris', md5('b@example.com')]) expect(onDisk()).toContain(kept);
  await leftOut(['email', 'phone']);
  // Both of them in one file: neither is a bridge to the other, and nobody else goes.
  expect(await shop.import(files, MD5S)).toMatchObject({
    suppressed: { customers: 2 },
    held: { customers: 1 },
  });
  expect(await forget({ ...query, lift: true })).toMatchObject({ liftedAtMs: AS_OF_MS });
  expect((await shop.import(files, MD5S)).suppressed.customers).toBe(0);
});

it('joins nobody with whom an MD5 says was forgotten', async () => {
  const joining = { ...MD5S, customers: { ...MD5S.customers!, join_by: ['email' as const] } };
  const boris = 'boris,boris@example.com,,,';
  await shop.import({ customers: hashed(ANNA, boris) }, joining);
  await forget({ emails: [EMAIL] });
  const bridge = `bridge,,,"${EMAIL_MD5},${md5('boris@example.com')}",`;
  expect(await shop.import({ customers: hashed(bridge) }, joining)).toMatchObject({
    ...{ suppressed: { customers: 1 }, joined: { joinedCustomers: 0 }, held: { customers: 1 } },
  });
});

it('keeps who was known by MD5s alone out, when an upload has what they are of', async () => {
  await shop.import({ customers: hashed(`anna,,,${EMAIL_MD5},${PHONE_MD5}`) }, MD5S);
  expect((await forget({ customers: ['anna'] })).customers).toBe(1);
  expect(onDisk()).not.toContain(EMAIL_MD5);
  for (const query of [{ emails: [EMAIL] }, { phones: [PHONE_MD5] }]) {
    expect((await access(query)).places['requests to forget']).toHaveLength(1);
  }
  await leftOut(['email', 'phone']);
  // The request is found again by what it was not asked by.
  await forget({ phones: [PHONE], lift: true });
  await leftOut([]);
});

it('finds who is known by the MD5 of a phone, and by an MD5 that is asked; a former e-mail’s goes too', async () => {
  await shop.import({ customers: hashed(`hash,,,,${PHONE_MD5}`) }, MD5S);
  expect((await access({ phones: [PHONE] })).places['customers']).toHaveLength(1);
  expect((await forget({ phones: ['+7 999 555 11 11'] })).customers).toBe(1);
  await leftOut(['phone']);
  await shop.import({ customers: hashed('vera,former@example.com,,,') }, MD5S);
  await shop.import({ customers: hashed('vera,vera@example.com,,,') }, MD5S);
  const asked = ['vera@example.com', 'nobody@example.com'].map(md5);
  const [vera, nobody] = [
    await forget({ emails: [asked[0]!] }),
    await forget({ emails: [asked[1]!] }),
  ];
  expect([vera.customers, nobody.customers, vera.id === nobody.id]).toEqual([1, 0, false]);
  const late = hashed(`other,,,${md5('former@example.com')},`);
  expect((await shop.import({ customers: late }, MD5S)).suppressed.customers).toBe(1);
});

it('follows nothing that was taken back as its MD5 or what that is of, nor a phone that joins nobody', async () => {
  const unlink = (customer: string, space: string, value: string, undo = false) =>
    shop.import({}, MD5S, { unlink: [{ customer, space, value, undo }] });
  const found = async (id: string) => (await access({ customers: [id] })).customers;
  const boris = `boris,${EMAIL},${PHONE},,`;
  await shop.import({ customers: hashed(ANNA, `boris,,,${EMAIL_MD5},${PHONE_MD5}`) }, MD5S);
  await unlink('boris', 'email', EMAIL_MD5);
  await unlink('boris', 'phone', PHONE_MD5);
  // What they are of comes later.
  await shop.import({ customers: hashed(boris) }, MD5S);
  expect((await forget({ emails: [EMAIL], phones: [PHONE] })).customers).toBe(1);
  const again = await shop.import({ customers: hashed(ANNA, boris) }, MD5S);
  expect([again.suppressed.customers, again.held.customers]).toEqual([1, 1]);

  const family = ['vera,v@example.com,79995552222,,', 'zoe,v@example.com,8 999 555 2222,,'];
  await shop.import({ customers: hashed(...family) }, MD5S);
  await expect(forget({ customers: ['vera'] })).rejects.toThrow('too: zoe');
  await unlink('zoe', 'phone', '+7 999 555-22-22');
  expect(await found('vera')).toEqual(['vera', 'zoe']);
  await unlink('zoe', 'email', md5('v@example.com'));
  expect(await found('vera')).toEqual(['vera']);
  await unlink('zoe', 'email', 'v@example.com', true);
  expect(await found('vera')).toEqual(['vera', 'zoe']);
});

it('finds by an MD5 whoever has what it is of, in whichever way the CRM writes it', async () => {
  const ways = [ANNA, 'boris,,00 7 999 555-22-22,,', 'ivan,Ivan@почта.рф,,,'];
  await shop.import({ customers: hashed(...ways) }, MD5S);
  const found = async (query: Partial<PersonQuery>) => (await access(query)).customers;
  expect(await found({ phones: [PHONE_MD5] })).toEqual(['anna']);
  expect(await found({ phones: [md5('79995552222')] })).toEqual(['boris']);
  expect(await found({ emails: [md5('ivan@xn--80a1acny.xn--p1ai')] })).toEqual(['ivan']);
  await shop.import({ customers: hashed(`hash,,,,${PHONE_MD5}`) }, MD5S);
  for (const id of ['anna', 'hash']) {
    expect(await found({ customers: [id] })).toEqual(['anna', 'hash']);
  }
});

it('leaves a phone’s MD5 that many have with them, and them in', async () => {
  const shared = ['a', 'b', 'c', 'd'].map((id) => `${id},,,,${PHONE_MD5}`);
  await shop.import({ customers: hashed(ANNA, ...shared) }, MD5S);
  expect((await forget({ customers: ['anna'] })).customers).toBe(1);
  expect(onDisk()).toContain(PHONE_MD5);
  const again = await shop.import({ customers: hashed(...shared) }, MD5S);
  expect([again.suppressed.customers, again.held.customers]).toEqual([0, 4]);
});

it('follows no MD5 that many have, or that was taken back by hand', async () => {
  const shared = ['a', 'b', 'c'].map((id) => `${id},,,${EMAIL_MD5},`);
  await shop.import({ customers: hashed(ANNA, ...shared) }, MD5S);
  await expect(forget({ emails: [EMAIL] })).rejects.toThrow('belongs to more than 3 customers');
  expect(await forget({ customers: ['a'] })).toMatchObject({ customers: 1, sharedIdentifiers: 1 });
  // It stays theirs, so that the others come again.
  expect((await shop.import({ customers: hashed(ANNA) }, MD5S)).suppressed.customers).toBe(0);
  const unlink = [{ customer: 'b', space: 'email', value: EMAIL, undo: false }];
  await shop.import({}, MD5S, { unlink });
  expect((await forget({ emails: [EMAIL] })).customers).toBe(2);
  const again = await shop.import({ customers: hashed(...shared) }, MD5S);
  expect([again.suppressed.customers, again.held.customers]).toEqual([2, 1]);
});
