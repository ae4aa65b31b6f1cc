import { expect, it } from 'vitest';
import type { Aggregate, Measure, RowTest } from './aggregate.ts';
import { builtOrdinals, NOTHING_BUILT } from './built-conditions.ts';
import type { Comparison } from './comparison.ts';
import { type Customer, type CustomerEvent, STATUS } from './customer.ts';
import { compileRule } from './evaluate.ts';
import { type ExplainedPerson, explainRule } from './explain.ts';
import type { Rule } from './rule.ts';
import type { Window } from './window.ts';

const TODAY = 20_779; // 2026-11-22
const AS_OF = { day: TODAY, shopCycleHalfDays: 120 };
const at = { file: 'segments/tea.yaml', line: 4, column: 5 };
const EUR = 1_000_000;
const LAST_30: Window = { kind: 'last', days: 30, today: 'included', timeZone: 'Europe/Sofia' };
const SINCE: Window = { kind: 'since_last_order', today: 'included', timeZone: 'Europe/Sofia' };
const PAID: RowTest = { on: 'status', statuses: [STATUS.paid] };
const TEA: RowTest = { on: 'product', quantifier: 'any_of', texts: ['tea'] };

const order = (
  daysAgo: number,
  euros: number,
  changes: Partial<Customer['orders'][number]> = {},
) => ({
  ...{ day: TODAY - daysAgo, status: STATUS.paid, revenueMicros: euros * EUR },
  ...changes,
});
const event = (
  daysAgo: number,
  name: string,
  changes: Partial<CustomerEvent> = {},
): CustomerEvent => ({
  ...{ day: TODAY - daysAgo, kind: 'event', name, valueMicros: null, products: [], categories: [] },
  ...changes,
});
const NOBODY: Customer = { orders: [], cycleHalfDays: null, products: [], categories: [] };

function aggregate(
  rows: Aggregate['rows'],
  [measure, op, value]: readonly [Measure, Comparison, number],
  where: readonly RowTest[] = [],
  window: Window | null = null,
): Rule {
  return { kind: 'aggregate', rows, measure, op, value, where, window, at };
}

function holds(rule: Rule, customer: Customer): boolean {
  return compileRule(rule)(customer, AS_OF);
}

it('counts none as 0, and has no other answer of none', () => {
  for (const measure of ['count', 'distinct_days', 'revenue'] as const) {
    expect(holds(aggregate('orders', [measure, 'eq', 0]), NOBODY), measure).toBe(true);
  }
  for (const measure of ['margin', 'aov', 'max', 'min', 'days_since_last'] as const) {
    for (const op of ['gte', 'lte', 'ne'] as const) {
      expect(holds(aggregate('orders', [measure, op, 5]), NOBODY), measure).toBe(false);
    }
  }
});

it('takes those who have not done it for those who did it never or not lately', () => {
  const silent = aggregate(
    'events',
    ['count', 'eq', 0],
    [{ on: 'name', texts: ['cart'] }],
    LAST_30,
  );
  expect(holds(silent, NOBODY)).toBe(true);
  expect(holds(silent, { ...NOBODY, events: [event(30, 'cart'), event(1, 'view')] })).toBe(true);
  expect(holds(silent, { ...NOBODY, events: [event(29, 'cart')] })).toBe(false);
});

it('has no answer since the last order of somebody who has none', () => {
  const since = aggregate('events', ['count', 'eq', 0], [], SINCE);
  expect(holds(since, { ...NOBODY, events: [event(1, 'view')] })).toBe(false);
  expect(holds(since, { ...NOBODY, orders: [order(3, 1)], events: [event(3, 'view')] })).toBe(true);
});

it('does not compare what is not known', () => {
  const cheap: RowTest = { on: 'amount', op: 'lt', micros: 50 * EUR };
  const events = [event(1, 'cart'), event(1, 'cart', { valueMicros: 5 * EUR })];
  expect(holds(aggregate('events', ['count', 'eq', 1], [cheap]), { ...NOBODY, events })).toBe(true);
  expect(holds(aggregate('events', ['value', 'eq', 5 * EUR]), { ...NOBODY, events })).toBe(true);
  const other: RowTest = { on: 'category', quantifier: 'none_of', texts: ['cups'] };
  const orders = [order(1, 5, { products: ['tea'] }), order(2, 5, { categories: ['tea'] })];
  expect(holds(aggregate('orders', ['count', 'eq', 1], [other]), { ...NOBODY, orders })).toBe(true);
});

