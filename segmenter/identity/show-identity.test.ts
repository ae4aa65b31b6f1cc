import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityKey } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { showIdentity } from './show-identity.ts';

const MAPPING = importMappingSchema.parse({
  customers: {
    columns: { customer: 'id', email: 'email', phone: 'phone' },
    join_by: ['email', 'phone'],
    phone_region: 'RU',
    consent: { ads: { opted_out: 'no_ads' } },
  },
  devices: {
    columns: {
      ...{ customer: 'customer', space: 'space', value: 'value' },
      ...{ time: 'seen', revoked_at: 'revoked' },
    },
  },
});
const CUSTOMERS = `id,email,phone,no_ads
anna,a@mail.ru,,
anna-2,A@mail.ru,8 916 555-11-22,
boris,b@mail.ru,,
vera,v@mail.ru,,2026-01-01
gleb,g@mail.ru,,
`;
const DEVICES = `customer,space,value,seen,revoked
anna,cookie,own,,
anna,cookie,old,2026-01-01,
anna,cookie,gone,,2026-11-01
anna-2,ifa,TWO,,
boris,ifa,two,,
anna,cookie,kiosk,,
boris,cookie,kiosk,,
vera,cookie,kiosk,,
gleb,cookie,kiosk,,
vera,cookie,vera-1,,
`;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
  await shop.import({ customers: CUSTOMERS, devices: DEVICES }, MAPPING);
});
afterEach(() => shop[Symbol.asyncDispose]());

async function shown(asked: string) {
  const { joinBy, phoneRegion } = { joinBy: ['email', 'phone'] as const, phoneRegion: 'RU' };
  const limits = { memoryMb: 256, threads: 2, nowMs: AS_OF_MS };
  const request = {
    dir: shop.dir,
    shop: 'test',
    asked,
    joinBy,
    phoneRegion,
    identity: {},
    ...limits,
  };
  const { persons, links, customersMore } = await showIdentity(request, {
    key,
    syncs: shop.store.syncs,
  });
  const rows = links.map(({ customer, space, value, counts, reason }) => {
    const what = space.startsWith('exchange:') ? space : `${space} ${value}`;
    return `${counts ? '✓' : '✗'} ${customer} ${what}: ${reason}`;
  });
  return { customers: persons.map(({ customers }) => customers), rows, customersMore };
}

it('says of every identifier of a person what leads to them, and why the others do not', async () => {
  const own = identityKey(key, 'cookie', 'own');
  const theirs = identityKey(key, 'exchange:big', 't1');
  await shop.store.syncs.put('test', { cookie: own, exchange: 'big', theirs }, AS_OF_MS + 1e9);
  const unlink = [{ customer: 'anna-2', space: 'phone', value: '+79165551122', undo: false }];
  await shop.import({}, MAPPING, { unlink });
  const expected = {
    customers: [['anna', 'anna-2']],
    rows: [
      '✗ anna cookie gone: taken back',
      '✗ anna cookie kiosk: shared by too many: 4',
      '✗ anna cookie old: not seen for too long',
      '✓ anna cookie own: leads to the person',
      '✓ anna email a@mail.ru: leads to the person',
      '✓ anna-2 email a@mail.ru: leads to the person',
      '✗ anna-2 ifa two: of several persons: 2',
      '✗ anna-2 phone +79165551122: taken back by hand',
      '✗ anna-2 phone +79165551122: taken back by hand',
      `✗ anna-2 phone_md5 ${md5('79165551122')}: taken back by hand`,
      '✓ anna exchange:big: leads to the person',
    ],
    customersMore: 0,
  };
  for (const asked of ['anna', 'anna-2', 'A@Mail.ru', '8 (916) 555 11 22', 'own']) {
    expect(await shown(asked), asked).toEqual(expected);
  }
});

