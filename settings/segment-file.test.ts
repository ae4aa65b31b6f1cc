import { expect, it } from 'vitest';
import { checkSegment, readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

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
  checkSegment(
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
  checkSegment(
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
    '4:5 all.0.order.count unknown condition; known: all, any, none, orders.count, orders.paid, orders.in_progress, orders.cancelled, orders.returned, orders.revenue, orders.aov, orders.margin, orders.last_days, orders.first_days, orders.cycle_days, orders.refusal_share, products.bought, categories.bought, rfm.recency, rfm.frequency, rfm.monetary, rfm.score, clv.value, clv.expected_orders, clv.p_alive, clv.decile, categories.favourite, brands.favourite, affinity, orders, events, attributes.…, segment → orders.count',
    '5:21 all.1.orders.count.>= orders.count takes gt, gte, lt, lte, eq, ne, within, between, ago, since, today, not >= → gte',
    '6:21 all.2.orders.count.any_of orders.count takes gt, gte, lt, lte, eq, ne, within, between, ago, since, today, not any_of',
    '7:19 all.3.orders.count expected an operator (gt, gte, lt, lte, eq, ne) such as { gte: 2 } → { eq: 2 }',
    '8:24 all.4.products.bought.any products.bought takes any_of, all_of, not any → any_of',
    '9:19 all.5.orders.count expected at least one operator of gt, gte, lt, lte, eq, ne',
    '10:32 all.6.orders.last_days.within within limits counts and amounts; orders.last_days always looks at all orders',
    '11:37 all.7.orders.count.within expected a window of whole days from 1d to 36500d, or this_week, last_week, this_month, last_month, this_year, last_year, got "-7d" → 7d',
    '12:5 all.8 expected at least one condition',
  ));

it('refuses a rule that nobody can meet', () =>
  checkSegment(
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
  checkSegment(
    'priority: 1\n',
    '1:1  expected a rule: all, any or none with a list of conditions, got {"segment":"a","title":"A","priority":1}',
  );
  checkSegment('all: []\n', '3:6 all expected at least 1 entries, got []');
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
  checkSegment(
    `all: [ { orders.count: { gte: 2 } } ]
tests:
  - { name: a, profile: { orders: { cuont: 2, paid: many } }, expect: in }
`,
    '5:37 tests.0.profile.orders.cuont unknown fact; known: orders.count, orders.paid, orders.in_progress, orders.cancelled, orders.returned, orders.revenue, orders.aov, orders.margin, orders.last_days, orders.first_days, orders.cycle_days, orders.refusal_share, products.bought, categories.bought, rfm.recency, rfm.frequency, rfm.monetary, rfm.score, clv.value, clv.expected_orders, clv.p_alive, clv.decile, affinity.category.…, attributes.…, events, today, segments, shop_cycle_days, and within: { 30d: … } around counts and amounts → orders.count',
    '5:53 tests.0.profile.orders.paid expected a whole number >= 0, got "many"',
  ));

it('reads how long its people stay, whom it excludes less', () => {
  const { value } = readSegment(
    'segment: a\ntitle: A\nall: [ { orders.count: { gte: 1 } } ]\nexclude: [b]\nstays: 30d\n',
  );
  expect(value!.segment.rule).toMatchObject({
    kind: 'all',
    of: [
      { kind: 'stays', segment: 'a', days: 30, of: [{ kind: 'all' }], at: { line: 5 } },
      { kind: 'none', of: [{ segment: 'b' }] },
    ],
  });
  const buyers = 'all: [ { orders.count: { gte: 1 } } ]\n';
  checkSegment(
    `${buyers}stays: 30\n`,
    '4:8 stays expected days such as 30d, at most 3650d, got 30 → 30d',
  );
  checkSegment(
    `${buyers}stays: 9999d\n`,
    '4:8 stays expected days such as 30d, at most 3650d, got "9999d"',
  );
});
