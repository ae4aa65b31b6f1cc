import { afterEach, beforeEach, expect, it } from 'vitest';
import { MergedShop } from './merged-shop.contract.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

const run = (given: { orders: string }) => shop.imports(given, { mapping: {} });
const LINES =
  'order_no, product_no, CAST(quantity_micros AS DOUBLE) / 1e6, CAST(revenue_micros AS DOUBLE)';
const RETAILCRM = { createdAt: '2026-07-05 10:00:00', status: 'complete', totalSumm: 9.5 };
const answer = (...orders: readonly object[]) =>
  JSON.stringify({ success: true, orders: orders.map((order) => ({ ...RETAILCRM, ...order })) });
const TEA = { offer: { id: 1, externalId: 'tea-9', xmlId: 'x' }, quantity: 2, status: 'new' };

it('reads the items of retailCRM’s orders as their lines', async () => {
  const items = [
    { ...TEA, prices: [{ price: 1, quantity: 2 }], discounts: [] },
    { offer: { id: 2, externalId: '', xmlId: 'cup#1' }, quantity: 0.5 },
    { offer: { id: 30, externalId: null }, quantity: '3' },
    { ...TEA, quantity: 1, isCanceled: false, status: 'cancel' },
    { offer: { id: 4 }, quantity: 1, isCanceled: true },
    { offer: { displayName: 'wrapping' }, quantity: 1 },
    { productName: 'a card', quantity: 1 },
  ];
  const { orders } = await run({
    orders: answer({ id: 5, email: 'a@x.ru', items }, { id: 6, email: 'b@x.ru', items: [] }),
  });
  expect(orders).toMatchObject({ linesLoaded: 2, rejected: { first: [] } });
  expect(await shop.held(['products', 'product_no, product'])).toEqual([
    [0, '30'],
    [1, 'cup#1'],
    [2, 'tea-9'],
  ]);
  expect(await shop.held(['orderLines', LINES])).toEqual([
    [0, 0, 3, null],
    [0, 1, 0.5, null],
    [0, 2, 3, null],
  ]);
  expect(await shop.held(['orders', 'CAST(revenue_micros AS DOUBLE) / 1e6'])).toEqual([
    [9.5],
    [9.5],
  ]);
});

it('refuses orders of retailCRM whose items cannot be read', async () => {
  const bad: unknown[] = [
    ...[{ offer: TEA.offer }, { ...TEA, quantity: -1 }, { ...TEA, quantity: 'two' }],
    ...[
      { ...TEA, offer: { externalId: 'a,b' } },
      { ...TEA, offer: { id: {} } },
    ],
    ...[
      { ...TEA, offer: { id: 2 ** 53 } },
      { ...TEA, offer: 'tea-9' },
    ],
    { ...TEA, offer: { externalId: 's'.repeat(256) } },
  ];
  const rows = [...bad.map((item) => [TEA, item]), [TEA, 'tea-9'], [TEA]];
  const { orders } = await run({
    orders: answer(...rows.map((items, id) => ({ id, email: 'a@x.ru', items }))),
  });
  expect(orders!.rejected.count).toBe(rows.length - 1);
  for (const { column, reason } of orders!.rejected.first) {
    expect([column, reason]).toEqual(['items', expect.stringMatching(/^expected items with/)]);
  }
  expect(await shop.held(['orders', 'order_id'])).toEqual([[`${rows.length - 1}`]]);
  const csv = (items: string) =>
    `id;createdAt;status;totalSumm;email;items\n1;2026-07-05;new;5;a@x.ru;"${items}"\n`;
  await expect(run({ orders: csv(`[{'offer': {'id': 1}}]`) })).rejects.toThrow(/expected items/);
  const json = JSON.stringify([TEA]).replaceAll('"', '""');
  expect((await run({ orders: csv(json) })).orders?.linesLoaded).toBe(1);
});

it('knows a file whose first order is longer than what is read of others', async () => {
  const long = { ...TEA, comment: 'x'.repeat(400_000) };
  const orders = answer({ id: 5, email: 'a@x.ru', items: [long] });
  expect((await run({ orders })).orders?.linesLoaded).toBe(1);
});
