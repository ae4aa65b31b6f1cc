/** Conditions on orders and events for one person: the closures beside aggregate-sql.ts. */
import type { Aggregate, Measure, RowTest } from './aggregate.ts';
import { attributeHolds, textHolds } from './attribute.ts';
import { COMPARES } from './comparison.ts';
import { type CustomerEvent, type CustomerOrder, isValid } from './customer.ts';
import { type Facts, floorRatio, sumOfKnown } from './facts.ts';
import { type DayBounds, windowBounds } from './window.ts';

/** What an aggregate reads of a person. */
type RowFacts = Pick<
  Facts,
  'orders' | 'events' | 'today' | 'lastOrderDay' | 'effectiveCycleHalfDays'
>;

type Row = CustomerOrder | CustomerEvent;

/** Those that a condition counts; null where the person has no such window. */
export type MatchingRows = (facts: RowFacts) => readonly Row[] | null;

/** The number that is compared; null where there is no answer. */
export function compileAggregate(aggregate: Aggregate): (facts: RowFacts) => number | null {
  const matching = compileMatching(aggregate);
  const { measure } = aggregate;
  return (facts) => {
    const rows = matching(facts);
    return rows === null ? null : measured(measure, rows, facts);
  };
}

export function compileMatching({ rows, where, window }: Aggregate): MatchingRows {
  const tests = where.map(compileTest);
  return (facts) => {
    const bounds = window === null ? null : windowBounds(window, facts.today, facts);
    if (window !== null && bounds === null) return null;
    return facts[rows].filter((row: Row) => {
      if (bounds !== null && !isWithin(row, bounds)) return false;
      for (const holds of tests) if (!holds(row, facts)) return false;
      return true;
    });
  };
}

function isWithin({ day }: Row, { first, last }: DayBounds): boolean {
  return day >= first && day <= last;
}

type CompiledTest = (row: Row, facts: RowFacts) => boolean;

function compileTest(test: RowTest): CompiledTest {
  switch (test.on) {
    case 'status':
      return (row) => 'status' in row && test.statuses.includes(row.status);
    case 'kind':
    case 'name': {
      const { on, texts } = test;
      return (row) => on in row && texts.includes((row as CustomerEvent)[on]);
    }
    case 'product':
      return ({ products = [] }) => textHolds(test, products);
    case 'category':
      return ({ categories = [] }) => textHolds(test, categories);
    case 'brand':
      return ({ brands = [] }) => textHolds(test, brands);
    case 'amount': {
      const compares = COMPARES[test.op];
      return (row) => {
        const micros = amountOf(row);
        return micros !== null && compares(micros, test.micros);
      };
    }
    case 'attribute':
      return ({ attributes = [] }, facts) => {
        const person = {
          attributes,
          get today() {
            return facts.today;
          },
        };
        return attributeHolds(test.name, test.test, person);
      };
  }
}

function amountOf(row: Row): number | null {
  return 'status' in row ? row.revenueMicros : row.valueMicros;
}

function measured(measure: Measure, rows: readonly Row[], facts: RowFacts): number | null {
  switch (measure) {
    case 'count':
      return rows.length;
    case 'distinct_days':
      return new Set(rows.map(({ day }) => day)).size;
    case 'days_since_last':
      return rows.length === 0 ? null : facts.today - newestDay(rows);
    case 'revenue':
    case 'value':
      return sumOf(rows);
    case 'aov':
      return floorRatio(sumOf(rows), rows.length);
    case 'margin':
      return rows.reduce((sum: number | null, row) => sumOfKnown(sum, marginOf(row)), null);
    case 'max':
    case 'min': {
      const amounts = rows.flatMap((row) => amountOf(row) ?? []);
      return amounts.length === 0 ? null : amounts.reduce((a, b) => Math[measure](a, b));
    }
  }
}

/** One by one: thousands of arguments would be too many for Math.max. */
function newestDay(rows: readonly Row[]): number {
  return rows.reduce((newest, { day }) => Math.max(newest, day), Number.NEGATIVE_INFINITY);
}

function sumOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + (amountOf(row) ?? 0), 0);
}

function marginOf(row: Row): number | null {
  return 'status' in row && isValid(row.status) ? (row.marginMicros ?? null) : null;
}
