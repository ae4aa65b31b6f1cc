import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRule } from '../rules/evaluate.ts';
import { ruleSql } from '../rules/rule-sql.ts';
import { readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

const word = fc.constantFrom(
  'all',
  'any',
  'none',
  'orders.count',
  'orders.revenue',
  'orders.last_days',
  'orders.refusal_share',
  'products.bought',
  'gte',
  'lt',
  'eq',
  'within',
  'between',
  'attributes.size',
  'segment',
  'days_until',
  'anniversary_in',
  'missing',
  'ago',
  'since',
  'today',
  'from',
  'to',
  'any_of',
  'times',
  'of',
  'min',
  '__proto__',
  'constructor',
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    '5 USD',
    '30d',
    'this_week',
    'own_last_order',
    '2026-01-01',
    'orders.cycle_days',
    'tea',
    null,
    true,
    '',
    0.5,
    1e-7,
    -1,
  ),
  fc.integer({ min: 0, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc
      .array(fc.tuple(word, tie('tree')), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

const sound = fc.constantFrom<unknown>(
  { 'orders.count': { gte: 1 } },
  { 'orders.revenue': { lt: '5 USD', within: '30d' }, 'orders.paid': { ne: 2 } },
  {
    'orders.paid': { eq: 0, since: 'own_last_order' },
    'orders.aov': { gt: '1 USD', ago: { from: '0d', to: '9d' } },
  },
  { 'orders.count': { gt: 0, within: { times: 2, of: 'orders.cycle_days' }, today: 'excluded' } },
  { 'attributes.size': { gte: 42, none_of: ["o'clock"] } },
  { 'attributes.trip': { days_until: { lte: '14d' }, anniversary_in: '7d', missing: false } },
  { 'orders.last_days': { gt: { times: 0.5, of: 'orders.cycle_days' } } },
  { 'products.bought': { any_of: ["o'clock"] }, 'orders.refusal_share': { lte: 0.333333 } },
);
const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: sound, weight: 12 },
    { arbitrary: tree, weight: 1 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom('all', 'any', 'none'),
          fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
        )
        .map(([kind, of]) => ({ [kind]: of })),
      weight: 4,
    },
  ),
}));
const profiles = fc.oneof(
  tree,
  fc.constant({ orders: { count: 1 }, within: { '30d': { 'orders.count': 1 } } }),
);

it('reads anything without throwing, and what it accepts both executions can run', () => {
  const nobody = { orders: [], cycleHalfDays: null, products: [], categories: [] };
  const asOf = { day: 20_779, shopCycleHalfDays: 60 };
  let accepted = 0;
  fc.assert(
    fc.property(condition, profiles, (rule, profile) => {
      const tests = [{ name: 't', profile, expect: 'in' }];
      const { value, problems } = readSegment(
        JSON.stringify({
          segment: 'a',
          title: 'A',
          all: [rule],
          ...(profile === null ? {} : { tests }),
        }),
      );
      expect(value === null).toBe(problems.length > 0);
      if (value === null) return;
      accepted++;
      expect(ruleSql(value.segment.rule, asOf)).not.toContain('undefined');
      expect(typeof compileRule(value.segment.rule)(nobody, asOf)).toBe('boolean');
      runSegmentTests(value);
    }),
    { seed: 20_261_122, numRuns: 2000 },
  );
  // Otherwise nothing but refusals was tried.
  expect(accepted).toBeGreaterThan(500);
});
