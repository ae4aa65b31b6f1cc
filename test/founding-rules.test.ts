import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Customer, type CustomerOrder, STATUS } from '../rules/customer.ts';
import { compileRule } from '../rules/evaluate.ts';
import { customerFacts, factNumbers, ownCycleHalfDays } from '../rules/facts.ts';
import { SEGMENT_FILES } from '../segmenter/demo/demo-segments-yaml.ts';
import { readSegmentFile } from '../settings/segment-file.ts';

const TODAY = 20_779;
const AS_OF = { day: TODAY, shopCycleHalfDays: 180 };
const dir = mkdtempSync(join(tmpdir(), 'rekindle-founding-'));
afterAll(() => rmSync(dir, { recursive: true }));

const rules = Object.entries(SEGMENT_FILES).map(([name, text]) => {
  const path = join(dir, `${name}.yaml`);
  writeFileSync(path, text);
  const read = readSegmentFile({
    path,
    shownAs: name,
    file: name,
    currency: 'USD',
    locale: 'en-US',
    calendar: { timeZone: 'Europe/Sofia', weekStart: 'monday' },
  });
  expect(read.problems).toEqual([]);
  return [name, compileRule(read.value!.segment.rule)] as const;
});

/** [days ago, status, units of currency] */
type Order = readonly [number, keyof typeof STATUS, number];

function customer(...given: readonly Order[]): Customer {
  const orders = given.map(
    ([daysAgo, status, units]): CustomerOrder => ({
      day: TODAY - daysAgo,
      status: STATUS[status],
      revenueMicros: units * 1_000_000,
    }),
  );
  return { orders, cycleHalfDays: ownCycleHalfDays(orders), products: [], categories: [] };
}

function check(person: Customer, ...segments: string[]): void {
  const matched = rules.filter(([, matches]) => matches(person, AS_OF)).map(([name]) => name);
  expect(matched.sort()).toEqual(segments.sort());
}

it('takes somebody without an order for new', () => check(customer(), 'new'));

it('takes somebody whose only order is under way for existing', () =>
  check(customer([1, 'inProgress', 30]), 'existing'));

it('does not take spam for an order', () => check(customer([1, 'spam', 30]), 'new'));

it('takes 250 on average for a high order value, and a cent less not', () => {
  // (300 + 200) / 2 = 250; the order under way is not revenue yet.
  check(customer([5, 'paid', 300], [9, 'paid', 200], [1, 'inProgress', 1]), 'existing', 'high_aov');
  check(customer([5, 'paid', 300], [9, 'paid', 199.99]), 'existing');
});

it('misses a monthly buyer after a month and a half, and a half-yearly one only after nine', () => {
  // Days 160, 130, 100, 46 ago: gaps 30, 30, 54; median 30; 1.5 × 30 = 45 < 46.
  const monthly = customer(
    [160, 'paid', 10],
    [130, 'paid', 10],
    [100, 'paid', 10],
    [46, 'paid', 10],
  );
  expect(monthly.cycleHalfDays).toBe(60);
  check(monthly, 'existing', 'lapsed_loyal');
  // One day earlier the limit itself is not passed.
  const dayBefore = customer(
    [159, 'paid', 10],
    [129, 'paid', 10],
    [99, 'paid', 10],
    [45, 'paid', 10],
  );
  check(dayBefore, 'existing');
  // Gaps 180, 180; 1.5 × 180 = 270.
  const halfYearly = (daysAgo: number) =>
    customer([daysAgo + 360, 'paid', 10], [daysAgo + 180, 'paid', 10], [daysAgo, 'paid', 10]);
  check(halfYearly(270), 'existing');
  check(halfYearly(271), 'existing', 'lapsed_loyal');
});

it("measures somebody without an own cycle by the shop's", () => {
  // Three orders on two days: no own cycle; 1.5 × 90 = 135.
  const twoDays = (daysAgo: number) =>
    customer([daysAgo + 5, 'paid', 10], [daysAgo + 5, 'paid', 10], [daysAgo, 'paid', 10]);
  expect(twoDays(1).cycleHalfDays).toBe(null);
  check(twoDays(135), 'existing');
  check(twoDays(136), 'existing', 'lapsed_loyal');
});

it('takes three refused of seven for high refusal, and three of eight not', () => {
  const refused: Order[] = [
    [9, 'cancelled', 10],
    [8, 'returned', 10],
    [7, 'cancelled', 10],
  ];
  // 3 / (4 + 3) = 0.428…; the spam order is not in the denominator.
  const paid: Order[] = [1, 2, 3, 4].map((daysAgo) => [daysAgo, 'paid', 10] as const);
  check(customer(...paid, ...refused, [1, 'spam', 10]), 'existing', 'high_refusal');
  check(customer(...paid, [5, 'paid', 10], ...refused), 'existing');
});

it('computes the facts by hand', () => {
  const person = customer(
    [100, 'paid', 10],
    [40, 'paid', 20.5],
    [30, 'inProgress', 7],
    [20, 'cancelled', 99],
    [10, 'returned', 5],
    [5, 'other', 5],
  );
  expect(factNumbers(customerFacts(person, AS_OF))).toEqual({
    'orders.count': 3,
    'orders.paid': 2,
    'orders.in_progress': 1,
    'orders.cancelled': 1,
    'orders.returned': 1,
    'orders.revenue': 30_500_000,
    'orders.aov': 15_250_000,
    'orders.margin': null,
    'orders.last_days': 60,
    'orders.first_days': 200,
    'orders.cycle_days': 70,
    'orders.refusal_share': 400_000,
  });
  const facts = customerFacts(person, AS_OF);
  // Today is a day of the window: of 40 days, the order of 40 days ago is out.
  const paid = (days: number) =>
    facts.number('orders.paid', { kind: 'last', days, today: 'included', timeZone: 'UTC' });
  expect([paid(40), paid(41)]).toEqual([0, 1]);
});
