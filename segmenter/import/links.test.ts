/** The log of links: what imports add to it, and what a build makes of it. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, type IdentitySpace, identityKey } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';

const DAY_MS = 86_400_000;
const ORDERS = {
  columns: { order: 'order', customer: 'customer', time: 'time', unit_price: 'price' },
  status: { constant: 'paid' },
};
const MAPPING = importMappingSchema.parse({
  orders: ORDERS,
  customers: { columns: { customer: 'id', email: 'email', phone: 'phone' } },
  devices: {
    columns: {
      ...{ customer: 'customer', space: 'space', value: 'value' },
      ...{ time: 'seen', evidence: 'how', revoked_at: 'revoked' },
    },
  },
  events: { columns: { customer: 'customer', cookie: 'cookie', time: 'time', name: 'name' } },
});
const JOINING = {
  ...MAPPING,
  customers: {
    ...MAPPING.customers!,
    join_by: ['email' as const, 'phone' as const],
    phone_region: 'RU' as const,
  },
};
const DEVICE_HEAD = 'customer,space,value,seen,how,revoked\n';
const PEOPLE = { customers: 'id,email,phone\nanna,a@mail.ru,\nboris,b@mail.ru,\n' };

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const days = (n: number) => AS_OF_MS + n * DAY_MS;
const iso = (n: number) => new Date(days(n)).toISOString();
const person = (customer: string) => customerPersonId(key, 'test', customer);

/** `anna cookie:c1 devices/login -10..0 ~5`: days from the import, ~ for taken back. */
async function log(): Promise<string[]> {
  const { folder, temp, links } = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: temp, folders: [folder] };
  await using duck = await Duck.open(options);
  const rows = await duck.rows(`SELECT customer_id, space, value, source, evidence, first_seen_ms,
    last_seen_ms, revoked_at_ms FROM read_parquet(${sqlText(links)}) ORDER BY ALL`);
  const day = (ms: unknown) => (Number(ms) - AS_OF_MS) / DAY_MS;
  return rows.map(([customer, space, value, source, evidence, first, last, revoked]) => {
    const taken = revoked === null ? '' : ` ~${day(revoked)}`;
    return `${customer} ${space}:${value} ${source}/${evidence} ${day(first)}..${day(last)}${taken}`;
  });
}

/** Names of customers whose persons the identifiers lead to at `day`; null for nobody. */
async function leads(day: number, ...identifiers: readonly string[]) {
  const { generation } = await shop.build({ asOfMs: days(day), force: true });
  const names = new Map(['anna', 'boris', 'vera'].map((name) => [person(name), name]));
  const found: (string | null)[] = [];
  for (const identifier of identifiers) {
    const [space, value] = identifier.split(' ');
    const identity = identityKey(key, space as IdentitySpace, value!);
    const to = await shop.store.generations.readLink('test', generation, identity);
    found.push(to && (names.get(to) ?? to));
  }
  return found;
}

const contentHash = () =>
  (
    JSON.parse(readFileSync(join(shop.dir, 'data/test/import.json'), 'utf8')) as {
      contentHash: string;
    }
  ).contentHash;

