import { expect, it } from 'vitest';
import type { Rule } from '../rules/rule.ts';
import { checkSegment, readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

type AggregateRule = Rule & { kind: 'aggregate' };

function aggregatesOf(conditions: string): readonly AggregateRule[] {
  const { value, problems } = readSegment(`segment: a\ntitle: A\nall:\n${conditions}`);
  expect(problems).toEqual([]);
  const leaves = (rule: Rule): AggregateRule[] => {
    if (rule.kind === 'aggregate') return [rule];
    return 'of' in rule ? rule.of.flatMap(leaves) : [];
  };
  return leaves(value!.segment.rule);
}

it('reads conditions on orders and events with what they look at', () => {
  const rules = aggregatesOf(`
  - orders:
      where: { status: { any_of: [cancelled, returned] }, product: tea, category: { none_of: [cups] }, revenue: { gte: 100 USD, lt: 500 USD }, attributes.channel: { any_of: [app] } }
      within: 90d
      count: { gte: 2 }
  - events: { name: { any_of: [view, cart] }, kind: event, where: { value: { gte: 5 USD } }, days_since_last: { lte: 7d } }
`);
  expect(rules.map(({ where }) => where)).toEqual([
    [
      { on: 'status', statuses: [2, 3] },
      { on: 'product', quantifier: 'any_of', texts: ['tea'] },
      { on: 'category', quantifier: 'none_of', texts: ['cups'] },
      { on: 'amount', op: 'gte', micros: 100_000_000 },
      { on: 'amount', op: 'lt', micros: 500_000_000 },
      {
        on: 'attribute',
        name: 'channel',
        test: { kind: 'text', quantifier: 'any_of', texts: ['app'] },
      },
    ],
    [
      { on: 'name', texts: ['view', 'cart'] },
      { on: 'kind', texts: ['event'] },
      { on: 'amount', op: 'gte', micros: 5_000_000 },
    ],
  ]);
  const last = { kind: 'last', days: 90, today: 'included', timeZone: 'Europe/Sofia' };
  expect(rules.map(({ measure, op, value, window }) => [measure, op, value, window])).toEqual([
    ['count', 'gte', 2, last],
    ['days_since_last', 'lte', 7, null],
  ]);
  expect(rules.map(({ at }) => at.line)).toEqual([5, 9]);
});

it('looks at valid orders where nothing is said of the status, and for amounts at paid ones', () => {
  const rules = aggregatesOf('  - orders: { count: { gte: 2, lte: 5 }, aov: { gt: 50 USD } }\n');
  expect(rules.map(({ measure, op, where }) => [measure, op, where])).toEqual([
    ['count', 'gte', [{ on: 'status', statuses: [0, 1] }]],
    ['count', 'lte', [{ on: 'status', statuses: [0, 1] }]],
    ['aov', 'gt', [{ on: 'status', statuses: [1] }]],
  ]);
});

it('refuses what conditions on orders and events do not know, and says what was meant', () =>
  checkSegment(
    `all:
  - orders: 2
  - orders: { where: { product: tea } }
  - orders: { cuont: { gte: 2 }, count: { gte: 1 } }
  - orders: { count: 2 }
  - orders: { count: { gte: 1, within: 30d } }
  - orders: { count: { ">=": 1 } }
  - orders: { value: { gte: 5 USD }, count: { gte: 1 } }
  - orders: { revenue: { gte: 5 } }
  - orders: { where: { sku: x, status: payed, product: [tea, cup] }, count: { gte: 1 } }
  - orders: { where: { category: { any: [tea] }, attributes.channel: app }, count: { gte: 1 } }
  - orders: { attributes.channel: { any_of: [app] }, count: { gte: 1 } }
  - events: { name: view, kind: visit, count: { gte: 1 } }
  - events: { where: { status: paid, product: { all_of: [a, b] } }, count: { gte: 1 } }
  - events: { days_since_last: { lte: 1.5 }, where: {} }
`,
    '4:13 all.0.orders expected what of the orders is compared, such as { count: { gte: 2 } }',
    '5:13 all.1.orders expected at least one of count, revenue, margin, aov, max, min, days_since_last, distinct_days → count: { gte: 1 }',
    '6:15 all.2.orders.cuont orders take count, revenue, margin, aov, max, min, days_since_last, distinct_days, where, within, between, ago, since, today, not cuont → count',
    '7:22 all.3.orders.count expected an operator (gt, gte, lt, lte, eq, ne) such as { gte: 2 } → { eq: 2 }',
    '8:32 all.4.orders.count.within count takes gt, gte, lt, lte, eq, ne, not within → within beside count, not in it',
    '9:24 all.5.orders.count.>= count takes gt, gte, lt, lte, eq, ne, not >= → gte',
    '10:15 all.6.orders.value orders take count, revenue, margin, aov, max, min, days_since_last, distinct_days, where, within, between, ago, since, today, not value',
    '11:31 all.7.orders.revenue.gte expected an amount such as 500 USD, got 5 → 5 USD',
    '12:24 all.8.orders.where.sku where of orders knows status, product, category, brand, revenue, attributes.…, not sku',
    '12:40 all.8.orders.where.status expected in_progress, paid, cancelled, returned, spam, other, got "payed" → paid',
    '12:56 all.8.orders.where.product expected one name, or any_of with a list of names → { any_of: [tea, cup] }',
    '13:36 all.9.orders.where.category.any expected one of any_of, all_of, none_of, not any → any_of',
    '13:70 all.9.orders.where.attributes.channel expected one of gt, gte, lt, lte, eq, ne, any_of, all_of, none_of, has, days_until, days_since, anniversary_in, missing → { any_of: [app] }',
    '14:15 all.10.orders.attributes.channel orders take count, revenue, margin, aov, max, min, days_since_last, distinct_days, where, within, between, ago, since, today, not attributes.channel → where: { attributes.channel: … }',
    '15:33 all.11.events.kind expected event, conversion, call, got "visit"',
    '16:24 all.12.events.where.status where of events knows product, category, brand, value, attributes.…, not status',
    '16:49 all.12.events.where.product.all_of expected one of any_of, none_of, not all_of → any_of',
    '17:39 all.13.events.days_since_last.lte expected whole days from 0 to 36500, got 1.5',
    '17:53 all.13.events.where expected tests on the events, such as { product: tea }',
  ));

it('says how single orders are asked where all of them together were', () =>
  checkSegment(
    `all:
  - orders.count: { gte: 2, where: { product: tea } }
  - products.bought: { any_of: [tea], within: 30d }
`,
    '4:29 all.0.orders.count.where orders.count takes gt, gte, lt, lte, eq, ne, within, between, ago, since, today, not where → orders: { where: …, count: … }',
    '5:39 all.1.products.bought.within products.bought takes any_of, all_of, not within → orders: { where: { product: … }, within: …, count: { gte: 1 } }',
  ));

it('refuses a rule on orders and events that nobody can meet', () =>
  checkSegment(
    `all:
  - orders: { count: { gte: 5, lt: 3 } }
  - orders: { where: { revenue: { gt: 100 USD, lte: 100 USD } }, count: { gte: 1 } }
  - events: { name: view, count: { lt: 0 } }
  - events: { name: view, within: 7d, distinct_days: { gt: 7 } }
  - events: { name: view, within: 7d, today: excluded, days_since_last: { gte: 8 } }
  - events: { name: view, count: { gte: 5 } }
  - events: { name: cart, count: { lt: 3 } }
`,
    '4:32 all.0.orders.count.lt this contradicts another condition on orders.count: nobody would match',
    '5:48 all.1.orders.where.revenue.lte no orders can be that',
    '6:36 all.2.events.count.lt events.count can never be that: nobody would match',
    '7:56 all.3.events.distinct_days.gt events.distinct_days can never be that: nobody would match',
    '8:75 all.4.events.days_since_last.gte events.days_since_last can never be that: nobody would match',
  ));

it('lets a test beside the rule list orders and events', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - orders: { where: { product: tea, attributes.channel: { has: app } }, within: 30d, count: { gte: 1 } }
  - orders.count: { gte: 2 }
  - events: { name: cart, since: own_last_order, value: { gte: 5 USD } }
tests:
  - name: in
    profile:
      today: 2026-11-22
      orders:
        - { days_ago: 3, revenue: 30 USD, products: [tea], categories: [drinks], attributes: { channel: app } }
        - { days_ago: 60, status: in_progress }
      events: [ { days_ago: 1, name: cart, product: cup, value: 5.50 USD } ]
    expect: in
  - name: the cart came before the order
    profile:
      today: 2026-11-22
      orders: [ { days_ago: 1, products: [tea], attributes: { channel: app } }, { days_ago: 60 } ]
      events: [ { days_ago: 1, name: cart, value: 5.50 USD } ]
    expect: out
  - { name: numbers, profile: { today: 2026-11-22, orders: { count: 3 } }, expect: in }
  - { name: no day, profile: { orders: [ { days_ago: 3 } ] }, expect: in }
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual([
    '',
    '',
    'the profile must list the orders instead of numbers: orders: [ { days_ago: 3, status: paid }, … ]',
    'the profile must give today: 2026-11-22',
  ]);
});

