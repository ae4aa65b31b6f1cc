/** A shop of forty regulars, whose cycle and whose baskets what a few others buy does not change. */

import { STATUS } from '../../rules/customer.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import type { Window } from '../../rules/window.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, at, SEGMENTS } from './test-shop.contract.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const timeZone = 'Europe/Sofia';

export const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
      ...{ quantity: 'quantity', unit_price: 'price' },
    },
    status: { column: 'status' },
  },
  customers: {
    columns: { customer: 'id', email: 'email' },
    consent: { ads: { column: 'ads' } },
    attributes: { trip: { column: 'trip', type: 'date' } },
  },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
  events: { columns: { time: 'at', customer: 'customer', name: 'name' } },
});

const trip = (test: (Rule & { kind: 'attribute' })['test']): Rule => ({
  ...{ kind: 'attribute', name: 'trip', test, at },
});
const window = (changes: object): Window =>
  ({ kind: 'last', days: 3, today: 'excluded', timeZone, ...changes }) as Window;
export const RULES: readonly Segment[] = [
  ...SEGMENTS,
  plainSegment('hot', compareWith('orders.count', 'gte', 1, window({ days: 3 }))),
  plainSegment(
    'month',
    compareWith(
      'orders.revenue',
      'gt',
      9,
      window({
        ...{ kind: 'calendar', period: 'this_month', weekStart: 'monday', today: 'included' },
      }),
    ),
  ),
  plainSegment('tea_lover', {
    ...{ kind: 'affinity', by: 'category', at },
    expects: { kind: 'share', name: 'tea', op: 'gte', sharePpm: 600_000 },
  }),
  plainSegment('five', {
    ...{ kind: 'aggregate', rows: 'orders', measure: 'count', op: 'gte', value: 1, at },
    where: [
      { on: 'status', statuses: [STATUS.paid] },
      { on: 'product', quantifier: 'any_of', texts: ['p5'] },
    ],
    window: window({ days: 60 }),
  }),
  plainSegment('looked', {
    ...{ kind: 'aggregate', rows: 'events', measure: 'count', op: 'gte', value: 1, at },
    where: [{ on: 'name', texts: ['view'] }],
    window: window({ days: 5 }),
  }),
  plainSegment('warm', {
    ...{ kind: 'stays', segment: 'warm', days: 2, at },
    of: [compareWith('orders.count', 'gte', 1, window({ days: 2 }))],
  }),
  plainSegment('travels', trip({ kind: 'days_until', op: 'lte', days: 2 })),
  plainSegment('back', trip({ kind: 'days_since', op: 'gte', days: 1 })),
  {
    ...plainSegment('cool', { kind: 'none', of: [{ kind: 'segment', segment: 'hot', at }], at }),
    control: { sharePpm: 300_000, seed: 'cool' },
  },
];
export const FEED = `id,title,price,link,image_link,product_type,availability
p1,One,9.00 EUR,https://shop.test/1,https://shop.test/1.png,tea,in stock
p2,Two,18.00 EUR,https://shop.test/2,https://shop.test/2.png,cups,in stock
p3,Three,5.00 EUR,https://shop.test/3,https://shop.test/3.png,cups,out of stock
`;
export const ORDERS = 'order,customer,time,product,quantity,price,status\n';
export const CUSTOMERS = 'id,email,ads,trip\n';
export const time = (ms: number) => new Date(ms).toISOString();
export const customerRow = (id: string, ads = 'yes', daysToTrip: number | null = null) =>
  `${id},${id}@a.test,${ads},${daysToTrip === null ? '' : time(AS_OF_MS + daysToTrip * DAY_MS).slice(0, 10)}\n`;

/** Forty regulars: what the shop's cycle and what is bought together rest on. */
export function regulars(): { orders: string; customers: string; devices: string } {
  const names = Array.from({ length: 40 }, (_, i) => `r${i}`);
  const orders = names.flatMap((name, i) =>
    [0, 1, 2, 3].flatMap((nth) => {
      const start = `${name}-${nth},${name},${time(AS_OF_MS - (i + 1 + nth * 20) * DAY_MS)}`;
      return ['p1', i % 2 === 0 ? 'p2' : 'p3', 'p4']
        .slice(0, 1 + (nth % 3))
        .map(
          (product) =>
            `${start},${product},1,${i + 1},${nth === 3 && i % 5 === 0 ? 'cancelled' : 'paid'}\n`,
        );
    }),
  );
  return {
    orders: ORDERS + orders.join(''),
    customers:
      CUSTOMERS +
      names.map((name, i) => customerRow(name, 'yes', i % 4 === 0 ? i / 4 : null)).join(''),
    devices: `customer,space,value\n${names.map((name) => `${name},cookie,of-${name}\n`).join('')}`,
  };
}
