/** Small parts of any rule and of any base, for the generators that put them together. */
import fc from 'fast-check';
import type { AttributeTest, AttributeValue } from '../rules/attribute.ts';
import type { Comparison } from '../rules/comparison.ts';
import { CALENDAR_PERIODS, WEEKDAYS, type Window } from '../rules/window.ts';

/** 2026-11-22, a Sunday. */
export const TODAY = 20_779;

export const NAMES = ['tea', "o'clock", '100 % "wool"', '', 'чай', '; DROP TABLE orders --'];
export const comparison = fc.constantFrom<Comparison>('gt', 'gte', 'lt', 'lte', 'eq', 'ne');
export const at = { file: 'segments/generated.yaml', line: 1, column: 1 };
export const micros = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((units) => units * 1_000_000),
  fc.integer({ min: -3_000_000, max: 5_000_000 }),
  fc.constantFrom(999_999_999_999_999, 1_000_000_000_000_000),
);

const timeZone = 'Europe/Sofia';
const today = fc.constantFrom('included' as const, 'excluded' as const);
/** Two numbers of days ago, the nearer one first. */
const daysAgo = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
export const anyWindow: fc.Arbitrary<Window> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), today)
    .map(([days, day]): Window => ({ kind: 'last', days, today: day, timeZone })),
  daysAgo.map(([fromDays, toDays]): Window => ({ kind: 'ago', fromDays, toDays, timeZone })),
  daysAgo.map(
    ([to, from]): Window => ({
      kind: 'between',
      firstDay: TODAY - from,
      lastDay: TODAY - to,
      timeZone,
    }),
  ),
  fc
    .tuple(fc.constantFrom(...CALENDAR_PERIODS), fc.constantFrom(...WEEKDAYS), today)
    .map(([period, weekStart, day]): Window => {
      const reaches = period.startsWith('this') ? day : 'excluded';
      return { kind: 'calendar', period, weekStart, today: reaches, timeZone };
    }),
  today.map((day): Window => ({ kind: 'since_last_order', today: day, timeZone })),
  fc
    .tuple(fc.constantFrom(1, 500, 1000, 1333, 100_000), fc.integer({ min: 0, max: 60 }), today)
    .map(
      ([timesThousandths, minHalfDays, day]): Window => ({
        kind: 'cycles',
        timesThousandths,
        minHalfDays,
        today: day,
        timeZone,
      }),
    ),
);

export const ATTRIBUTES = ['size', "o'clock", 'birthday'];
const day = fc.oneof(
  fc.integer({ min: TODAY - 45, max: TODAY + 45 }),
  // Around today in earlier years, leap days among them.
  fc.integer({ min: 0, max: 40 }).map((years) => TODAY - Math.round(years * 365.25)),
);
const days = fc.integer({ min: 0, max: 40 });
export const attributeTest: fc.Arbitrary<AttributeTest> = fc.oneof(
  fc.boolean().map((missing) => ({ kind: 'missing' as const, missing })),
  fc.record({ kind: fc.constant('number' as const), op: comparison, valueMicros: micros }),
  fc.record({ kind: fc.constant('date' as const), op: comparison, day }),
  fc.record({
    kind: fc.constantFrom('days_until' as const, 'days_since' as const),
    op: comparison,
    days,
  }),
  fc.record({ kind: fc.constant('anniversary' as const), withinDays: days }),
  fc.record({
    kind: fc.constant('text' as const),
    quantifier: fc.constantFrom('any_of' as const, 'all_of' as const, 'none_of' as const),
    texts: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
  }),
);
const nothing = { text: null, numberMicros: null, day: null };
export const attributeValue: fc.Arbitrary<AttributeValue> = fc
  .tuple(
    fc.constantFrom(...ATTRIBUTES),
    fc.oneof(
      fc.constantFrom(...NAMES).map((text) => ({ ...nothing, text })),
      micros.map((numberMicros) => ({ ...nothing, numberMicros })),
      day.map((one) => ({ ...nothing, day: one })),
      fc.constant(nothing),
    ),
  )
  .map(([name, value]) => ({ name, ...value }));
