import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { consentSigns } from './consent-cells.ts';

const mapping = importMappingSchema.parse({
  orders: {
    columns: {
      order: 'order',
      customer: 'customer',
      time: 'time',
      product: 'p',
      unit_price: 'price',
    },
    status: { constant: 'paid' },
  },
  customers: {
    columns: { customer: 'id', email: 'email' },
    consent: { ads: { column: 'ads' }, email: { opted_out: 'unsubscribed_at' } },
  },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
});
const CUSTOMERS = `id,email,ads,unsubscribed_at
anna,anna@example.com,yes,
boris,boris@example.com,no,2026-01-05 10:00
vera,vera@example.com,,0000-00-00 00:00:00
oleg,oleg@example.com,maybe,
`;
const ORDERS = `order,customer,time,p,price
1,anna,2026-11-01T10:00,p1,10
2,boris,2026-11-01T10:00,p1,10
3,guest,2026-11-02T10:00,p1,10
`;
const DEVICES = 'customer,space,value\nanna,cookie,c-anna\nboris,cookie,c-boris\n';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

describe('promise 7: consent', () => {
  it('gives a profile to nobody who has not consented, and no link that leads to one', async () => {
    const files = { customers: CUSTOMERS, orders: ORDERS, devices: DEVICES };
    const report = await shop.import(files, mapping);
    expect(report.consent).toEqual([
      { purpose: 'ads', allowed: 1, refused: 4, unreadable: 1 },
      { purpose: 'email', allowed: 3, refused: 1, unreadable: 0 },
    ]);
    const boris = identityKey(key, 'exchange:big', 'boris');
    const sync = { cookie: identityKey(key, 'cookie', 'c-boris'), exchange: 'big', theirs: boris };
    await shop.store.syncs.put('test', sync, Date.now() + 60_000);
    const built = await shop.build();
    expect(built).toMatchObject({ customers: 1, profiles: 1, optedOut: 4, links: 3 });
    const { generations } = shop.store;
    const read = (customer: string) =>
      generations.readProfile('test', built.generation, customerPersonId(key, 'test', customer));
    expect(await read('anna')).not.toBeNull();
    for (const customer of ['boris', 'vera', 'oleg', 'guest']) {
      expect(await read(customer), customer).toBeNull();
    }
    for (const identity of [sync.cookie, boris]) {
      expect(await generations.readLink('test', built.generation, identity)).toBeNull();
    }
  });

  it('is refused also by a row that is rejected for another cell', async () => {
    const attributes = { born: { column: 'born', type: 'date' } };
    const withDates = importMappingSchema.parse({
      customers: { columns: { customer: 'id' }, attributes, consent: { ads: { column: 'ads' } } },
    });
    const words = (anna: string) => `id,ads,born\nanna,${anna}\nboris,yes,1980-01-01\n`;
    await shop.import({ customers: words('yes,1980-01-01') }, withDates);
    const report = await shop.import({ customers: words('no,32.13.1980') }, withDates);
    expect(report.customers).toMatchObject({ linesLoaded: 1, rejected: { count: 1 } });
    expect(report.consent).toMatchObject([{ purpose: 'ads', allowed: 1, refused: 1 }]);
    const consent = await shop.import({ customers: words('yes,32.13.1980') }, withDates);
    expect(consent.consent).toMatchObject([{ purpose: 'ads', allowed: 1, refused: 1 }]);
  });

  it('is what the newest file says, and an opt-out outlives the setting that brought it', async () => {
    await shop.import({ customers: CUSTOMERS }, mapping);
    const later = 'id,email,ads,unsubscribed_at\nanna,,yes,\nanna,,no,\nboris,,no,\nboris,,да,\n';
    await shop.import({ customers: later }, mapping);
    expect(await shop.build()).toMatchObject({ profiles: 1, optedOut: 3 });
    // Without `consent:` nobody is asked; who said no has said so.
    await shop.import({ customers: 'id,email\nnew,\nanna,\n' });
    const built = await shop.build({ asOfMs: AS_OF_MS + 1 });
    expect(built).toMatchObject({ profiles: 2, optedOut: 3 });
  });

  it('recognises nobody by what leads to somebody who refused, also when it leads to another too', async () => {
    const customers = `id,email,ads,unsubscribed_at\nanna,a@example.com,yes,\nanna-2,a@example.com,yes,\nboris,,yes,\n`;
    const devices =
      'customer,space,value\nanna,cookie,both\nanna-2,cookie,own\nboris,cookie,both\n';
    await shop.import({ customers, devices }, mapping);
    const sync = { cookie: identityKey(key, 'cookie', 'both'), exchange: 'big', theirs: 'theirs' };
    await shop.store.syncs.put('test', sync, Date.now() + 60_000);
    const { generations } = shop.store;
    const hash = createHash('sha256').update('a@example.com').digest('hex');
    const shared = [identityKey(key, 'email_sha256', hash), sync.cookie, sync.theirs];
    const own = identityKey(key, 'cookie', 'own');
    const linked = async (identities: readonly string[]) => {
      const { generation } = await shop.build({ force: true });
      const read = (identity: string) => generations.readLink('test', generation, identity);
      return Promise.all(identities.map(read));
    };
    expect(await linked([...shared, own])).toEqual([
      ...[null, null, null],
      customerPersonId(key, 'test', 'anna-2'),
    ]);
    await shop.import({ customers: 'id,email,ads,unsubscribed_at\nanna,,no,\n' }, mapping);
    expect(await linked(shared)).toEqual([null, null, null]);
    await shop.import({ customers: 'id,email,ads,unsubscribed_at\nanna-2,,no,\n' }, mapping);
    expect(await linked([...shared, own])).toEqual([null, null, null, null]);
  });

  it('is asked of nobody where the shop names no column of it', async () => {
    const report = await shop.import({ customers: 'id,email\nanna,\n' });
    expect(report.consent).toEqual([]);
    expect(await shop.build()).toMatchObject({ profiles: 1, optedOut: 0 });
  });
});

describe('cells of consent', () => {
  const consent = mapping.customers?.consent;
  it.each([
    ['Yes', '', 'yy'],
    [' 1 ', ' ', 'yy'],
    ['да', 'null', 'yy'],
    ['нет', '0', 'ny'],
    ['', '2026-01-05', 'nn'],
    ['0', 'yes', 'nn'],
    ['perhaps', '0000-00-00', 'uy'],
  ])('%j and %j are read as %s', (ads, optedOut, signs) =>
    expect(consentSigns(consent, [ads, optedOut])).toBe(signs),
  );
});

it('needs a column or one of opt-outs for each purpose', () => {
  const customers = { columns: { customer: 'id' }, consent: { ads: {} } };
  expect(importMappingSchema.safeParse({ customers }).success).toBe(false);
  const named = { columns: { customer: 'id' }, consent: { 'no name': { column: 'x' } } };
  expect(importMappingSchema.safeParse({ customers: named }).success).toBe(false);
});
