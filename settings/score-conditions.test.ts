import { expect, it } from 'vitest';
import type { Rule } from '../rules/rule.ts';
import { checkSegment, readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

it('reads conditions on scores and affinities, each in its own unit', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - rfm.recency: { gte: 4, ne: 5 }
  - rfm.score: { any_of: [555, 554] }
  - clv.value: { gte: 300 USD }
  - clv.expected_orders: { lt: 1.5 }
  - clv.p_alive: { gte: 0.25 }
  - clv.decile: { any_of: [9, 10] }
  - affinity: { category: Tea, share: { gte: 0.5, lt: 0.9 } }
  - affinity: { brand: "O'Tea", share: { eq: 0 } }
  - categories.favourite: { none_of: [Tea, Cups] }
`);
  expect(problems).toEqual([]);
  const all = value!.segment.rule as Rule & { kind: 'all' };
  const leaves = all.of.flatMap((rule) => (rule.kind === 'all' ? rule.of : [rule]));
  const compare = (op: string, wanted: number) => ({ kind: 'compare', op, value: wanted });
  const list = (quantifier: string, values: number[]) => ({ kind: 'list', quantifier, values });
  const share = (name: string, op: string, sharePpm: number) => ({
    ...{ kind: 'share', name, op, sharePpm },
  });
  const names = ['Tea', 'Cups'];
  expect(
    leaves.map((rule) => {
      if (rule.kind === 'score') return [rule.field, rule.expects];
      return rule.kind === 'affinity' && [rule.by, rule.expects];
    }),
  ).toEqual([
    ['rfm.recency', compare('gte', 4)],
    ['rfm.recency', compare('ne', 5)],
    ['rfm.score', list('any_of', [555, 554])],
    ['clv.value', compare('gte', 300_000_000)],
    ['clv.expected_orders', compare('lt', 1_500_000)],
    ['clv.p_alive', compare('gte', 250_000)],
    ['clv.decile', list('any_of', [9, 10])],
    ['category', share('Tea', 'gte', 500_000)],
    ['category', share('Tea', 'lt', 900_000)],
    ['brand', share("O'Tea", 'eq', 0)],
    ['category', { kind: 'favourite', quantifier: 'none_of', names }],
  ]);
});

it('refuses conditions that nobody can meet or that mean nothing', () =>
  checkSegment(
    `all:
  - rfm.recency: { gte: 6 }
  - rfm.score: { eq: 555 }
  - rfm.score: { any_of: [556] }
  - clv.value: { gte: 300 }
  - clv.value: { any_of: [1 USD] }
  - clv.expected_orders: { gte: many }
  - clv.p_alive: { gte: 90 % }
  - clv.decile: { gte: 0 }
  - clv.decile: 10
  - affinity: { category: Tea }
  - affinity: { categry: Tea, share: { gte: 0.5 } }
  - affinity: { category: Tea, brand: Tea, share: { gte: 0.5 } }
  - affinity: { category: 7, share: { gte: 0.5 } }
  - affinity: { category: Tea, share: { least: 0.5 } }
  - categories.favourite: { any_of: [] }
  - brands.favourite: { any: [Tea] }
`,
    '4:25 all.0.rfm.recency.gte expected a whole number from 1 to 5 (the best), got 6',
    '5:18 all.1.rfm.score.eq rfm.score takes any_of, none_of, not eq → any_of: [555]',
    '6:26 all.2.rfm.score.any_of expected three digits from 1 to 5 such as 555, got 556',
    '7:23 all.3.clv.value.gte expected an amount such as 500 USD, got 300 → 300 USD',
    '8:18 all.4.clv.value.any_of clv.value takes gt, gte, lt, lte, eq, ne, not any_of',
    '9:33 all.5.clv.expected_orders.gte expected a number of orders such as 1.5, got "many"',
    '10:25 all.6.clv.p_alive.gte expected a share from 0 to 1, at most 6 digits after the point, got "90 %" → 0.9',
    '11:24 all.7.clv.decile.gte expected a whole number from 1 to 10 (the best), got 0',
    '12:17 all.8.clv.decile expected one of gt, gte, lt, lte, eq, ne, any_of, none_of, such as { gte: 4 }',
    '13:15 all.9.affinity expected a comparison of the share such as { category: Tea, share: { gte: 0.5 } }',
    '14:17 all.10.affinity.categry unknown key; known keys: category, brand, share → category',
    '15:15 all.11.affinity expected either a category or a brand: { category: Tea, share: { gte: 0.5 } }',
    '16:27 all.12.affinity.category expected a name as text, without backslashes and control characters, got 7 → "7"',
    '17:41 all.13.affinity.share.least share takes gt, gte, lt, lte, eq, ne, not least',
    '18:37 all.14.categories.favourite.any_of expected a list of 1 to 1000 names',
    '19:25 all.15.brands.favourite.any brands.favourite takes any_of, none_of, not any → any_of',
  ));

it('lets a test beside the rule give scores and shares', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - rfm.score: { any_of: [555] }
  - clv.value: { gte: 300 USD }
  - affinity: { category: Tea, share: { gte: 0.5 } }
  - categories.favourite: { any_of: [Tea] }
tests:
  - { name: in, profile: { rfm.score: 555, clv: { value: 300 USD }, affinity: { category: { Cups: 0.4, Tea: 0.6 } } }, expect: in }
  - { name: low, profile: { rfm.score: 555, clv: { value: 299 USD }, affinity.category.Tea: 1 }, expect: out }
  - { name: unknown, profile: { rfm.score: 555, affinity.category.Tea: 1 }, expect: out }
  - { name: of a brand, profile: { rfm.score: 555, clv: { value: 300 USD }, affinity.brand.Tea: 1 }, expect: out }
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['', '', '', '']);
});

it('refuses scores of a test that nobody has', () =>
  checkSegment(
    `all:
  - rfm.recency: { gte: 4 }
tests:
  - { name: t, profile: { rfm: { recency: 9, age: 1 } }, expect: in }
`,
    '6:43 tests.0.profile.rfm.recency expected a whole number from 1 to 5 (the best), got 9',
    '6:46 tests.0.profile.rfm.age unknown fact; known: orders.count, orders.paid, orders.in_progress, orders.cancelled, orders.returned, orders.revenue, orders.aov, orders.margin, orders.last_days, orders.first_days, orders.cycle_days, orders.refusal_share, products.bought, categories.bought, rfm.recency, rfm.frequency, rfm.monetary, rfm.score, clv.value, clv.expected_orders, clv.p_alive, clv.decile, affinity.category.…, attributes.…, events, today, segments, shop_cycle_days, and within: { 30d: … } around counts and amounts',
  ));

it('knows scores and affinities of a test that lists orders', () => {
  const { value, problems } = readSegment(`segment: a
title: A
all:
  - rfm.recency: { gte: 4 }
  - affinity: { category: Tea, share: { gte: 0.5 } }
  - orders: { where: { status: paid }, count: { gte: 1 } }
tests:
  - name: all of it
    profile: { today: 2026-11-22, orders: [ { days_ago: 3 } ], rfm: { recency: 5 }, affinity: { category: { Tea: 0.6 } } }
    expect: in
  - name: no tea
    profile: { today: 2026-11-22, orders: [ { days_ago: 3 } ], rfm: { recency: 5 } }
    expect: out
`);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['', '']);
});
