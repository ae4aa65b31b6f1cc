import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Comparison } from '../../rules/comparison.ts';
import type { Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import type { Window } from '../../rules/window.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck, sqlText } from '../duck.ts';
import { importFiles } from '../import/import-files.ts';
import type { ImportReport } from '../import/import-report.ts';
import { ordersLeftOut } from '../import/orders-left-out.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { WHOLE_BASE } from './buckets.ts';
import { createCustomers, createOrders, ordersZone } from './facts.ts';
import { createOptedOut } from './opted-out.ts';
import { AS_OF_MS, key, TestShop } from './test-shop.contract.ts';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
      ...{ quantity: 'quantity', unit_price: 'price', kept_quantity: 'kept', refunded: 'refund' },
      ...{ unit_cost: 'cost', line_status: 'line_status', currency: 'currency' },
    },
    taken_back: ['refused'],
    status: { column: 'status' },
  },
});
const HEADER =
  'order,customer,time,product,quantity,price,kept,refund,cost,line_status,currency,status\n';
/** A dollar is 0.9 of the shop's euros; a pound is nobody knows what. */
const MONEY = { currency: 'EUR', rates: { USD: [{ fromDay: 0, nanos: 900_000_000 }] } };

function imports(rows: string): Promise<ImportReport> {
  const { dir, statuses, memoryMb, threads } = shop.request();
  const common = { dir, shop: 'test', timeZone: 'Europe/Sofia', statuses, memoryMb, threads };
  const orders = shop.write('orders.csv', HEADER + rows);
  const request = {
    ...common,
    mapping: MAPPING,
    money: MONEY,
    orders,
    nowMs: AS_OF_MS,
    force: true,
  };
  return importFiles(request, key, () => {});
}

async function withDuck<T>(work: (duck: Duck, files: ShopFiles) => Promise<T>): Promise<T> {
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  return await work(duck, files);
}

const line = fc.record({
  order: fc.nat(40),
  product: fc.nat(5),
  quantity: fc.integer({ min: -2, max: 5 }),
  priceMicros: fc.nat(90_000_000),
  kept: fc.option(fc.nat(5), { nil: null }),
  costMicros: fc.option(fc.nat(50_000_000), { nil: null, freq: 8 }),
  lineStatus: fc.constantFrom('', 'sold', 'refused'),
  currency: fc.constantFrom('', '', 'EUR', 'usd', 'GBP'),
});
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;

const decimal = (micros: number) => (micros / 1e6).toFixed(6);

function csv(
  { order, product, quantity, priceMicros, costMicros, ...one }: Line,
  i: number,
): string {
  const kept = one.kept === null || quantity < 0 ? '' : Math.min(one.kept, quantity);
  const cost = costMicros === null ? '' : decimal(costMicros);
  // Status and customer follow from the order; lines of one lie apart.
  const [customer, status] = [`c${order % 7}`, ['paid', 'in_progress', 'cancelled'][order % 3]];
  const refund =
    i % 5 === 0 && kept === '' && quantity > 0 && one.lineStatus !== 'refused'
      ? decimal(Math.min(priceMicros, 1_000_001))
      : '';
  return `${order},${customer},2026-0${1 + (order % 9)}-11,p${product},${quantity},${decimal(priceMicros)},${kept},${refund},${cost},${one.lineStatus},${one.currency},${status}\n`;
}

interface OrderModel {
  readonly customer: string;
  readonly status: string;
  /** Null with a part that nobody knows. */
  readonly kept: bigint | null;
  readonly cost: bigint | null;
}

const TENTHS: Readonly<Record<string, bigint>> = { '': 10n, EUR: 10n, usd: 9n };

/** The money of one row, worked out the plain way. */
function moneyOf(row: string): Pick<OrderModel, 'kept' | 'cost'> {
  const [, , , , quantity, price, kept, refund, cost, lineStatus, currency] = row.split(',');
  const tenths = TENTHS[currency!];
  if (tenths === undefined) return { kept: null, cost: null };
  const micros = (text: string) => BigInt(text.replace('.', '') || '0');
  const exchanged = (amount: bigint) =>
    amount < 0n ? -((-amount * tenths + 5n) / 10n) : (amount * tenths + 5n) / 10n;
  const isBack = lineStatus === 'refused';
  const pieces = isBack ? 0n : BigInt(kept || quantity!);
  const known = isBack || cost !== '';
  return {
    kept: exchanged(pieces * micros(price!) - micros(refund!)),
    cost: known ? exchanged(pieces * micros(cost!)) : null,
  };
}

function modelOf(rows: readonly string[]): Map<string, OrderModel> {
  const orders = new Map<string, OrderModel>();
  const sum = (a: bigint | null, b: bigint | null) => (a === null || b === null ? null : a + b);
  for (const row of rows) {
    const [id, customer] = row.split(',') as [string, string];
    const before = orders.get(id) ?? { kept: 0n, cost: 0n };
    const { kept, cost } = moneyOf(row);
    const status = row.trim().split(',').at(-1)!;
    const money = { kept: sum(before.kept, kept), cost: sum(before.cost, cost) };
    orders.set(id, { customer, status, ...money });
  }
  return orders;
}

