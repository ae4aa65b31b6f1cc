/** Forgetting whom the shop's word makes one person of several customers. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId } from '../../proto/ids.ts';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { collectPerson } from '../access/collect-person.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';
import { forgetPerson } from './forget-person.ts';
import type { ErasureRecord, PersonQuery } from './forget-request.ts';
import { HEADER, MAPPING } from './person-shop.contract.ts';

/** anna-1 and anna-2 have one e-mail, anna-2 and anna-3 one phone; boris shares a cookie. */
const ORDERS = `${HEADER}1,anna-1,2026-11-01T10:00,p1,2,10.50,paid
2,boris,2026-10-01,p3,1,5,paid
3,anna-2,2026-09-11,p1,1,5,paid
4,anna-3,2026-01-05,p1,1,80.00,paid
`;
const CUSTOMERS = `id,email,phone,town
anna-1,Canary@Example.com,,canary-town
anna-2,canary@example.com,+7 999 555-11-11,canary-town
anna-3,,8 999 555 11 11,canary-town
boris,boris@example.com,+7 999 555-22-22,Varna
`;
const DEVICES = `customer,space,value
anna-1,cookie,canary-c1
anna-2,ifa,canary-ifa
anna-3,cookie,canary-c3
boris,cookie,c2
`;
const FILES = { orders: ORDERS, customers: CUSTOMERS, devices: DEVICES };
const JOINING: ImportMapping = {
  ...MAPPING,
  customers: { ...MAPPING.customers!, join_by: ['email', 'phone'], phone_region: 'RU' },
};
const LIMITS = { timeZone: 'Europe/Sofia', nowMs: AS_OF_MS, memoryMb: 256, threads: 2 };
const person = (customer: string) => customerPersonId(key, 'test', customer);

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
  await shop.import(FILES, JOINING);
  await shop.build();
});
afterEach(() => shop[Symbol.asyncDispose]());

const asking = (query: Partial<PersonQuery>) => ({
  dir: shop.dir,
  shop: 'test',
  query: { customers: [], emails: [], phones: [], devices: [], ...query },
  ...LIMITS,
});

function forget(query: Partial<PersonQuery>, all = false): Promise<ErasureRecord> {
  const ports = { key, store: shop.store, clock: { nowMs: () => AS_OF_MS }, progress() {} };
  return forgetPerson({ ...asking(query), lift: false, all }, ports);
}

/** Everything below the shop's folder, as one text. */
function onDisk(): string {
  const { folder } = shopFiles(shop.dir, 'test');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => `${file}: ${readFileSync(file, 'latin1')}`)
    .join('\n');
}

