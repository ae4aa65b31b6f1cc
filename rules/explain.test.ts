import { expect, it } from 'vitest';
import { builtOrdinals, NOTHING_BUILT } from './built-conditions.ts';
import type { Comparison } from './comparison.ts';
import { type Customer, STATUS } from './customer.ts';
import { compileRule } from './evaluate.ts';
import { explainRule, type RuleExplanation } from './explain.ts';
import { ownCycleHalfDays } from './facts.ts';
import { dayToDate } from './local-day.ts';
import type { NumberField, Rule } from './rule.ts';
import type { Window } from './window.ts';

const TODAY = 20_779; // 2026-11-22
const AS_OF = { day: TODAY, shopCycleHalfDays: 120 };
const at = { file: 'segments/lapsed.yaml', line: 4, column: 5 };

function bought(...daysAgo: number[]): Customer {
  const orders = daysAgo.map((days) => ({
    day: TODAY - days,
    status: STATUS.paid,
    revenueMicros: 10_500_000,
  }));
  return { orders, cycleHalfDays: ownCycleHalfDays(orders), products: ['tea'], categories: [] };
}

function compare(
  field: NumberField,
  op: Comparison,
  value: number,
  window: Window | null = null,
): Rule {
  return { kind: 'compare', field, window, op, operand: { kind: 'literal', value }, at };
}

function check(rule: Rule, customer: Customer, expected: Partial<RuleExplanation>): void {
  expect(
    explainRule(rule, { customer, asOf: AS_OF, segments: new Set(), built: NOTHING_BUILT }),
  ).toMatchObject(expected);
}

it('says what is expected, what the person has and when that will change', () => {
  check(compare('orders.last_days', 'gt', 180), bought(61), {
    matched: false,
    expected: 'orders.last_days > 90 days',
    value: '61 days',
    changesOn: '2026-12-22',
    at,
  });
  check(compare('orders.last_days', 'lte', 180), bought(61), {
    matched: true,
    changesOn: '2026-12-22',
  });
  check(compare('orders.last_days', 'eq', 122), bought(61), {
    matched: true,
    changesOn: '2026-11-23',
  });
  check(compare('orders.last_days', 'gt', 180), bought(91), { matched: true, changesOn: null });
});

it('names the cycle that a relative condition measured against', () => {
  const rule: Rule = {
    kind: 'compare',
    field: 'orders.last_days',
    window: null,
    op: 'gt',
    operand: { kind: 'cycle', timesThousandths: 1500, minHalfDays: 60 },
    at,
  };
  check(rule, bought(100, 60, 40, 20), {
    matched: false,
    expected: 'orders.last_days > 30 days (1.5 × own cycle of 20 days, at least 30 days)',
    changesOn: '2026-12-03',
  });
  check(rule, bought(100), {
    matched: true,
    expected: "orders.last_days > 90 days (1.5 × the shop's cycle of 60 days, at least 30 days)",
  });
});

it('says when an order leaves the window', () => {
  const days = { days: 30, today: 'included', timeZone: 'Europe/Sofia' } as const;
  check(compare('orders.count', 'gte', 1, { kind: 'last', ...days }), bought(10, 200), {
    matched: true,
    expected:
      'orders.count ≥ 1 within the last 30 days, today included: 2026-10-24 to 2026-11-22 (Europe/Sofia)',
    value: '1',
    changesOn: '2026-12-12',
  });
});

it('finds the day on which time alone changes a window, as trying every day does', () => {
  const timeZone = 'Europe/Sofia';
  const calendar = { kind: 'calendar', weekStart: 'sunday', timeZone } as const;
  const windows: Window[] = [
    { kind: 'last', days: 12, today: 'excluded', timeZone },
    { kind: 'ago', fromDays: 3, toDays: 15, timeZone },
    { kind: 'between', firstDay: TODAY - 5, lastDay: TODAY + 5, timeZone },
    { ...calendar, period: 'this_week', today: 'excluded' },
    { ...calendar, period: 'last_month', today: 'excluded' },
    { ...calendar, period: 'last_year', today: 'excluded' },
    { kind: 'since_last_order', today: 'excluded', timeZone },
    { kind: 'cycles', timesThousandths: 333, minHalfDays: 7, today: 'included', timeZone },
  ];
  for (const window of windows) {
    for (const customer of [bought(0), bought(4), bought(0, 8, 14), bought(30, 330)]) {
      const rule = compare('orders.count', 'gte', 1, window);
      const matches = (day: number) => compileRule(rule)(customer, { ...AS_OF, day });
      const days = Array.from({ length: 800 }, (_, i) => TODAY + 1 + i);
      const day = days.find((later) => matches(later) !== matches(TODAY));
      const changesOn = day === undefined ? null : dayToDate(day);
      check(rule, customer, { changesOn });
    }
  }
});

