import { expect, it } from 'vitest';
import type { Rule } from '../rules/rule.ts';
import { readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

/** `rule` is what follows `segment:` and `title:`, from line 3 on. */
function check(rule: string, ...expected: string[]): void {
  const { value, problems } = readSegment(`segment: a\ntitle: A\n${rule}`);
  const shown = problems.map(({ line, column, path, message, suggestion }) =>
    [`${line}:${column}`, path, message, ...(suggestion ? [`→ ${suggestion}`] : [])].join(' '),
  );
  expect(shown).toEqual(expected);
  expect(value === null).toBe(expected.length > 0);
}

it('reads a rule with its effect, and knows where each condition stands', () => {
  const { value, problems } = readSegment(`segment: lapsed_loyal
title: { bg: Заспали лоялни, en: Lapsed loyal }
all:
  - orders.count: { gte: 2 }
  - orders.revenue: { gte: 500 USD, within: 90d }
  - orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 90 } }
  - any:
      - products.bought: { any_of: [tea, cup] }
      - categories.bought: { all_of: [kitchen] }
none:
  - orders.refusal_share: { gt: 0.5 }
priority: 40
bid: { multiplier: 2.1, max_cpm: 12 USD }
frequency:
  - { max: 6, per: 24h, scope: campaign }
  - { max: 20, per: 30d, scope: shop }
offer: welcome_back
`);
  expect(problems).toEqual([]);
  const at = (line: number, column: number) => ({ file: 'segments/a.yaml', line, column });
  const compare = { kind: 'compare', window: null };
  expect(value?.segment).toEqual({
    segment: 'lapsed_loyal',
    title: 'Lapsed loyal',
    priority: 40,
    group: null,
    control: null,
    effect: {
      multiplier: 2.1,
      maxCpmMicros: 12_000_000,
      offer: 'welcome_back',
      caps: [
        { scope: 'campaign', impsMax: 6, windowMs: 86_400_000 },
        { scope: 'shop', impsMax: 20, windowMs: 30 * 86_400_000 },
      ],
    },
    at: at(1, 1),
    rule: {
      kind: 'all',
      at: at(1, 1),
      of: [
        {
          kind: 'all',
          at: at(3, 1),
          of: [
            {
              ...compare,
              field: 'orders.count',
              op: 'gte',
              operand: { kind: 'literal', value: 2 },
              at: at(4, 5),
            },
            {
              ...compare,
              field: 'orders.revenue',
              window: { kind: 'last', days: 90, today: 'included', timeZone: 'Europe/Sofia' },
              op: 'gte',
              operand: { kind: 'literal', value: 500_000_000 },
              at: at(5, 5),
            },
            {
              ...compare,
              field: 'orders.last_days',
              op: 'gt',
              operand: { kind: 'cycle', timesThousandths: 1500, minHalfDays: 180 },
              at: at(6, 5),
            },
            {
              kind: 'any',
              at: at(7, 5),
              of: [
                {
                  kind: 'has',
                  field: 'products.bought',
                  quantifier: 'any_of',
                  names: ['tea', 'cup'],
                  at: at(8, 9),
                },
                {
                  kind: 'has',
                  field: 'categories.bought',
                  quantifier: 'all_of',
                  names: ['kitchen'],
                  at: at(9, 9),
                },
              ],
            },
          ],
        },
        {
          kind: 'none',
          at: at(10, 1),
          of: [
            {
              ...compare,
              field: 'orders.refusal_share',
              op: 'gt',
              operand: { kind: 'literal', value: 500_000 },
              at: at(11, 5),
            },
          ],
        },
      ],
    },
  });
});

it('refuses a value of the wrong type and says what was expected', () =>
  check(
    `all:
  - orders.last_days: { gt: "90+" }
  - orders.count: { gte: -1 }
  - orders.revenue: { gt: 500 }
  - orders.aov: { gt: 500 EUR }
  - orders.refusal_share: { gt: 50 }
  - orders.cycle_days: { gt: { times: 1, of: orders.cycle_days } }
  - orders.last_days: { gt: { time: 1, of: orders.cycle_days } }
  - orders.last_days: { gt: { times: 1000, of: orders.cycle_days } }
  - products.bought: { any_of: [12, "a\\\\b"] }
`,
    '4:29 all.0.orders.last_days.gt expected days from 0 to 36500, whole or halves, got "90+" → 90',
    '5:26 all.1.orders.count.gte expected a whole number >= 0, got -1',
    '6:27 all.2.orders.revenue.gt expected an amount such as 500 USD, got 500 → 500 USD',
    '7:23 all.3.orders.aov.gt expected an amount in the shop\'s currency USD, got "500 EUR" → 500 USD',
    '8:33 all.4.orders.refusal_share.gt expected a share from 0 to 1, at most 6 digits after the point, got 50 → 0.5',
    '9:30 all.5.orders.cycle_days.gt expected days from 0 to 36500, whole or halves, got {"times":1,"of":"orders.cycle_days"}',
    '10:31 all.6.orders.last_days.gt.time unknown key; known keys: times, of, min → times',
    '11:38 all.7.orders.last_days.gt.times expected a number from 0.001 to 100, at most 3 digits after the point, got 1000',
    '12:33 all.8.products.bought.any_of.0 expected a name as text, without backslashes and control characters → "12"',
    '12:37 all.8.products.bought.any_of.1 expected a name as text, without backslashes and control characters',
  ));

it('refuses fields and operators that are not in the language', () =>
  check(
    `all:
  - order.count: { gte: 1 }
  - orders.count: { ">=": 1 }
  - orders.count: { any_of: [1] }
  - orders.count: 2
  - products.bought: { any: [tea] }
  - orders.count: { within: 30d }
  - orders.last_days: { gt: 3, within: 30d }
  - orders.count: { gte: 1, within: -7d }
  - {}
`,
    '4:5 all.0.order.count unknown condition; known: all, any, none, orders.count, orders.paid, orders.in_progress, orders.cancelled, orders.returned, orders.revenue, orders.aov, orders.margin, orders.last_days, orders.first_days, orders.cycle_days, orders.refusal_share, products.bought, categories.bought, attributes.…, segment → orders.count',
    '5:21 all.1.orders.count.>= orders.count takes gt, gte, lt, lte, eq, ne, within, between, ago, since, today, not >= → gte',
    '6:21 all.2.orders.count.any_of orders.count takes gt, gte, lt, lte, eq, ne, within, between, ago, since, today, not any_of',
    '7:19 all.3.orders.count expected an operator (gt, gte, lt, lte, eq, ne) such as { gte: 2 } → { eq: 2 }',
    '8:24 all.4.products.bought.any products.bought takes any_of, all_of, not any → any_of',
    '9:19 all.5.orders.count expected at least one operator of gt, gte, lt, lte, eq, ne',
    '10:32 all.6.orders.last_days.within within limits counts and amounts; orders.last_days always looks at all orders',
    '11:37 all.7.orders.count.within expected a window of whole days from 1d to 36500d, or this_week, last_week, this_month, last_month, this_year, last_year, got "-7d" → 7d',
    '12:5 all.8 expected at least one condition',
  ));

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
  check(
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
  check(
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

it('refuses a rule that nobody can meet', () =>
  check(
    `all:
  - orders.count: { gte: 5, lt: 3 }
  - orders.last_days: { gt: 90 }
  - all: [ { orders.last_days: { lte: 90 } } ]
  - any: [ { orders.paid: { lt: 0 } }, { orders.refusal_share: { gt: 1 } } ]
  - orders.first_days: { gt: 3, lt: 4 }
  - orders.returned: { gte: 5, within: 30d }
  - orders.returned: { lt: 3, within: 10d }
`,
    '4:29 all.0.orders.count.lt this contradicts another condition on orders.count: nobody would match',
    '6:34 all.2.all.0.orders.last_days.lte this contradicts another condition on orders.last_days: nobody would match',
    '7:29 all.3.any.0.orders.paid.lt orders.paid can never be that: nobody would match',
    '7:66 all.3.any.1.orders.refusal_share.gt orders.refusal_share can never be that: nobody would match',
    '8:33 all.4.orders.first_days.lt this contradicts another condition on orders.first_days: nobody would match',
  ));

it('refuses a file without a rule, with an empty group, or nested too deeply', () => {
  check(
    'priority: 1\n',
    '1:1  expected a rule: all, any or none with a list of conditions, got {"segment":"a","title":"A","priority":1}',
  );
  check('all: []\n', '3:6 all expected at least 1 entries, got []');
  const deep = `all: [${'{ all: ['.repeat(9)}{ orders.count: { gte: 1 } }${'] }'.repeat(9)}]\n`;
  const { problems } = readSegment(`segment: a\ntitle: A\n${deep}`);
  expect(problems.map(({ message }) => message)).toEqual([
    'groups are nested too deeply; at most 8 levels are allowed',
  ]);
});

it('runs the tests beside the rule and says why one fails', () => {
  const { value } = readSegment(`segment: a
title: A
all:
  - orders.count: { gte: 2 }
  - orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 90 } }
  - orders.revenue: { lt: 100 USD, within: 30d }
tests:
  - { name: in, profile: { orders: { count: 2, last_days: 100, cycle_days: 60 } }, expect: in }
  - { name: own cycle, profile: { orders.count: 2, orders.last_days: 100, orders.cycle_days: 80 }, expect: out }
  - { name: cycle of the shop, profile: { orders: { count: 2, last_days: 100 }, shop_cycle_days: 80 }, expect: in }
  - name: a window that is given
    profile: { orders: { count: 2, last_days: 100, revenue: 900 USD }, within: { 30d: { orders: { revenue: 0 USD } } }, shop_cycle_days: 30 }
    expect: in
  - { name: a window that is not, profile: { orders: { count: 2, last_days: 1000, revenue: 9 USD } }, expect: in }
`);
  const results = runSegmentTests(value!);
  expect(results.map(({ test, passed, message }) => [test, passed, message])).toEqual([
    ['in', true, ''],
    ['own cycle', true, ''],
    ['cycle of the shop', false, 'expected in, but the rule leaves this person out'],
    ['a window that is given', true, ''],
    ['a window that is not', false, 'the profile must give within: { 30d: { orders.revenue: … } }'],
  ]);
  expect(results[0]?.at).toEqual({ file: 'segments/a.yaml', line: 8, column: 5 });
});

it('refuses facts of a test that no rule reads', () =>
  check(
    `all: [ { orders.count: { gte: 2 } } ]
tests:
  - { name: a, profile: { orders: { cuont: 2, paid: many } }, expect: in }
`,
    '5:37 tests.0.profile.orders.cuont unknown fact; known: orders.count, orders.paid, orders.in_progress, orders.cancelled, orders.returned, orders.revenue, orders.aov, orders.margin, orders.last_days, orders.first_days, orders.cycle_days, orders.refusal_share, products.bought, categories.bought, attributes.…, today, segments, shop_cycle_days, and within: { 30d: … } around counts and amounts → orders.count',
    '5:53 tests.0.profile.orders.paid expected a whole number >= 0, got "many"',
  ));
