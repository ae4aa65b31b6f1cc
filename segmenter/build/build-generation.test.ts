import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../creative/item.ts';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import { LinkFilter } from '../../proto/link-filter.ts';
import { CATALOGUE_BLOB, LINK_FILTER_BLOB } from '../../rules/manifest.ts';
import { openStore } from '../../store/open-store.ts';
import { shopFiles } from '../shop-data.ts';
import { readHistory } from './build-history.ts';
import { contents } from './generation-contents.contract.ts';
import { readManifest } from './publish.ts';
import { AS_OF_MS, key, TestShop } from './test-shop.contract.ts';

const DAY_MS = 86_400_000;
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const HEADER = 'order,customer,time,product,quantity,price,status\n';
const ORDERS = `${HEADER}1,anna,2026-11-01T10:00,p1,2,10.50,paid
1,anna,2026-11-01T10:00,p2,1,4,paid
2,anna,2026-10-01,p3,1,5,done
3,anna,2026-09-11,p1,1,5,cancelled
4,boris,2026-01-05 23:30,p1,1,80.00,paid
4,boris,2026-01-05 23:30,p2,1,1,paid
5,boris,2026-11-20,p2,1,1,strange
`;

describe('build', () => {
  it('writes what the CRM knows of each customer', async () => {
    await shop.import({ orders: ORDERS, customers: 'id,email\nvera,\n' });
    const result = await shop.build();
    expect(result).toMatchObject({ customers: 3, profiles: 3, unchanged: false, previous: null });
    expect(result.unmappedStatuses).toEqual([{ status: 'strange', orders: 1 }]);
    expect(result.segments.slice(0, 2)).toMatchObject([
      { segment: 'existing', members: 2, heldOut: 0, before: null },
      { segment: 'new', members: 1, heldOut: 0, before: null },
    ]);
    const anna = await shop.profileOf(result.generation, 'anna');
    expect(anna.orders.map(({ status, revenueMicros }) => [status, Number(revenueMicros)])).toEqual(
      [
        [1, 25_000_000],
        [1, 5_000_000],
        [2, 5_000_000],
      ],
    );
    expect(anna.products).toEqual(['p1', 'p2', 'p3']);
    expect(anna.boughtWith).toEqual([]);
    const boris = await shop.profileOf(result.generation, 'boris');
    expect(boris.orders).toHaveLength(1);
    // Sofia is two hours ahead: 23:30 there is still the 5th.
    expect(boris.orders[0]!.atS).toBe(Date.UTC(2026, 0, 5, 21, 30) / 1000);
    expect(await shop.profileOf(result.generation, 'vera')).toMatchObject({
      orders: [],
      segments: [1],
    });
  });

  it('links devices, e-mails and customer ids, but no identity that two customers share', async () => {
    const customers = 'id,email\nanna,Anna@Example.com \nboris,\n';
    const devices =
      'customer,space,value\nanna,cookie,c1\nboris,cookie,c2\nanna,ifa,SHARED\nboris,ifa,shared\nnobody,cookie,c3\n';
    await shop.import({ orders: ORDERS, customers, devices });
    const { generation, links, sharedIdentities } = await shop.build();
    expect({ links, sharedIdentities }).toEqual({ links: 5, sharedIdentities: 1 });
    const linked = (space: 'cookie' | 'ifa' | 'email_sha256', value: string) =>
      shop.store.generations.readLink('test', generation, identityKey(key, space, value));
    expect(await linked('cookie', 'c1')).toBe(customerPersonId(key, 'test', 'anna'));
    expect(await linked('ifa', 'shared')).toBeNull();
    expect(await linked('cookie', 'c3')).toBeNull();
    const filter = await shop.store.generations.readBlob('test', generation, LINK_FILTER_BLOB);
    const mayLink = (value: string) =>
      new LinkFilter(new Uint8Array(filter!).buffer).mayLink(identityKey(key, 'cookie', value));
    expect(['c1', 'c2', 'c3'].map(mayLink)).toEqual([true, true, false]);
    const sha256 = createHash('sha256').update('anna@example.com').digest('hex');
    expect(await linked('email_sha256', sha256)).toBe(customerPersonId(key, 'test', 'anna'));
    expect(await readManifest(shop.store.generations, 'test', generation)).toMatchObject({
      // The only ifa is two customers'.
      linkedSpaces: ['cookie', 'customer', 'email_sha256'],
    });
    const samples = JSON.parse(readFileSync(join(shop.dir, 'data/test/samples.json'), 'utf8'));
    expect(samples.bySegment.recent[0]).toMatchObject({
      customer: 'anna',
      segments: ['existing', 'refusers', 'recent', 'p1p2'],
    });
    expect(samples.bySegment.recent[0].identities).toContainEqual({ space: 'cookie', value: 'c1' });
  });

  it('samples people with a device first, and an MD5 of a contact is none', async () => {
    const md5 = createHash('md5').update('known@example.com').digest('hex');
    const hashed = Array.from({ length: 8 }, (_, i) => `hashed${i},,${md5}\n`);
    const columns = { customer: 'id', email: 'email', email_md5: 'md5' };
    const mapping = { ...shop.mapping, customers: { ...shop.mapping.customers!, columns } };
    const customers = `id,email,md5\nvera,,\n${hashed.join('')}`;
    await shop.import({ customers, devices: 'customer,space,value\nvera,cookie,c1\n' }, mapping);
    await shop.build();
    const samples = JSON.parse(readFileSync(join(shop.dir, 'data/test/samples.json'), 'utf8'));
    const [first, ...others] = samples.bySegment.new;
    expect(first).toMatchObject({
      customer: 'vera',
      identities: [{ space: 'cookie', value: 'c1' }],
    });
    expect(others).toHaveLength(8);
    for (const { identities } of others) expect(identities).toEqual([]);
  });

  it('takes categories and best sellers from the feed', async () => {
    writeFileSync(
      join(shop.dir, 'feed.csv'),
      `id,title,price,link,image_link,product_type,availability
p1,One,10.00 EUR,https://shop.test/1,https://shop.test/1.png,tea,in stock
p2,Two,4.00 EUR,https://shop.test/2,https://shop.test/2.png,tea,in stock
p3,Three,5.00 EUR,https://shop.test/3,https://shop.test/3.png,cups,in stock
`,
    );
    await shop.import({ orders: ORDERS });
    const result = await shop.build({ feed: join(shop.dir, 'feed.csv') });
    expect(result.feed).toMatchObject({ items: 3, rejectedCount: 0 });
    expect((await shop.profileOf(result.generation, 'anna')).categories).toEqual(['tea', 'cups']);
    expect((await shop.profileOf(result.generation, 'anna')).segments).toContain(6);
    const catalogue = await shop.blob<Catalogue>(result.generation, CATALOGUE_BLOB);
    expect(catalogue.bestSellers).toEqual(['p1', 'p2', 'p3']);
    expect(catalogue.bestOfCategory).toEqual({ cups: ['p3'], tea: ['p1', 'p2'] });
  });

  it('promise 3: gives the same bytes for the same inputs and as-of time', async () => {
    await shop.import({ orders: ORDERS, customers: 'id,email\nvera,v@example.com\n' });
    const other = await openStore({ url: '', dir: join(shop.dir, 'other') });
    const first = await shop.build();
    const second = await shop.build({ threads: 1 }, other);
    expect(second.generation).toBe(first.generation);
    const bytes = await contents(shop.store.generations, first.generation);
    expect(bytes.length).toBeGreaterThan(6);
    expect(await contents(other.generations, first.generation)).toEqual(bytes);
    await other[Symbol.asyncDispose]();
  });

  it('does nothing when it is asked for the generation that serves', async () => {
    await shop.import({ orders: ORDERS });
    const first = await shop.build();
    expect(await shop.build()).toMatchObject({ generation: first.generation, unchanged: true });
  });

  it('does not know orders after the as-of time', async () => {
    await shop.import({ orders: ORDERS });
    const { generation } = await shop.build({ asOfMs: Date.UTC(2026, 9, 15) });
    expect((await shop.profileOf(generation, 'anna')).orders).toHaveLength(2);
  });

  it('keeps the serving and the previous generation, and rolls back', async () => {
    await shop.import({ orders: ORDERS });
    const made: string[] = [];
    for (let day = 0; day < 3; day++) {
      made.push((await shop.build({ asOfMs: AS_OF_MS + day * DAY_MS })).generation);
    }
    const kept = (await shop.store.generations.list('test')).map(({ generation }) => generation);
    expect([...kept].sort()).toEqual(made.slice(1));
    expect((await shop.store.generations.rollback('test')).generation).toBe(made[1]);
  });

  it('refuses to publish a base that lost a third, unless forced', async () => {
    const customers = (count: number) =>
      `id,email\n${Array.from({ length: count }, (_, i) => `c${i},\n`).join('')}`;
    await shop.import({ customers: customers(10) });
    const first = await shop.build();
    rmSync(join(shop.dir, 'data/test'), { recursive: true });
    await shop.import({ customers: customers(6) });
    await expect(shop.build()).rejects.toThrow(
      /6 customers, where .* has 10: more than 30 % fewer/,
    );
    expect((await shop.store.generations.serving('test'))?.generation).toBe(first.generation);
    expect(await shop.build({ force: true })).toMatchObject({ customers: 6 });
  });

  it('keeps the newest orders and products of a person who has more than a profile holds', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => {
      const time = new Date(AS_OF_MS - (i + 1) * 3_600_000).toISOString();
      return `${i},anna,${time},p${i % 100},1,1,paid\n`;
    });
    await shop.import({ orders: HEADER + rows.join('') });
    const { generation } = await shop.build();
    const anna = await shop.profileOf(generation, 'anna');
    expect(anna.orders).toHaveLength(512);
    expect(anna.orders[511]!.atS).toBe((AS_OF_MS - 512 * 3_600_000) / 1000);
    expect(anna.products).toHaveLength(64);
    expect(anna.products.slice(0, 2)).toEqual(['p0', 'p1']);
  });

  it('says what to do when nothing was imported', async () => {
    await expect(shop.build()).rejects.toThrow(
      /nothing was imported for test yet: run rekindle import/,
    );
  });

  it('removes what a build that died left behind', async () => {
    await shop.import({ orders: ORDERS });
    const writer = await shop.store.generations.write('test', 'left-over');
    await writer.putLinks([{ identity: 'i'.repeat(16), person: 'p'.repeat(16) }]);
    const { generation } = await shop.build();
    expect(await shop.store.generations.list('test')).toEqual([{ generation, sealed: true }]);
  });
});

