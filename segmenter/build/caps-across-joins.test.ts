/** A browser is asked for as a bid asks: whom the serving generation links it to, and what they have seen. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, identityKey } from '../../proto/ids.ts';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { imp, reserveAt } from '../../store/caps.contract.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/ports.ts';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../../store/redis/redis-server.contract.ts';
import { key, TestShop } from './test-shop.contract.ts';

const CUSTOMERS = 'id,email\nold,ann@mail.ru\nnew,Ann@Mail.ru\nother,other@mail.ru\n';
const ORDERS = `order,customer,time,product,quantity,price,status
1,old,2026-03-01,p1,1,5,paid
2,new,2026-05-01,p1,1,5,paid
`;
const DEVICES = 'customer,space,value\nold,cookie,c-old\nnew,cookie,c-new\nother,cookie,c-other\n';
const CAP = { scope: 'campaign', impsMax: 2, windowMs: 3_600_000 } as const;

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const APART: readonly 'email'[] = [];
const JOINED = ['email'] as const;

function joiningBy(by: readonly 'email'[]): ImportMapping {
  const columns = { customer: 'id', email: 'email' };
  return { ...shop.mapping, customers: { columns, join_by: [...by] } };
}

async function personOf(store: Store, cookie: string): Promise<string> {
  const { generation } = (await store.generations.serving('test'))!;
  const identity = identityKey(key, 'cookie', cookie);
  return (await store.generations.readLink('test', generation, identity))!;
}

/** Whether a bid for the browser may be made; what is granted is shown, unless it is still under way. */
async function mayShow(store: Store, cookie: string, isShown = true): Promise<boolean> {
  const nowMs = Date.now();
  const who = { shop: 'test', person: await personOf(store, cookie) };
  const one = imp({ rules: [CAP], expiresAtMs: nowMs + 600_000 });
  const { granted } = await reserveAt(store, { ...who, nowMs }, [one]);
  const { campaignKey, bidKey } = one;
  if (granted[0] && isShown) await store.caps.confirm({ ...who, campaignKey, bidKey, nowMs });
  return granted[0]!;
}

function describeCapsAcross(storeOf: () => Promise<Store>): void {
  it('promise 2: a cap holds while its customers become one person, two, and one again', async () => {
    await using store = await storeOf();
    const serve = async (by: readonly 'email'[]) => {
      await shop.import({ orders: ORDERS, customers: CUSTOMERS, devices: DEVICES }, joiningBy(by));
      await shop.build({ force: true }, store);
    };
    const mayShowBoth = async () => [await mayShow(store, 'c-old'), await mayShow(store, 'c-new')];
    await serve(APART);
    expect(await mayShow(store, 'c-old')).toBe(true);
    // Its notice is still to come.
    expect(await mayShow(store, 'c-new', false)).toBe(true);
    await serve(JOINED);
    expect(await personOf(store, 'c-new')).toBe(customerPersonId(key, 'test', 'old'));
    expect(await mayShowBoth()).toEqual([false, false]);
    await serve(APART);
    expect(await personOf(store, 'c-new')).toBe(customerPersonId(key, 'test', 'new'));
    expect(await mayShowBoth()).toEqual([false, false]);
    await serve(JOINED);
    expect(await mayShowBoth()).toEqual([false, false]);
    expect(await mayShow(store, 'c-other')).toBe(true);
  });
}

describe('LMDB', () => {
  describeCapsAcross(() => openStore({ url: '', dir: `${shop.dir}/caps` }));
});

describe.skipIf(noRedisReason !== '')(`a real redis-server${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';
  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  describeCapsAcross(() => openStore({ url, dir: '', hotTimeoutMs: 2_000 }));
});

it('a person keeps its name in every build: when others join who bought later, and whatever came first', async () => {
  await using store = await openStore({ url: '', dir: `${shop.dir}/names` });
  const later = 'id,email\nlate,ann@mail.ru\n';
  await shop.import({ customers: CUSTOMERS, devices: DEVICES }, joiningBy(JOINED));
  await shop.import({ orders: ORDERS }, joiningBy(JOINED));
  await shop.build({}, store);
  const before = await personOf(store, 'c-new');
  expect(before).toBe(customerPersonId(key, 'test', 'old'));
  const orders = ORDERS.replace('1,old,2026-03', '9,late,2026-07');
  await shop.import({ customers: later, orders }, joiningBy(JOINED));
  await shop.build({ force: true }, store);
  expect(await personOf(store, 'c-new')).toBe(before);
});