it('refuses orders and events of a test that are none', () =>
  checkSegment(
    `all: [ { orders.count: { gte: 2 } } ]
tests:
  - { name: a, profile: { today: soon, orders: [ { days: 3, revenue: 5 }, 7 ], orders.paid: 1 }, expect: in }
  - { name: b, profile: { events: { name: view } }, expect: in }
  - { name: c, profile: { events: [ { days_ago: 1, kind: mail, product: [a] } ] }, expect: in }
`,
    '5:34 tests.0.profile.today expected a date such as 2026-11-22',
    '5:40 tests.0.profile.orders the orders are listed, so what is a number about them follows from the list',
    '5:50 tests.0.profile.orders.0.days_ago expected whole days from 0 to 36500',
    '5:52 tests.0.profile.orders.0.days unknown fact; known: days_ago, status, revenue, margin, products, categories, brands, attributes',
    '5:70 tests.0.profile.orders.0.revenue expected an amount such as 500 USD, got 5 → 5 USD',
    '5:75 tests.0.profile.orders.1 expected facts such as { days_ago: 3 }',
    '6:35 tests.1.profile.events expected a list, such as [ { days_ago: 3 } ]',
    '7:58 tests.2.profile.events.0.kind expected event, conversion, call, got "mail"',
    '7:73 tests.2.profile.events.0.product expected a text',
  ));