it('leaves a line in the history when what serves has changed, and only then', async () => {
  await shop.import({ orders: ORDERS });
  const first = await shop.build();
  await shop.build();
  const second = await shop.build({ asOfMs: AS_OF_MS + DAY_MS });
  const entries = readHistory(shopFiles(shop.dir, 'test'));
  expect(entries.map(({ generation }) => generation)).toEqual(
    [first, second].map((b) => b.generation),
  );
  expect(entries[1]).toMatchObject({
    kind: 'build',
    asOfMs: AS_OF_MS + DAY_MS,
    customers: 2,
    segments: second.segments,
  });
});

describe('moves', () => {
  const orders = (customers: readonly string[]) =>
    HEADER + customers.map((name, i) => `${i},${name},2026-11-01,p1,1,5,paid\n`).join('');
  const crowd = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `c${from + i}`);
  const sizeOf = async (changes: Parameters<TestShop['build']>[0]) =>
    (await shop.build(changes)).segments.find(({ segment }) => segment === 'new');

  it('are counted since the build that serves, also when segments come and go', async () => {
    await shop.import({ customers: 'id,email\nvera,\nboris,\nanna,\n' });
    const { segments } = shop.request();
    expect(await sizeOf({ segments: segments.slice(0, 3) })).toMatchObject({
      members: 3,
      entered: null,
      left: null,
    });
    await shop.import({ orders: orders(['boris', 'anna']), customers: 'id,email\nivan,\n' });
    expect(await sizeOf({ segments: segments.slice(1) })).toMatchObject({
      segment: 'new',
      members: 2,
      heldOut: 0,
      before: 3,
      entered: 1,
      left: 2,
      drifted: false,
    });
    expect(await sizeOf({ segments: segments.slice(1) })).toMatchObject({ entered: 0, left: 0 });
  });

  it('are an alarm when more people move than the limit of the segment, or a hundred', async () => {
    await shop.import({ customers: `id,email\n${crowd(0, 1000).join(',\n')},\n` });
    await shop.build();
    await shop.import({ orders: orders(crowd(0, 300)) });
    const later = AS_OF_MS + 1000;
    expect(await sizeOf({ driftLimits: { new: 0.3 } })).toMatchObject({
      left: 300,
      drifted: false,
    });
    await shop.store.generations.rollback('test');
    expect(await sizeOf({ asOfMs: later, driftLimits: { new: 0.29 } })).toMatchObject({
      left: 300,
      drifted: true,
    });
    await shop.import({ orders: orders(crowd(0, 399)) });
    expect(await sizeOf({ asOfMs: later, driftLimits: { new: 0 } })).toMatchObject({
      left: 99,
      drifted: false,
    });
  });

  it('are measured by all whom the rule takes in, those held out for control among them', async () => {
    const control = { sharePpm: 700_000, seed: 'most' };
    const segments = shop.request().segments.map((segment) => ({ ...segment, control }));
    await shop.import({ customers: `id,email\n${crowd(0, 1000).join(',\n')},\n` });
    await shop.build({ segments });
    await shop.import({ orders: orders(crowd(0, 300)) });
    const size = await sizeOf({ segments, driftLimits: { new: 0.3 } });
    expect(size).toMatchObject({ left: 300, drifted: false });
    expect(size!.before).toBeLessThan(400);
  });
});
