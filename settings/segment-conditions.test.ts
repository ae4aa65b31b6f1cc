import { expect, it } from 'vitest';
import type { Rule } from '../rules/rule.ts';
import { checkSegment, readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

it('reads every window, with the zone, the week and whether today counts', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - orders.paid: { gte: 1, within: 30d, today: excluded }
  - orders.paid: { gte: 1, ago: { from: 30d, to: 90d } }
  - orders.paid: { gte: 1, between: [2026-01-01, 2026-03-31] }
  - orders.paid: { gte: 1, within: this_week }
  - orders.paid: { gte: 1, within: last_month }
  - orders.cancelled: { eq: 0, since: own_last_order }
  - orders.paid: { eq: 0, within: { times: 1.5, of: orders.cycle_days, min: 30 } }
`);
  expect(problems).toEqual([]);
  const all = value!.segment.rule as Rule & { kind: 'all' };
  const timeZone = 'Europe/Sofia';
  expect(all.of.map((rule) => rule.kind === 'compare' && rule.window)).toEqual([
    { kind: 'last', days: 30, today: 'excluded', timeZone },
    { kind: 'ago', fromDays: 30, toDays: 90, timeZone },
    { kind: 'between', firstDay: 20_454, lastDay: 20_543, timeZone },
    { kind: 'calendar', period: 'this_week', weekStart: 'monday', today: 'included', timeZone },
    { kind: 'calendar', period: 'last_month', weekStart: 'monday', today: 'excluded', timeZone },
    { kind: 'since_last_order', today: 'included', timeZone },
    { kind: 'cycles', timesThousandths: 1500, minHalfDays: 60, today: 'included', timeZone },
  ]);
});

it('refuses windows that are none, two at once, and today where a window does not reach it', () =>
  checkSegment(
    `all:
  - orders.paid: { gte: 1, within: this_moth }
  - orders.paid: { gte: 1, ago: { from: 90d, to: 30d } }
  - orders.paid: { gte: 1, between: [2026-02-30, 2026-03-31] }
  - orders.paid: { gte: 1, since: first_order }
  - orders.paid: { gte: 1, within: 30d, since: own_last_order }
  - orders.paid: { gte: 1, within: last_week, today: excluded }
  - orders.paid: { gte: 1, today: excluded }
  - orders.paid: { gte: 1, within: 3d, today: no }
  - orders.paid: { gte: 1, within: { times: 2, of: cycle } }
  - orders.paid: { gte: 1, ago: { from: 3, to: 30d } }
  - orders.paid: { gte: 1, between: [2026-01-01, 2026-03-31, April] }
  - orders.paid: { gte: 1, within: 99999d }
`,
    '4:36 all.0.orders.paid.within expected a window of whole days from 1d to 36500d, or this_week, last_week, this_month, last_month, this_year, last_year, got "this_moth" → this_month',
    '5:33 all.1.orders.paid.ago from is the nearer day, to the farther one → { from: 30d, to: 90d }',
    '6:37 all.2.orders.paid.between expected two dates such as [2026-01-01, 2026-03-31], got ["2026-02-30","2026-03-31"]',
    '7:35 all.3.orders.paid.since expected own_last_order → own_last_order',
    '8:41 all.4.orders.paid.since a condition has one window; within is there already',
    '9:47 all.5.orders.paid.today this window ends by itself: today is for windows that reach it',
    '10:28 all.6.orders.paid.today today goes with within or since',
    '11:47 all.7.orders.paid.today expected included or excluded',
    '12:52 all.8.orders.paid.within.of expected orders.cycle_days, got "cycle" → orders.cycle_days',
    '13:41 all.9.orders.paid.ago.from expected days ago such as { from: 30d, to: 90d }, got {"from":3,"to":"30d"}',
    '14:37 all.10.orders.paid.between expected two dates such as [2026-01-01, 2026-03-31], got ["2026-01-01","2026-03-31","April"]',
    '15:36 all.11.orders.paid.within expected a window of whole days from 1d to 36500d, or this_week, last_week, this_month, last_month, this_year, last_year, got "99999d" → 36500d',
  ));

it('lets a test beside the rule say what lies in any window', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - orders.paid: { gte: 1, ago: { from: 30d, to: 90d } }
  - orders.cancelled: { eq: 0, since: own_last_order, today: excluded }
  - orders.paid: { lt: 2, within: { times: 1.5, of: orders.cycle_days } }
tests:
  - name: in
    profile: { orders: { count: 3, paid: 3 }, within: { 30d..90d ago: { orders.paid: 1 }, 1.5 cycles: { orders.paid: 0 } } }
    expect: in
  - name: without an order there is no window since the last one
    profile: { orders.paid: 3, within: { 30d..90d ago: { orders.paid: 1 }, 1.5 cycles: { orders.paid: 0 } } }
    expect: out
  - { name: not said, profile: { orders: { count: 3, paid: 3 } }, expect: in }
`);
  expect(problems).toEqual([]);
  const results = runSegmentTests(value!);
  expect(results.map(({ message }) => message)).toEqual([
    '',
    '',
    'the profile must give within: { 30d..90d ago: { orders.paid: … } }',
  ]);
});