it('adds margins up of valid orders whose cost is known', () => {
  const orders = [
    order(1, 9, { marginMicros: 2 * EUR }),
    order(2, 9, { status: STATUS.cancelled, marginMicros: 50 * EUR }),
    order(3, 9),
  ];
  const margin = aggregate('orders', ['margin', 'eq', 2 * EUR]);
  expect(holds(margin, { ...NOBODY, orders })).toBe(true);
});

function explained(
  rule: Rule,
  customer: Customer,
  built = NOTHING_BUILT,
  asBuilt: ExplainedPerson['asBuilt'] = null,
) {
  const { matched, expected, value, changesOn } = explainRule(rule, {
    ...{ customer, asOf: AS_OF, segments: new Set<string>(), built, asBuilt },
  });
  return { matched, expected, value, changesOn };
}

it('is explained with how many it counted, and until when that holds', () => {
  const orders = [order(3, 40.5), order(20, 30), order(60, 99), order(4, 9, { status: 2 })];
  const customer = { ...NOBODY, orders };
  const large: RowTest = { on: 'amount', op: 'gte', micros: 35 * EUR };
  expect(
    explained(aggregate('orders', ['count', 'gte', 1], [PAID, large], LAST_30), customer),
  ).toEqual({
    matched: true,
    expected:
      'orders.count ≥ 1 where status is paid and revenue ≥ 35 within the last 30 days, ' +
      'today included: 2026-10-24 to 2026-11-22 (Europe/Sofia)',
    value: '1 of 4 orders',
    changesOn: '2026-12-19',
  });
  expect(explained(aggregate('orders', ['max', 'lt', 50 * EUR], [PAID]), customer)).toEqual({
    matched: false,
    expected: 'orders.max < 50 where status is paid',
    value: '99 from 3 of 4 orders',
    changesOn: null,
  });
  expect(
    explained(aggregate('orders', ['days_since_last', 'gt', 5], [PAID]), customer),
  ).toMatchObject({
    value: '3 days from 3 of 4 orders',
    changesOn: '2026-11-25',
  });
  const viewed = { ...NOBODY, events: [event(1, 'view'), event(2, 'cart')] };
  const carts = aggregate('events', ['count', 'gte', 1], [{ on: 'name', texts: ['cart'] }]);
  expect(explained(carts, viewed).value).toBe('1 events');
  expect(explained(aggregate('orders', ['aov', 'gt', 5]), NOBODY).value).toBe(
    'none from 0 of 0 orders',
  );
});

it('is explained as the last build found it where a profile does not carry what it asks', () => {
  const rule = aggregate('orders', ['count', 'gte', 1], [PAID, TEA]);
  const live = aggregate('orders', ['count', 'gte', 2], [PAID]);
  const built = builtOrdinals([{ rule: { kind: 'all', of: [live, rule], at } }]);
  expect(built.size).toBe(1);
  const customer = { ...NOBODY, orders: [order(3, 40)], built: [0] };
  expect(explained(rule, customer, built)).toEqual({
    matched: true,
    expected: 'orders.count ≥ 1 where status is paid and product any_of tea',
    value: 'met as of the last build',
    changesOn: null,
  });
  expect(explained(live, customer, built)).toMatchObject({
    matched: false,
    value: '1 of 1 orders',
  });
});

it('is explained with what the build counted where that is known, at the moment of the build', () => {
  const lately = aggregate('orders', ['count', 'gte', 1], [PAID, TEA], LAST_30);
  const built = builtOrdinals([{ rule: lately }]);
  const then = [order(29, 40, { products: ['tea'] }), order(40, 5)];
  const asBuilt = { customer: { ...NOBODY, orders: then }, asOf: { ...AS_OF, day: TODAY - 2 } };
  const profile = { ...NOBODY, orders: [order(29, 40), order(40, 5), order(1, 5)], built: [0] };
  expect(explained(lately, profile, built, asBuilt)).toEqual({
    matched: true,
    expected:
      'orders.count ≥ 1 where status is paid and product any_of tea within the last 30 days, ' +
      'today included: 2026-10-22 to 2026-11-20 (Europe/Sofia)',
    value: '1 of 2 orders, met as of the last build',
    changesOn: null,
  });
});
