/** Customers who are one person by the shop's word, from import to bids, and back again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveExposures } from '../../proto/exposure-log.ts';
import { customerPersonId, type IdentitySpace, identityKey } from '../../proto/ids.ts';
import { addViews, NO_LIVE_FACTS, readLiveFacts, writeLiveFacts } from '../../proto/live-facts.ts';
import { decodeProfile } from '../../proto/records.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { newRead, readOnce } from '../../store/hot-reads.contract.ts';
import type { Store } from '../../store/ports.ts';
import { previewSegment } from '../preview/preview-segment.ts';
import { AS_OF_MS, key, TestShop } from './test-shop.contract.ts';

const ORDERS = `order,customer,time,product,quantity,price,status
1,old,2026-03-01,p1,1,5,paid
2,new,2026-11-01,p2,1,7,paid
3,old,2026-06-01,p3,1,6,paid
4,other,2026-10-01,p1,1,5,paid
`;
const CUSTOMERS = `id,email,tel
new,Ann@Mail.ru,
old,ann@mail.ru,8 916 555-11-22
other,info@mail.ru,+7 916 555 11 22
`;
const DEVICES =
  'customer,space,value\nnew,cookie,c-new\nold,cookie,c-old\nnew,ifa,i-both\nold,ifa,i-both\nother,cookie,c-other\n';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

function joining(...by: ('email' | 'phone')[]): ImportMapping {
  const columns = { customer: 'id', email: 'email', phone: 'tel' };
  return { ...shop.mapping, customers: { columns, join_by: by, phone_region: 'RU' } };
}
const alone = (customer: string) => customerPersonId(key, 'test', customer);

async function linked(generation: string, space: IdentitySpace, value: string) {
  const { generations } = shop.store;
  return generations.readLink('test', generation, identityKey(key, space, value));
}

async function ordersOf(generation: string, customer: string): Promise<number[] | null> {
  const person = alone(customer);
  const bytes = await shop.store.generations.readProfile('test', generation, person);
  return bytes && decodeProfile(bytes, person)!.orders.map((order) => Number(order.revenueMicros));
}

const contentHash = () =>
  (
    JSON.parse(readFileSync(join(shop.dir, 'data/test/import.json'), 'utf8')) as {
      contentHash: string;
    }
  ).contentHash;

describe('customers with one e-mail', () => {
  it('are two persons unless the shop says otherwise, and the e-mail is nobody’s', async () => {
    const files = { orders: ORDERS, customers: CUSTOMERS, devices: DEVICES };
    const { joined } = await shop.import(files, joining());
    expect(joined).toEqual({ joinedCustomers: 0, joinedPersons: 0, quarantined: [], refused: 0 });
    const { generation, customers } = await shop.build();
    expect(customers).toBe(3);
    expect(await linked(generation, 'customer', 'new')).toBe(alone('new'));
    expect(await linked(generation, 'ifa', 'i-both')).toBeNull();
  });

  it('are one person where it does, named by who bought first, with all that both have', async () => {
    const files = { orders: ORDERS, customers: CUSTOMERS, devices: DEVICES };
    const { joined, held } = await shop.import(files, joining('email'));
    expect(joined).toMatchObject({ joinedCustomers: 2, joinedPersons: 1 });
    expect(held.customers).toBe(3);
    const { generation, customers, profiles } = await shop.build();
    expect({ customers, profiles }).toEqual({ customers: 2, profiles: 2 });
    expect(await ordersOf(generation, 'old')).toEqual([7_000_000, 6_000_000, 5_000_000]);
    expect(await ordersOf(generation, 'new')).toBeNull();
    for (const [space, value] of [
      ['customer', 'new'],
      ['customer', 'old'],
      ['cookie', 'c-new'],
      ['cookie', 'c-old'],
      ['ifa', 'i-both'],
    ] as const) {
      expect(await linked(generation, space, value), value).toBe(alone('old'));
    }
    expect(await linked(generation, 'customer', 'other')).toBe(alone('other'));
  });

  it('are joined by a phone however it is written, and by both', async () => {
    const files = { orders: ORDERS, customers: CUSTOMERS };
    expect((await shop.import(files, joining('phone', 'email', 'email'))).joined).toMatchObject({
      joinedCustomers: 3,
      joinedPersons: 1,
    });
  });

  it('stay apart when too many have it', async () => {
    const many = ['a', 'b', 'c', 'd'].map((id) => `${id},four@mail.ru,\n`).join('');
    const { joined } = await shop.import({ customers: `id,email,tel\n${many}` }, joining('email'));
    expect(joined).toMatchObject({
      joinedCustomers: 0,
      quarantined: [{ kind: 'email', values: 1 }],
    });
  });

  it('take orders and devices along, whichever file came first, to the same bytes', async () => {
    const mapping = joining('email');
    await shop.import({ orders: ORDERS, customers: CUSTOMERS, devices: DEVICES }, mapping);
    const atOnce = contentHash();
    await shop.import({ customers: CUSTOMERS }, joining());
    expect(contentHash()).not.toBe(atOnce);
    await shop.import({ customers: CUSTOMERS }, mapping);
    expect(contentHash()).toBe(atOnce);
  });
});

describe('what is known of a joined person', () => {
  it('is a no to ads where one of the customers said no', async () => {
    const columns = { customer: 'id', email: 'email', phone: 'tel' };
    const consent = { ads: { opted_out: 'no_ads' } };
    const [head, first, ...others] = CUSTOMERS.trim().split('\n');
    const rows = [`${head},no_ads`, `${first},2026-01-01`, ...others.map((row) => `${row},`)];
    const customers = `${rows.join('\n')}\n`;
    const mapping = {
      ...joining('email'),
      customers: { columns, join_by: ['email' as const], consent },
    };
    await shop.import({ orders: ORDERS, customers, devices: DEVICES }, mapping);
    const { generation, optedOut, profiles } = await shop.build();
    expect({ optedOut, profiles }).toEqual({ optedOut: 1, profiles: 1 });
    expect(await linked(generation, 'customer', 'old')).toBeNull();
    expect(await linked(generation, 'cookie', 'c-old')).toBeNull();
  });

  it('is the attributes of all its customers, and one line of a preview', async () => {
    const attributes = { town: { column: 'tel', type: 'text' as const } };
    const by = {
      columns: { customer: 'id', email: 'email' },
      attributes,
      join_by: ['email' as const],
    };
    await shop.import(
      { customers: 'id,email,tel\na,x@mail.ru,Bonn\nb,x@mail.ru,Kiel\n' },
      { ...shop.mapping, customers: by },
    );
    const at = { file: 'towns.yaml', line: 2, column: 1 };
    const inTown = (text: string) =>
      plainSegment(text, {
        kind: 'attribute',
        name: 'town',
        test: { kind: 'text', quantifier: 'any_of', texts: [text] },
        at,
      });
    const segments = [inTown('Bonn'), inTown('Kiel'), inTown('Jena')];
    const { generation } = await shop.build({ segments });
    const bytes = await shop.store.generations.readProfile('test', generation, alone('a'));
    expect(decodeProfile(bytes!, alone('a'))!.segments).toEqual([0, 1]);
    const { dir, models, timeZone, currency, feed, memoryMb, threads } = shop.request();
    const serving = { generation, asOfMs: AS_OF_MS, timeZone, segments };
    const build = { serving, segments, models };
    const asked = { dir, shop: 'test', currency, feed, memoryMb, threads, ...build };
    const { members, sample } = await previewSegment({ ...asked, segment: segments[1]! });
    expect({ members, sample: sample.map(({ customer }) => customer) }).toEqual({
      members: 1,
      sample: ['a'],
    });
  });
});

describe('promise 2: who is joined or parted', () => {
  async function show(customer: string, bidKey: number): Promise<void> {
    const subject = { shop: 'test', person: alone(customer), campaignKey: 7 };
    await shop.store.caps.confirm({ ...subject, bidKey, nowMs: Date.now() });
  }
  async function view(customer: string, item: string): Promise<void> {
    const person = alone(customer);
    const nowMs = Date.now();
    await shop.store.live.update({ shop: 'test', person, keepMs: 60_000, nowMs }, () =>
      writeLiveFacts(addViews(NO_LIVE_FACTS, [item], 1), person),
    );
  }
  async function known(customer: string) {
    const person = alone(customer);
    const read = await readOnce(shop.store, newRead({ shop: 'test', person, wantProfile: false }));
    const bids = liveExposures(read.exposures, Date.now()).map(({ bidKey }) => bidKey);
    const { views } = readLiveFacts(read.live, person);
    return { bids: bids.sort(), views: views.map(({ item }) => item).sort() };
  }

  it('keeps every impression, and the live facts of who is joined', async () => {
    const files = { orders: ORDERS, customers: CUSTOMERS };
    await shop.import(files, joining());
    await shop.build();
    await show('old', 1);
    await show('new', 2);
    await view('old', 'tea');
    await view('new', 'cup');
    await shop.import({ customers: CUSTOMERS }, joining('email'));
    await expect(shop.build()).rejects.toThrow('more than 30 % fewer');
    await shop.build({ force: true });
    expect(await known('old')).toEqual({ bids: [1, 2], views: ['cup', 'tea'] });
    // A notice of a bid that was made before.
    await show('new', 3);
    await shop.build();
    expect((await known('old')).bids).toEqual([1, 2, 3]);
    await show('old', 4);
    await view('old', 'pot');
    await shop.import({ customers: CUSTOMERS }, joining());
    await shop.build();
    expect(await known('new')).toEqual({ bids: [1, 2, 3, 4], views: ['cup'] });
  });

  it('keeps what is shown while the build turns to the new generation', async () => {
    const { generations } = shop.store;
    const files = { orders: ORDERS, customers: CUSTOMERS };
    await shop.import(files, joining('email'));
    const flip = generations.flip.bind(generations);
    const flipping: typeof generations = new Proxy(generations, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return name === 'flip' ? showAndFlip : method.bind(target);
      },
    });
    const showAndFlip: typeof flip = async (...args) => {
      await show('new', 5);
      await flip(...args);
    };
    const { syncs, hot, caps, live } = shop.store;
    await shop.build({}, { generations: flipping, syncs, hot, caps, live } as Store);
    expect((await known('old')).bids).toEqual([5]);
  });
});