describe('promise 7: forgetting a customer who is one person with others', () => {
  it('is refused with the names of the others, and changes nothing', async () => {
    const before = onDisk();
    for (const [query, others] of [
      [{ customers: ['anna-2'] }, 'anna-1, anna-3'],
      [{ customers: ['anna-1', 'anna-3'] }, 'anna-2'],
      [{ emails: ['canary@example.com'] }, 'anna-3'],
      [{ phones: ['89995551111'] }, 'anna-1'],
      [{ devices: [{ space: 'cookie', value: 'canary-c3' }] }, 'anna-1, anna-2'],
    ] as const) {
      await expect(forget(query), others).rejects.toThrow(
        `customers whom you did not name would be forgotten too: ${others}; they share`,
      );
    }
    expect(onDisk()).toBe(before);
  });

  it('reaches every place of all of them once all are meant or named, and nobody else', async () => {
    const live = { shop: 'test', person: person('anna-1'), keepMs: 60_000, nowMs: AS_OF_MS };
    await shop.store.live.update(live, () => Buffer.from('live'));
    const held = await collectPerson(asking({ customers: ['anna-2'] }), { key, store: shop.store });
    expect(held.places['joined customers']).toHaveLength(3);
    expect(held.places['link log']).toHaveLength(7);
    const record = await forget({ customers: ['anna-1'] }, true);
    const states = Object.fromEntries(record.places.map(({ place, records }) => [place, records]));
    expect(states).toMatchObject({
      customers: 3,
      orders: 3,
      devices: 3,
      // A device each, two e-mails and two phones.
      'link log': 7,
      'joined customers': 3,
      // One customer, three orders, what they are members of, a digest and a due day.
      'kept facts': 7,
      profiles: 1,
      'live facts': 1,
    });
    const text = onDisk();
    for (const canary of ['anna', 'canary', 'Canary', '5551111', '555-11-11', '555 11 11']) {
      expect(text, canary).not.toContain(canary);
    }
    expect(readFileSync(shopFiles(shop.dir, 'test').joined, 'utf8')).toBe('[]');
    for (const kept of ['boris', 'Varna', 'c2']) expect(text).toContain(kept);
  });

  it('stays, whichever of them an upload has, under other ids and with another joining too', async () => {
    await forget({ customers: ['anna-1', 'anna-2', 'anna-3'] });
    expect((await shop.import(FILES, JOINING)).suppressed).toMatchObject({
      customers: 3,
      orders: 3,
    });
    const one = {
      customers: 'id,email,phone,town\nanna-3,,,\n',
      orders: `${HEADER}9,anna-3,2026-11-02,p1,1,1,paid\n`,
    };
    expect((await shop.import(one, MAPPING)).suppressed).toMatchObject({ customers: 1, orders: 1 });
    // Somebody else comes with the phone of one and the e-mail of boris, and names nobody.
    const bridge = `id,email,phone,town\nbridge,boris@example.com,79995551111,\nboris,boris@example.com,,Varna\n`;
    const orders = `${HEADER}10,bridge,2020-01-01,p1,1,1,paid\n`;
    const late = await shop.import({ customers: bridge, orders }, JOINING);
    expect(late).toMatchObject({ suppressed: { customers: 1 }, joined: { joinedCustomers: 0 } });
    const { generation, customers } = await shop.build({ asOfMs: AS_OF_MS + 1, force: true });
    expect(customers).toBe(1);
    const { generations } = shop.store;
    expect(await generations.readProfile('test', generation, person('boris'))).not.toBeNull();
    expect(onDisk()).not.toMatch(/anna|canary|bridge|9995551111/);
  });

  it('takes what serves of both away when they are one there and two in the data', async () => {
    await shop.import({ customers: CUSTOMERS }, MAPPING);
    const { generation } = (await shop.store.generations.serving('test'))!;
    const profile = () => shop.store.generations.readProfile('test', generation, person('anna-3'));
    expect(await profile()).not.toBeNull();
    // Without a phone that others have, so that she is alone in the data.
    const alone = 'id,email,phone,town\nanna-1,other@example.com,,canary-town\n';
    await shop.import({ customers: alone }, MAPPING);
    const { samples } = shopFiles(shop.dir, 'test');
    expect(readFileSync(samples, 'utf8')).toContain('canary-c1');
    const held = await collectPerson(asking({ customers: ['anna-1'] }), { key, store: shop.store });
    const together = expect.objectContaining({ person: person('anna-3') });
    for (const place of ['samples', 'kept facts', 'profiles']) {
      expect(held.places[place], place).toContainEqual(together);
    }
    const record = await forget({ customers: ['anna-1'] });
    expect(record).toMatchObject({ customers: 1, joinedAs: [person('anna-3')] });
    expect(await profile()).toBeNull();
    expect(readFileSync(samples, 'utf8')).not.toMatch(/canary-c1|anna-1/);
    const built = await shop.build({ asOfMs: AS_OF_MS + 1, force: true });
    expect(built.customers).toBe(3);
    expect((await shop.import({ customers: CUSTOMERS }, MAPPING)).suppressed.customers).toBe(1);
  });
});