it('shows amounts in units and shares in percent, and says when there is no answer', () => {
  check(compare('orders.aov', 'gte', 500_000_000), bought(3, 5), {
    expected: 'orders.aov ≥ 500',
    value: '10.5',
  });
  check(compare('orders.margin', 'lt', -5_500_000), bought(3, 5), {
    matched: false,
    expected: 'orders.margin < -5.5',
    value: 'none',
  });
  check(compare('orders.refusal_share', 'ne', 500_000), bought(), {
    matched: false,
    expected: 'orders.refusal_share ≠ 50 %',
    value: 'none',
    changesOn: null,
  });
});

it('says of an attribute what the build found where a profile has no more than that', () => {
  const missing = { kind: 'missing', missing: true } as const;
  const rule: Rule = { kind: 'attribute', name: 'phone', test: missing, at };
  const built = builtOrdinals([{ rule }]);
  const explained = (ordinals: number[]) =>
    explainRule(rule, {
      ...{ customer: { ...bought(1), built: ordinals }, asOf: AS_OF },
      ...{ segments: new Set<string>(), built },
    });
  const expected = 'attributes.phone is missing';
  expect(explained([0])).toMatchObject({ expected, value: 'met as of the last build' });
  expect(explained([])).toMatchObject({ expected, value: 'not met as of the last build' });
});

it('says of scores and affinities what the person has, or what the build found', () => {
  const rule: Rule = {
    kind: 'all',
    of: [
      { kind: 'score', field: 'rfm.recency', expects: atLeast(4), at },
      { kind: 'score', field: 'clv.p_alive', expects: atLeast(500_000), at },
      { kind: 'score', field: 'clv.value', expects: atLeast(300_000_000), at },
      { kind: 'affinity', by: 'category', expects: { ...TEA, kind: 'share' }, at },
      { kind: 'affinity', by: 'brand', expects: { ...TEA, kind: 'favourite' }, at },
    ],
    at,
  };
  const scores = { 'rfm.recency': 5, 'clv.p_alive': 250_000, 'clv.value': null };
  const affinities = [{ by: 'category', name: 'tea', sharePpm: 600_000, place: 1 } as const];
  const built = builtOrdinals([{ rule }]);
  const person = { ...bought(1), built: [0, 3] };
  const shown = (customer: Customer) =>
    explainRule(rule, { customer, asOf: AS_OF, segments: new Set<string>(), built }).of.map(
      ({ expected, matched, value }) => `${expected}: ${value}${matched ? '' : ', no'}`,
    );
  expect(shown({ ...person, scores, affinities })).toEqual([
    'rfm.recency ≥ 4: 5',
    'clv.p_alive ≥ 50 %: 25 %, no',
    'clv.value ≥ 300: none, no',
    'share of category tea ≥ 50 %: 60 %',
    'brands.favourite any_of tea: none, no',
  ]);
  expect(shown(person)[1]).toBe('clv.p_alive ≥ 50 %: not met as of the last build, no');
});

const TEA = {
  name: 'tea',
  names: ['tea'],
  op: 'gte',
  sharePpm: 500_000,
  quantifier: 'any_of',
} as const;

function atLeast(value: number) {
  return { kind: 'compare', op: 'gte', value } as const;
}

it('explains every condition of a group, also those after the decision', () => {
  const tea: Rule = {
    kind: 'has',
    field: 'products.bought',
    quantifier: 'all_of',
    names: ['tea', 'cup'],
    at,
  };
  const rule: Rule = { kind: 'none', of: [compare('orders.count', 'gte', 1), tea], at };
  const customer = bought(5);
  check(rule, customer, {
    matched: compileRule(rule)(customer, AS_OF),
    expected: 'none of',
    of: [
      expect.objectContaining({ matched: true }),
      expect.objectContaining({
        matched: false,
        expected: 'products.bought all_of tea, cup',
        value: 'tea',
      }),
    ],
  });
});

it('says until when somebody stays whose rule no longer holds', () => {
  const rule: Rule = {
    ...{ kind: 'stays', segment: 'buyers', days: 30, at },
    of: [compare('orders.count', 'gte', 1)],
  };
  const stayed = (daysAgo: number) => [{ segment: 'buyers', day: TODAY - daysAgo }];
  check(
    rule,
    { ...bought(), earlier: stayed(20) },
    {
      matched: true,
      expected: 'stays 30 days after the rule last held',
      value: 'stays until 2026-12-02',
      changesOn: '2026-12-03',
      of: [expect.objectContaining({ matched: false, expected: 'orders.count ≥ 1' })],
    },
  );
  check(
    rule,
    { ...bought(), earlier: stayed(31) },
    {
      matched: false,
      value: 'stayed until 2026-11-21',
      changesOn: null,
    },
  );
  check(rule, bought(3), { matched: true, value: 'the rule holds', changesOn: null });
  check(rule, bought(), { matched: false, value: 'out' });
});
