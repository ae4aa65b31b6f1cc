/** Any condition on orders and events, and orders and events for them. */
import fc from 'fast-check';
import {
  type Aggregate,
  EVENT_KINDS,
  EVENT_MEASURES,
  GOODS,
  type Measure,
  ORDER_MEASURES,
  type RowTest,
} from '../rules/aggregate.ts';
import { type CustomerEvent, type CustomerOrder, STATUS_GROUPS } from '../rules/customer.ts';
import type { Rule } from '../rules/rule.ts';
import type { Window } from '../rules/window.ts';
import {
  ATTRIBUTES,
  anyWindow,
  at,
  attributeTest,
  attributeValue,
  comparison,
  micros,
  NAMES,
  TODAY,
} from './any-parts.contract.ts';

const name = fc.constantFrom(...NAMES);
const texts = fc.array(name, { minLength: 1, maxLength: 3 });
const window: fc.Arbitrary<Window | null> = fc.option(anyWindow);
const someNames = fc.uniqueArray(name, { maxLength: 3 });
const attributes = fc.array(attributeValue, { maxLength: 3 });

const statusTest: fc.Arbitrary<RowTest> = fc.record({
  on: fc.constant('status' as const),
  statuses: fc.uniqueArray(fc.constantFrom(...STATUS_GROUPS.keys()), { minLength: 1 }),
});
const goodsTest: fc.Arbitrary<RowTest> = fc.record({
  on: fc.constantFrom(...GOODS),
  quantifier: fc.constantFrom('any_of' as const, 'all_of' as const, 'none_of' as const),
  texts,
});
const amountTest: fc.Arbitrary<RowTest> = fc.record({
  on: fc.constant('amount' as const),
  op: comparison,
  micros,
});
const attributesTest: fc.Arbitrary<RowTest> = fc.record({
  on: fc.constant('attribute' as const),
  name: fc.constantFrom(...ATTRIBUTES),
  test: attributeTest,
});
const nameTest: fc.Arbitrary<RowTest> = fc.record({ on: fc.constant('name' as const), texts });
const kindTest: fc.Arbitrary<RowTest> = fc.record({
  on: fc.constant('kind' as const),
  texts: fc.uniqueArray(fc.constantFrom(...EVENT_KINDS), { minLength: 1 }),
});

const COMMON = [goodsTest, amountTest, attributesTest];
const TESTS = {
  orders: fc.oneof(statusTest, ...COMMON),
  events: fc.oneof(nameTest, kindTest, ...COMMON),
};
const MEASURES: Readonly<Record<Aggregate['rows'], readonly Measure[]>> = {
  orders: ORDER_MEASURES,
  events: EVENT_MEASURES,
};

export const anyAggregate: fc.Arbitrary<Rule> = fc
  .constantFrom('orders' as const, 'events' as const)
  .chain((rows) =>
    fc
      .tuple(fc.constantFrom(...MEASURES[rows]), fc.array(TESTS[rows], { maxLength: 2 }))
      .chain(([measure, where]) =>
        fc.record({
          kind: fc.constant('aggregate' as const),
          rows: fc.constant(rows),
          measure: fc.constant(measure),
          where: fc.constant(where),
          window,
          op: comparison,
          value: comparedWith(measure),
          at: fc.constant(at),
        }),
      ),
  );

function comparedWith(measure: Measure): fc.Arbitrary<number> {
  switch (measure) {
    case 'count':
    case 'distinct_days':
      return fc.integer({ min: 0, max: 4 });
    case 'days_since_last':
      return fc.integer({ min: 0, max: 50 });
    default:
      return micros;
  }
}

export const anyOrder = fc.record<CustomerOrder>({
  day: fc.integer({ min: TODAY - 45, max: TODAY }),
  status: fc.constantFrom(...STATUS_GROUPS.keys()),
  revenueMicros: micros,
  marginMicros: fc.option(fc.integer({ min: -3_000_000, max: 5_000_000 })),
  products: someNames,
  categories: someNames,
  brands: someNames,
  attributes,
});
export const anyEvent = fc.record<CustomerEvent>({
  day: fc.integer({ min: TODAY - 45, max: TODAY }),
  kind: fc.constantFrom(...EVENT_KINDS),
  name,
  valueMicros: fc.option(micros),
  products: fc.uniqueArray(name, { maxLength: 1 }),
  categories: fc.uniqueArray(name, { maxLength: 1 }),
  brands: fc.uniqueArray(name, { maxLength: 1 }),
  attributes,
});
