import { expect, it } from 'vitest';
import { loadWorkspace } from './load-workspace.ts';
import { problemsOf, SHOP, workspace } from './workspace.contract.ts';

const ORDERS = `import:
  orders:
    columns: { order: id, customer: who, time: at, quantity: pieces, unit_price: price }
    status: { column: status }
`;

function shopWith(text: string): string {
  return workspace({ 'shops/tea/shop.yaml': SHOP + text });
}

it('reads dated rates exactly, oldest first', () => {
  const [shop] = loadWorkspace(
    shopWith(
      'rates: { USD: { 2026-02-01: 0.915, 2026-01-01: "0.92" }, VND: { 1970-01-02: 0.000034712 } }\n',
    ),
  ).shops;
  expect(shop?.rates).toEqual({
    USD: [
      { fromDay: 20_454, nanos: 920_000_000 },
      { fromDay: 20_485, nanos: 915_000_000 },
    ],
    VND: [{ fromDay: 1, nanos: 34_712 }],
  });
});

it.each([
  [
    'rates: { USD: { 2026-02-30: 1 } }',
    '9:17 rates.USD.2026-02-30 expected a date such as 2026-11-22',
  ],
  ['rates: { usd: { 2026-02-01: 1 } }', '9:10 rates.usd expected a currency code'],
  ['rates: { USD: { 2026-02-01: 0 } }', '9:29 rates.USD.2026-02-01 expected a rate such as 0.92'],
  [
    'rates: { USD: { 2026-02-01: 1e-9 } }',
    '9:29 rates.USD.2026-02-01 expected a rate such as 0.92',
  ],
])('refuses %s', (text, problem) => {
  expect(problemsOf(shopWith(`${text}\n`))).toEqual([expect.stringContaining(problem)]);
});

it.each([
  ['cost: c, unit_cost: u', 'unit_cost expected either cost or unit_cost'],
  ['cost: c, kept_quantity: k', 'cost expected unit_cost beside kept_quantity'],
  ['line_status: s', 'line_status expected columns.line_status and taken_back together'],
])('refuses columns { %s } together', (columns, problem) => {
  const text = ORDERS.replace('unit_price: price', `unit_price: price, ${columns}`);
  expect(problemsOf(shopWith(text))).toEqual([
    expect.stringMatching(
      new RegExp(`^shops/tea/shop.yaml:11:\\d+ import.orders.columns.${problem}`),
    ),
  ]);
});

it.each([
  ['unit_cost: u', 'unit_cost expected unit_cost beside unit_price'],
  ['kept_quantity: k', 'kept_quantity expected kept_quantity beside quantity and unit_price'],
])('refuses { %s } for whole orders', (columns, problem) => {
  const text = ORDERS.replace('quantity: pieces, unit_price: price', `revenue: sum, ${columns}`);
  expect(problemsOf(shopWith(text))).toEqual([expect.stringContaining(problem)]);
});

it.each(['revenue: sum, products: all, product: sku', 'unit_price: price, products: all'])(
  'refuses { %s }: products are of whole orders',
  (columns) => {
    const text = ORDERS.replace('quantity: pieces, unit_price: price', columns);
    expect(problemsOf(shopWith(text))).toEqual([
      expect.stringContaining('products expected products beside revenue'),
    ]);
  },
);

it('refuses line statuses of whole orders', () => {
  const text = ORDERS.replace(
    'quantity: pieces, unit_price: price',
    'revenue: sum, line_status: s',
  );
  const problems = problemsOf(shopWith(`${text}    taken_back: [refused]\n`));
  expect(problems).toEqual([expect.stringContaining('revenue is of the whole order')]);
});
