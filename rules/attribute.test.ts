import { expect, it } from 'vitest';
import { type AttributeTest, type AttributeValue, attributeHolds } from './attribute.ts';
import { attributeText } from './attribute-text.ts';

const TODAY = 20_779; // 2026-11-22
const NONE = { name: 'x', text: null, numberMicros: null, day: null };

function check(
  test: AttributeTest,
  values: readonly Partial<AttributeValue>[],
  expected: boolean,
): void {
  const attributes = values.map((value) => ({ ...NONE, ...value }));
  const text = attributeText({ name: 'x', test });
  expect(attributeHolds('x', test, { attributes, today: TODAY }), text).toBe(expected);
}

it('answers no comparison with what is missing, nor its complement', () => {
  for (const values of [[], [NONE], [{ name: 'y', numberMicros: 1 }]]) {
    check({ kind: 'number', op: 'eq', valueMicros: 1 }, values, false);
    check({ kind: 'number', op: 'ne', valueMicros: 1 }, values, false);
    check({ kind: 'text', quantifier: 'none_of', texts: ['vip'] }, values, false);
    check({ kind: 'missing', missing: true }, values, true);
    check({ kind: 'missing', missing: false }, values, false);
  }
});

it('answers no comparison with a value of another type', () => {
  check({ kind: 'number', op: 'ne', valueMicros: 1 }, [{ text: '1' }], false);
  check({ kind: 'text', quantifier: 'none_of', texts: ['vip'] }, [{ numberMicros: 1 }], false);
});

it('is met by one value of a list', () => {
  const list = [{ text: 'vip' }, { text: 'tea' }];
  check({ kind: 'text', quantifier: 'any_of', texts: ['tea', 'cup'] }, list, true);
  check({ kind: 'text', quantifier: 'all_of', texts: ['tea', 'cup'] }, list, false);
  check({ kind: 'text', quantifier: 'none_of', texts: ['cup'] }, list, true);
  check(
    { kind: 'number', op: 'gt', valueMicros: 5 },
    [{ numberMicros: 1 }, { numberMicros: 9 }],
    true,
  );
});

it('counts days until a date that has not passed, and since one that has come', () => {
  const until: AttributeTest = { kind: 'days_until', op: 'lte', days: 14 };
  check(until, [{ day: TODAY + 14 }], true);
  check(until, [{ day: TODAY }], true);
  check(until, [{ day: TODAY - 1 }], false);
  const since: AttributeTest = { kind: 'days_since', op: 'gte', days: 14 };
  check(since, [{ day: TODAY - 14 }], true);
  check(since, [{ day: TODAY + 99 }], false);
});

it('finds anniversaries as looking at every date does, leap days on 28 February in other years', () => {
  const dayOf = (year: number, month: number, day: number) =>
    Date.UTC(year, month, day) / 86_400_000;
  const isLeap = (year: number) => dayOf(year, 1, 29) !== dayOf(year, 2, 1);
  const anniversary = (born: Date, year: number) => {
    const leapDay = born.getUTCMonth() === 1 && born.getUTCDate() === 29;
    const dayOfMonth = leapDay && !isLeap(year) ? 28 : born.getUTCDate();
    return dayOf(year, born.getUTCMonth(), dayOfMonth);
  };
  const todays = [dayOf(2026, 1, 28), dayOf(2028, 1, 28), dayOf(2028, 1, 29), dayOf(2028, 2, 1)];
  for (const today of [...todays, dayOf(2026, 11, 29), dayOf(2027, 0, 1)]) {
    const thisYear = new Date(today * 86_400_000).getUTCFullYear();
    for (const withinDays of [0, 1, 7]) {
      for (let day = today - 3 * 366; day < today + 20; day++) {
        const born = new Date(day * 86_400_000);
        const comes = [thisYear, thisYear + 1]
          .filter((year) => year > born.getUTCFullYear())
          .map((year) => anniversary(born, year));
        const expected = comes.some((one) => one >= today && one <= today + withinDays);
        const attributes = [{ ...NONE, day }];
        const test = { kind: 'anniversary', withinDays } as const;
        const where = `${born.toISOString()} at ${today} + ${withinDays}`;
        expect(attributeHolds('x', test, { attributes, today }), where).toBe(expected);
      }
    }
  }
});