it('adds up alike by lines, by orders and by customers, to the micro', async () => {
  const lines = fc.sample(fc.array(line, { minLength: 150, maxLength: 150 }), {
    numRuns: 1,
    seed: 11,
  });
  const rows = lines[0]!.map(csv);
  const { orders: report } = await imports(rows.join(''));
  expect(report!.rejected.first).toEqual([]);
  const expected = modelOf(rows);
  await withDuck(async (duck, files) => {
    const orders = `read_parquet(${sqlText(files.orders)})`;
    const stored = await duck.rows(`SELECT order_id, revenue_micros, cost_micros FROM ${orders}`);
    expect(new Map(stored.map(([id, kept, cost]) => [id, { kept, cost }]))).toEqual(
      new Map([...expected].map(([id, { kept, cost }]) => [id, { kept, cost }])),
    );
    const apart = await duck.rows(`SELECT order_no FROM ${orders} o
      WHERE revenue_micros IS DISTINCT FROM (
        SELECT CASE WHEN count(revenue_micros) = count(*) THEN sum(revenue_micros) END
        FROM read_parquet(${sqlText(files.orderLines)}) l WHERE l.order_no = o.order_no)`);
    expect(apart).toEqual([]);
    await createOptedOut(duck, files);
    const request = shop.request();
    const zone = await ordersZone(duck, files, request);
    await createOrders(duck, files, { request, zone }, WHOLE_BASE);
    await createCustomers(duck, files, WHOLE_BASE);
    const facts = await duck.rows(`SELECT k.customer_id, c.revenue_micros FROM customers c
      JOIN read_parquet(${sqlText(files.customers)}) k ON k.person = c.person`);
    for (const [customer, revenue] of facts) {
      const own = [...expected.values()].filter(
        (order) => order.customer === customer && order.status === 'paid' && order.kept !== null,
      );
      const sum = own.reduce((total, { kept }) => total + (kept! > 0n ? kept! : 0n), 0n);
      expect({ customer, revenue }).toEqual({ customer, revenue: sum });
    }
  });
});

const sale = (order: number, rest: string) =>
  `${order},anna,2026-05-0${order},p1,1,10,,,,,${rest}\n`;

it('lists orders whose revenue is unknown, and does not count them as nothing', async () => {
  const report = await imports(sale(1, ',paid') + sale(2, 'GBP,paid') + sale(3, 'GBP,paid'));
  // Midnight in Sofia is still the day before in UTC.
  const day = (text: string) => Date.parse(text) / 86_400_000;
  const days = { firstDay: day('2026-05-02'), lastDay: day('2026-05-03') };
  const withoutRate = [{ currency: 'GBP', orders: 2, ...days }];
  expect(report.orders).toMatchObject({ orders: 3, withoutRate });
  expect(ordersLeftOut(shop.dir, { shop: 'test', statuses: {} })).toMatchObject({ withoutRate });
  const built = await shop.build();
  expect(built).toMatchObject({ withoutRate });
  const anna = await shop.profileOf(built.generation, 'anna');
  expect(anna.orders.map(({ revenueMicros }) => Number(revenueMicros))).toEqual([10_000_000]);
});

it('does not take what the customer did not keep for bought', async () => {
  await imports(
    '1,anna,2026-05-01,p1,2,10,0,,,,,paid\n1,anna,2026-05-01,p2,1,4,,,,,,paid\n1,anna,2026-05-01,p3,1,4,,,,refused,,paid\n',
  );
  const { generation } = await shop.build();
  const anna = await shop.profileOf(generation, 'anna');
  expect(anna.products).toEqual(['p2']);
  expect(anna.orders.map(({ revenueMicros }) => Number(revenueMicros))).toEqual([4_000_000]);
});

it('answers margins by SQL, by the profile and by the plain sum alike', async () => {
  const lines = [
    ['1', 'anna', '2026-05-01', '10,,,4', 'paid'],
    ['2', 'anna', '2026-05-02', '10,,,', 'paid'],
    ['3', 'anna', '2026-05-03', '10,,,9', 'in_progress'],
    ['4', 'boris', '2026-05-01', '10,,,', 'paid'],
    ['5', 'vera', '2026-05-01', '10,,,12', 'paid'],
    ['6', 'gleb', '2026-05-01', '10,,,1', 'cancelled'],
  ];
  await imports(
    lines
      .map(([id, who, day, money, status]) => `${id},${who},${day},p1,1,${money},,,${status}\n`)
      .join(''),
  );
  const lastDays = (days: number | null): Window | null =>
    days === null ? null : { kind: 'last', days, today: 'included', timeZone: 'Europe/Sofia' };
  const margin = (op: Comparison, value: number, days: number | null): Segment =>
    plainSegment(`${op}-${value}-${days}`, compareWith('orders.margin', op, value, lastDays(days)));
  const segments = [
    margin('gte', 6_000_000, null),
    margin('lt', 6_000_000, null),
    margin('gte', 6_000_000, 300),
    margin('lt', 6_000_000, 300),
  ];
  const { generation } = await shop.build({ segments });
  const found: Record<string, unknown> = {};
  for (const who of ['anna', 'boris', 'vera', 'gleb']) {
    const { orders, segments: ordinals } = await shop.profileOf(generation, who);
    found[who] = [orders.map(({ marginMicros }) => marginMicros), [...ordinals]];
  }
  expect(found).toEqual({
    anna: [
      [1_000_000, null, 6_000_000],
      [0, 2],
    ],
    boris: [[null], []],
    vera: [[-2_000_000], [1, 3]],
    gleb: [[null], []],
  });
});