describe('the log of links', () => {
  it('has what says so, and when, of devices, orders, customers and visitors who were logged in', async () => {
    const devices = `${DEVICE_HEAD}anna,cookie,c1,${iso(-30)},login,
anna,cookie,c1,${iso(-10)},Login,
anna,ifa,I1,,,
boris,cookie,c2,${iso(9)},click,
boris,cookie,c3,${iso(-9)},,${iso(-8)}
`;
    const orders = 'order,customer,time,price\n1,anna,2026-11-01,5\n';
    const events = `customer,cookie,time,name\nanna,c9,${iso(-3)},view\n,c8,${iso(-3)},view\n`;
    await shop.import({ ...PEOPLE, orders, devices, events }, MAPPING);
    expect(await log()).toEqual([
      'anna cookie:c1 devices/login -30..-10',
      'anna cookie:c9 events/login -3..-3',
      'anna email:a@mail.ru customers/upload 0..0',
      'anna ifa:i1 devices/upload 0..0',
      'boris cookie:c2 devices/click 0..0',
      'boris cookie:c3 devices/upload -9..-9 ~-8',
      'boris email:b@mail.ru customers/upload 0..0',
    ]);
    expect(await leads(0, 'cookie c1', 'cookie c9', 'cookie c8', 'cookie c2', 'cookie c3')).toEqual(
      ['anna', 'anna', null, 'boris', null],
    );
  });

  it('names the column of what it cannot read', async () => {
    const devices = `${DEVICE_HEAD}anna,cookie,c1,soon,,\nanna,cookie,c1,,guess,\nanna,cookie,c1,,,never\nanna,cookie,c2,,,\n`;
    const report = await shop.import({ devices }, MAPPING, { force: true });
    expect(
      report.devices?.rejected.first.map(({ column, reason }) => `${column}: ${reason}`),
    ).toEqual([
      'seen: expected a time or nothing',
      'how: expected login, order, upload, click or nothing',
      'revoked: expected a time or nothing',
    ]);
  });

  it('grows: what is seen again is seen longer, and changes no content', async () => {
    const devices = 'customer,space,value,seen,how,revoked\nanna,cookie,c1,,,\n';
    await shop.import({ ...PEOPLE, devices }, MAPPING);
    const before = contentHash();
    await shop.import({ devices }, MAPPING, { nowMs: days(40) });
    expect(await log()).toContain('anna cookie:c1 devices/upload 0..40');
    expect(contentHash()).toBe(before);
    // Ninety days from when it was last seen, not from when it was first.
    expect(await leads(130, 'cookie c1')).toEqual(['anna']);
    expect(await leads(131, 'cookie c1')).toEqual([null]);
  });

  it('is the same whichever file came first, and if one comes again', async () => {
    const first = `${DEVICE_HEAD}anna,cookie,c1,${iso(-9)},login,\nboris,cookie,c1,,,${iso(-1)}\n`;
    const second = `${DEVICE_HEAD}anna,cookie,c1,${iso(-5)},,\nanna,cookie,c1,${iso(-12)},login,\n`;
    for (const devices of [first, second, first]) await shop.import({ devices }, MAPPING);
    const [one, hash] = [await log(), contentHash()];
    rmSync(shopFiles(shop.dir, 'test').folder, { recursive: true });
    for (const devices of [second, first]) await shop.import({ devices }, MAPPING);
    expect([await log(), contentHash()]).toEqual([one, hash]);
    expect(one).toContain('anna cookie:c1 devices/login -12..-9');
  });

  it('takes an e-mail back when the CRM has another, and takes it again', async () => {
    const one = 'id,email,phone\nanna,a@mail.ru,\n';
    const other = 'id,email,phone\nanna,new@mail.ru,\n';
    const lead = (day: number) => leads(day, ...['a@mail.ru', 'new@mail.ru'].map(hashed));
    await shop.import({ customers: one }, MAPPING);
    await shop.import({ customers: other }, MAPPING, { nowMs: days(1) });
    expect(await log()).toEqual([
      'anna email:a@mail.ru customers/upload 0..0 ~1',
      'anna email:new@mail.ru customers/upload 1..1',
    ]);
    expect(await lead(1)).toEqual([null, 'anna']);
    await shop.import({ customers: one }, MAPPING, { nowMs: days(2) });
    expect(await lead(2)).toEqual(['anna', null]);
  });

  it('parts whom a phone joined when it was not seen for two years', async () => {
    const customers = 'id,email,phone\nanna,,8 916 555-11-22\nboris,,+7 916 555 11 22\n';
    expect((await shop.import({ customers }, JOINING)).joined?.joinedPersons).toBe(1);
    const other = { customers: 'id,email,phone\nvera,,\n' };
    const joinedAt = async (day: number) =>
      (await shop.import(other, JOINING, { nowMs: days(day) })).joined?.joinedPersons;
    expect(await joinedAt(730)).toBe(1);
    expect(await joinedAt(731)).toBe(0);
  });

  it('counts a link again that was seen after it was taken back', async () => {
    const seen = (day: number) => `${DEVICE_HEAD}anna,cookie,c1,${iso(day)},,\n`;
    await shop.import({ ...PEOPLE, devices: seen(-5) }, MAPPING);
    const taken = `${DEVICE_HEAD}anna,cookie,c1,,,${iso(-4)}\n`;
    await shop.import({ devices: taken }, MAPPING);
    expect(await leads(0, 'cookie c1')).toEqual([null]);
    await shop.import({ devices: seen(-4.5) }, MAPPING);
    expect(await leads(0.1, 'cookie c1')).toEqual([null]);
    await shop.import({ devices: seen(-1) }, MAPPING);
    expect(await leads(0.2, 'cookie c1')).toEqual(['anna']);
  });

  it('makes nobody of a kiosk where ten thousand logged in, and joins none of them', async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const customers = `id,email,phone\n${ids.map((id) => `${id},${id}@mail.ru,\n`).join('')}`;
    const devices = `${DEVICE_HEAD}${ids.map((id) => `${id},cookie,kiosk,,login,\n`).join('')}`;
    const { joined } = await shop.import({ customers, devices }, JOINING);
    expect(joined?.joinedCustomers).toBe(0);
    const { generation, customers: built, links, sharedIdentities } = await shop.build();
    expect({ built, links, sharedIdentities }).toEqual({
      built: 10_000,
      links: 20_000,
      sharedIdentities: 1,
    });
    const kiosk = identityKey(key, 'cookie', 'kiosk');
    expect(await shop.store.generations.readLink('test', generation, kiosk)).toBeNull();
  });

  it('lets a link be taken back by hand for good, as if it never was, and given back', async () => {
    const customers = 'id,email,phone\nanna,A@mail.ru,8 916 555-11-22\nboris,a@mail.ru,\n';
    const devices = `${DEVICE_HEAD}anna,cookie,c1,,,\nboris,cookie,c1,,,\n`;
    const unlink = async (customer: string, space: string, value: string, undo = false) =>
      (await shop.import({}, JOINING, { unlink: [{ customer, space, value, undo }] })).joined;
    await shop.import({ customers: customers.replace('boris,a@', 'boris,b@'), devices }, MAPPING);
    const before = await log();
    expect(await leads(0, 'cookie c1')).toEqual([null]);
    await unlink('boris', 'cookie', 'c1');
    expect(await leads(0, 'cookie c1')).toEqual(['anna']);
    await shop.import({ devices }, MAPPING, { nowMs: days(3) });
    expect(await leads(3, 'cookie c1')).toEqual(['anna']);
    await unlink('boris', 'cookie', 'c1', true);
    expect(await leads(3, 'cookie c1')).toEqual([null]);
    expect((await log()).length).toBeGreaterThan(before.length);

    expect((await shop.import({ customers }, JOINING)).joined?.joinedPersons).toBe(1);
    expect((await unlink('boris', 'email', ' a@MAIL.ru'))?.joinedPersons).toBe(0);
    expect((await shop.import({ customers }, JOINING)).joined?.joinedPersons).toBe(0);
    expect(await leads(0, hashed('a@mail.ru'))).toEqual(['anna']);
    expect((await unlink('boris', 'email', 'a@mail.ru', true))?.joinedPersons).toBe(1);
    await expect(unlink('anna', 'phone', '+79990000000')).rejects.toThrow(
      'customer anna was never seen with the phone +79990000000: rekindle identity shows what was',
    );
  });

  it('lets a further and a former e-mail be taken back by hand, whichever place it has later', async () => {
    const customers = (emails: string) =>
      `id,email,phone\nanna,"${emails}",\nboris,further@mail.ru,\n`;
    const unlink = (value: string, undo = false) =>
      shop.import({}, JOINING, { unlink: [{ customer: 'anna', space: 'email', value, undo }] });
    const further = 'further@mail.ru';
    await shop.import({ customers: customers(`old@mail.ru,${further}`) }, JOINING);
    await shop.import({ customers: customers(`a@mail.ru,${further}`) }, JOINING);
    expect(await leads(0, hashed(further))).toEqual([null]);
    await unlink(' FURTHER@mail.ru');
    await unlink('old@mail.ru');
    expect(await leads(0, hashed(further), hashed('a@mail.ru'))).toEqual(['boris', 'anna']);
    // Now it is the first, by which customers are joined.
    const first = customers(`${further},old@mail.ru`);
    expect((await shop.import({ customers: first }, JOINING)).joined?.joinedPersons).toBe(0);
    expect(await leads(0, hashed(further), hashed('old@mail.ru'))).toEqual(['boris', null]);
    expect((await unlink(further, true)).joined?.joinedPersons).toBe(1);
    // Each of the two as its MD5 too.
    expect((await log()).filter((row) => row.includes('hand')).length).toBe(4);
    await expect(unlink('never@mail.ru')).rejects.toThrow('was never seen with the email never@');
  });

  it('is read as the shop’s own settings say', async () => {
    const devices = `${DEVICE_HEAD}anna,cookie,c1,${iso(-20)},,\nanna,ifa,i1,${iso(-1)},,\nanna,ifa,i2,${iso(-2)},,\n`;
    await shop.import({ ...PEOPLE, devices }, MAPPING);
    expect(await leads(0, 'cookie c1', 'ifa i1', 'ifa i2')).toEqual(['anna', 'anna', 'anna']);
    const identity = { cookie: { days: 10 }, ifa: { per_person_max: 1 } };
    const { generation, links } = await shop.build({ identity });
    expect(links).toBe(5);
    const i2 = identityKey(key, 'ifa', 'i2');
    expect(await shop.store.generations.readLink('test', generation, i2)).toBeNull();
  });

  it('begins with what data of a version without one knows', async () => {
    await shop.import({ ...PEOPLE, devices: `${DEVICE_HEAD}anna,cookie,c1,,,\n` }, MAPPING);
    rmSync(shopFiles(shop.dir, 'test').links);
    const asOfMs = Date.now();
    const { links } = await shop.build({ asOfMs });
    expect(links).toBe(5);
    await shop.import({ devices: `${DEVICE_HEAD}boris,cookie,c2,,,\n` }, MAPPING, {
      nowMs: asOfMs,
    });
    expect((await log()).map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['anna cookie:c1', 'anna email:a@mail.ru', 'boris cookie:c2', 'boris email:b@mail.ru'],
    ]);
  });
});

function hashed(email: string): string {
  return `email_sha256 ${createHash('sha256').update(email).digest('hex')}`;
}