it('reads conditions on attributes of every type', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - attributes.shoe_size: { gte: 42, lt: 43.5 }
  - attributes.city: { none_of: [Sofia] }
  - attributes.tags: { has: vip }
  - attributes.registered: { lt: 2026-01-01 }
  - attributes.next_trip: { days_until: { lte: 14 } }
  - attributes.birthday: { anniversary_in: 7d }
  - attributes.phone: { missing: true }
`);
  expect(problems).toEqual([]);
  const all = value!.segment.rule as Rule & { kind: 'all' };
  const leaves = all.of.flatMap((rule) => (rule.kind === 'all' ? rule.of : [rule]));
  expect(leaves.map((rule) => rule.kind === 'attribute' && [rule.name, rule.test])).toEqual([
    ['shoe_size', { kind: 'number', op: 'gte', valueMicros: 42_000_000 }],
    ['shoe_size', { kind: 'number', op: 'lt', valueMicros: 43_500_000 }],
    ['city', { kind: 'text', quantifier: 'none_of', texts: ['Sofia'] }],
    ['tags', { kind: 'text', quantifier: 'any_of', texts: ['vip'] }],
    ['registered', { kind: 'date', op: 'lt', day: 20_454 }],
    ['next_trip', { kind: 'days_until', op: 'lte', days: 14 }],
    ['birthday', { kind: 'anniversary', withinDays: 7 }],
    ['phone', { kind: 'missing', missing: true }],
  ]);
});

it('refuses conditions on attributes that mean nothing', () =>
  checkSegment(
    `all:
  - attributes.city: { eq: Sofia }
  - attributes.city: { any_off: [Sofia] }
  - attributes.city: { any_of: [] }
  - attributes.trip: { days_until: 14 }
  - attributes.birthday: { anniversary_in: 400d }
  - attributes.phone: { missing: yes please }
  - attributes.phone: {}
`,
    '4:28 all.0.attributes.city.eq expected a number or a date such as 2026-11-22, got "Sofia" → any_of: [Sofia]',
    '5:24 all.1.attributes.city.any_off attributes take gt, gte, lt, lte, eq, ne, any_of, all_of, none_of, has, days_until, days_since, anniversary_in, missing, not any_off → any_of',
    '6:32 all.2.attributes.city.any_of expected a list of 1 to 1000 texts, each of at most 200 characters without backslashes and control characters, got []',
    '7:36 all.3.attributes.trip.days_until expected one comparison with days such as { lte: 14 }, got 14',
    '8:44 all.4.attributes.birthday.anniversary_in expected days from 0d to 364d, got "400d"',
    '9:34 all.5.attributes.phone.missing expected true or false, got "yes please"',
    '10:23 all.6.attributes.phone expected one of gt, gte, lt, lte, eq, ne, any_of, all_of, none_of, has, days_until, days_since, anniversary_in, missing, such as { gte: 42 }',
  ));

it('lets a test beside the rule give attributes, and a day where the rule counts from it', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - attributes.tags: { all_of: [vip, tea] }
  - attributes.trip: { days_until: { lte: 14 } }
tests:
  - { name: in, profile: { attributes: { tags: [tea, vip], trip: 2026-12-01 }, today: 2026-11-22 }, expect: in }
  - { name: gone, profile: { attributes: { tags: [tea, vip], trip: 2026-11-21 }, today: 2026-11-22 }, expect: out }
  - { name: no day, profile: { attributes: { tags: [tea, vip], trip: 2026-12-01 } }, expect: in }
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual([
    '',
    '',
    'the profile must give today: 2026-11-22',
  ]);
});

it('asks of a test beside a rule whose people stay no more than the rule does', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - orders.count: { gte: 3 }
stays: 30d
tests:
  - { name: few, profile: { orders: { count: 1 } }, expect: out }
  - { name: many, profile: { orders: { count: 3 } }, expect: in }
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['', '']);
});

it('takes a margin below nothing', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - orders.margin: { lt: -5.50 USD, within: 30d }
  - orders: { where: { status: paid }, margin: { gte: -20 USD } }
tests:
  - { name: at a loss, profile: { today: 2026-11-22, orders: [{ days_ago: 3, revenue: 2 USD, margin: -6 USD }] }, expect: in }
  - { name: at less of one, profile: { today: 2026-11-22, orders: [{ days_ago: 3, revenue: 2 USD, margin: -5.50 USD }] }, expect: out }
`);
  expect(problems).toEqual([]);
  const { rule } = value!.segment;
  expect(rule).toMatchObject({
    of: [
      { field: 'orders.margin', op: 'lt', operand: { kind: 'literal', value: -5_500_000 } },
      { measure: 'margin', op: 'gte', value: -20_000_000 },
    ],
  });
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['', '']);
});

it('takes the margin of a test as a number too', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all: [orders.margin: { lt: -5.50 USD }]
tests: [{ name: at a loss, profile: { orders: { margin: -6 USD } }, expect: in }]
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['']);
});

it('refuses what can be no loss, and tells a margin without its currency as it was meant', () =>
  checkSegment(
    `all:
  - orders.margin: { lt: -5 }
  - orders.revenue: { lt: -5 USD }
  - clv.value: { gte: -1 USD }
`,
    '4:26 all.0.orders.margin.lt expected an amount such as 500 USD, got -5 → -5 USD',
    '5:27 all.1.orders.revenue.lt expected an amount such as 500 USD, got "-5 USD" → 5 USD',
    '6:23 all.2.clv.value.gte expected an amount such as 500 USD, got "-1 USD" → 1 USD',
  ));