it('says who opted out, what many have, and that nobody is known', async () => {
  expect((await shown('vera-1')).rows).toContain('✗ vera cookie vera-1: without consent to ads');
  expect((await shown('kiosk')).customers.flat().sort()).toEqual([
    ...['anna', 'anna-2', 'boris', 'gleb', 'vera'],
  ]);
  expect(await shown('nobody')).toEqual({ customers: [], rows: [], customersMore: 0 });
});

it('finds customers by what the CRM has of them and links nobody', async () => {
  const customers =
    'id,email,phone,no_ads\ndora,Info@mail.ru,8 916 555-22-33,\n555223344,,8 916 555-22-44,\nid-9,,8 955 522 33 44,\n';
  await shop.import(
    { customers },
    importMappingSchema.parse({
      customers: { columns: { customer: 'id', email: 'email', phone: 'phone' } },
    }),
  );
  expect((await shown('info@mail.ru')).customers).toEqual([['dora']]);
  expect((await shown('+7 (916) 555 22 33')).customers).toEqual([['dora']]);
  expect((await shown('555223344')).customers).toEqual([['555223344']]);
  expect((await shown('955 522 33 44')).customers).toEqual([['id-9']]);
  // As Russian providers name mailboxes, and as Google does browsers.
  for (const other of ['89165552233@mail.ru', '79165551122@mail.ru', '1290123456.1609165552233']) {
    expect((await shown(other)).customers, other).toEqual([]);
  }
});

it('shows some of the customers of a value that very many have', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => `k${i}`);
  const customers = `id,email,phone,no_ads\n${ids.map((id) => `${id},,,\n`).join('')}`;
  const devices = `customer,space,value,seen,revoked\n${ids.map((id) => `${id},cookie,hall,,\n`).join('')}`;
  await shop.import({ customers, devices }, MAPPING);
  const { rows, customersMore } = await shown('hall');
  expect({ shown: rows.length, customersMore }).toEqual({ shown: 20, customersMore: 10 });
  expect(rows[0]).toBe('✗ k0 cookie hall: shared by too many: 30');
});

it('finds a person by an MD5 and by what it is of, and says how many have it', async () => {
  const mapping = importMappingSchema.parse({
    customers: {
      columns: { customer: 'id', email_md5: 'e', phone_md5: 'p' },
      ...{ join_by: ['email', 'phone'], phone_region: 'RU' },
    },
  });
  const [email, phone] = [md5('a@mail.ru'), md5('79165551122')];
  await shop.import({ customers: `id,e,p\nhash,${email},${phone}\n` }, mapping);
  const expected = {
    customers: [['anna', 'anna-2', 'hash']],
    rows: expect.arrayContaining([
      '✓ anna-2 phone +79165551122: joins customers where the shop says so',
      `✓ hash email_md5 ${email}: joins customers where the shop says so`,
      `✓ hash phone_md5 ${phone}: joins customers where the shop says so`,
    ]),
  };
  const asked = ['a@mail.ru', '8 (916) 555 11 22', email, phone.toUpperCase(), 'hash'];
  for (const value of asked) expect(await shown(value), value).toMatchObject(expected);

  // Taken back as its MD5, which was all that was known of it; the CRM has the e-mail later.
  const unlink = [{ customer: 'hash', space: 'email', value: email, undo: false }];
  await shop.import({}, mapping, { unlink });
  await shop.import({ customers: 'id,email,phone,no_ads\nhash,a@mail.ru,,\n' }, MAPPING);
  const taken = (await shown('hash')).rows.filter((row) => row.includes('a@mail.ru'));
  expect(taken).toEqual([
    '✓ anna email a@mail.ru: leads to the person',
    '✓ anna-2 email a@mail.ru: leads to the person',
    '✗ hash email a@mail.ru: taken back by hand',
  ]);
  await shop.import({}, mapping, { unlink: [{ ...unlink[0]!, undo: true }] });

  // Three may share an e-mail, however each file has it.
  await shop.import({ customers: `id,e,p\nmore,${email},\n` }, mapping);
  const rows = (await shown(email)).rows;
  expect(rows).toContain(`✗ more email_md5 ${email}: of 4 customers, which is too many`);
});
