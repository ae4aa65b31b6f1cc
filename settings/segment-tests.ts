/** Runs the tests that stand beside a segment's rule, through the same evaluation as a bid. */

import { type Customer, type CustomerOrder, isValid } from '../rules/customer.ts';
import { compileCondition } from '../rules/evaluate.ts';
import { customerFacts, type Facts, ownCycleHalfDays } from '../rules/facts.ts';
import {
  COUNT_FIELDS,
  type NumberField,
  type SetField,
  type SourcePosition,
} from '../rules/rule.ts';
import { type Window, windowName } from '../rules/window.ts';
import { type TestFacts, windowKey } from './segment-facts.ts';
import type { SegmentFile, SegmentTest } from './segment-file.ts';

export interface SegmentTestResult {
  readonly segment: string;
  readonly test: string;
  readonly at: SourcePosition;
  readonly passed: boolean;
  /** '' when passed. */
  readonly message: string;
}

/** A test asks for a fact that its profile does not give. */
class FactMissing extends Error {}

/** One result a test, in the order of the file. Never throws for what a file may hold. */
export function runSegmentTests(file: SegmentFile): readonly SegmentTestResult[] {
  const matches = compileCondition(file.segment.rule);
  return file.tests.map((test) => {
    const message = failure(test, matches);
    return {
      segment: file.segment.segment,
      test: test.name,
      at: test.at,
      passed: message === '',
      message,
    };
  });
}

function failure(test: SegmentTest, matches: (facts: Facts) => boolean): string {
  try {
    if (matches(factsOf(test.facts)) === test.expected) return '';
    return test.expected
      ? 'expected in, but the rule leaves this person out'
      : 'expected out, but the rule takes this person in';
  } catch (error) {
    if (error instanceof FactMissing) return error.message;
    throw error;
  }
}

function factsOf(facts: TestFacts): Facts {
  return facts.orders === null ? factsOfNumbers(facts) : factsOfOrders(facts, facts.orders);
}

/** Everything about orders follows from them, as for a person of the base. */
function factsOfOrders(facts: TestFacts, orders: readonly CustomerOrder[]): Facts {
  const { sets, attributes, events, scores, affinities, segments, shopCycleHalfDays } = facts;
  const valid = orders.filter(({ status }) => isValid(status));
  const bought = (field: SetField, ofOrder: (order: CustomerOrder) => readonly string[]) => [
    ...(sets.get(field) ?? []),
    ...valid.flatMap(ofOrder),
  ];
  const customer: Customer = {
    orders,
    cycleHalfDays: ownCycleHalfDays(orders),
    products: bought('products.bought', ({ products = [] }) => products),
    categories: bought('categories.bought', ({ categories = [] }) => categories),
    attributes,
    events,
    scores,
    affinities,
  };
  return customerFacts(customer, { day: todayOf(facts), shopCycleHalfDays }, segments);
}

function todayOf({ today }: TestFacts): number {
  if (today === null) throw new FactMissing('the profile must give today: 2026-11-22');
  return today;
}

function factsOfNumbers(facts: TestFacts): Facts {
  const ageHalfDays = facts.numbers.get('orders.last_days');
  return {
    number: (field, window) => numberOf(facts, field, window),
    names: (field) => facts.sets.get(field) ?? [],
    segments: facts.segments,
    attributes: facts.attributes,
    scores: facts.scores,
    affinities: facts.affinities,
    earlier: [],
    built: null,
    events: facts.events,
    get orders() {
      if (COUNT_FIELDS.every((field) => (facts.numbers.get(field) ?? 0) === 0)) return [];
      const example = 'orders: [ { days_ago: 3, status: paid }, … ]';
      throw new FactMissing(`the profile must list the orders instead of numbers: ${example}`);
    },
    get today() {
      return todayOf(facts);
    },
    // As of day 0 without today: then only windows of orders count days, and a test gives those by name.
    lastOrderDay: ageHalfDays === undefined ? null : (facts.today ?? 0) - ageHalfDays / 2,
    effectiveCycleHalfDays: facts.numbers.get('orders.cycle_days') ?? facts.shopCycleHalfDays,
  };
}

function numberOf(facts: TestFacts, field: NumberField, window: Window | null): number | null {
  const name = window === null ? null : windowName(window);
  const given = facts.numbers.get(windowKey(field, name));
  if (given !== undefined) return given;
  if (window?.kind === 'since_last_order' && (facts.numbers.get('orders.count') ?? 0) === 0) {
    return null;
  }
  // Without orders at all there are none in a window either; otherwise the test has to say.
  if (name !== null && (facts.numbers.get(field) ?? 0) !== 0) {
    throw new FactMissing(`the profile must give within: { ${name}: { ${field}: … } }`);
  }
  const zero = (COUNT_FIELDS as readonly string[]).includes(field) || field === 'orders.revenue';
  return zero ? 0 : null;
}
