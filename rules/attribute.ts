/**
 * Conditions on what the CRM says of a customer beside orders: attributes, each a number, a text, a
 * date, or a list of these. A condition holds when one value of the attribute meets it. A missing
 * attribute, and a value of another type, meet none: neither a comparison nor its complement.
 */
import { COMPARES, type Comparison } from './comparison.ts';
import { dayOfDate, monthOfDay } from './local-day.ts';
import type { DayBounds } from './window.ts';

/** One value; of text, number and day the one that it is. */
export interface AttributeValue {
  readonly name: string;
  readonly text: string | null;
  readonly numberMicros: number | null;
  /** Days since 1970-01-01. */
  readonly day: number | null;
}

/** Of the values that are days. */
export type DayTest =
  | { readonly kind: 'date'; readonly op: Comparison; readonly day: number }
  /** Days from today to a date that has not passed, respectively since one that has come; 0 is today. */
  | {
      readonly kind: 'days_until' | 'days_since';
      readonly op: Comparison;
      readonly days: number;
    }
  /** Whether the day of the year of an earlier date comes today or within so many days after. */
  | { readonly kind: 'anniversary'; readonly withinDays: number };

export type AttributeTest =
  | { readonly kind: 'missing'; readonly missing: boolean }
  | { readonly kind: 'number'; readonly op: Comparison; readonly valueMicros: number }
  | DayTest
  /** Any, respectively all, of the texts; or some text, but none of these. */
  | {
      readonly kind: 'text';
      readonly quantifier: 'any_of' | 'all_of' | 'none_of';
      readonly texts: readonly string[];
    };

/** Whether the values of a person meet a test on one attribute. */
export function attributeHolds(
  name: string,
  test: AttributeTest,
  person: { readonly attributes: readonly AttributeValue[]; readonly today: number },
): boolean {
  // A visitor of the site whom no build knows is asked with every bid.
  if (person.attributes.length === 0) return test.kind === 'missing' && test.missing;
  const values = person.attributes.filter((value) => value.name === name && isSome(value));
  switch (test.kind) {
    case 'missing':
      return (values.length === 0) === test.missing;
    case 'number':
      return values.some(
        ({ numberMicros }) =>
          numberMicros !== null && COMPARES[test.op](numberMicros, test.valueMicros),
      );
    case 'text':
      return textHolds(
        test,
        values.flatMap(({ text }) => text ?? []),
      );
    default: {
      const holds = dayTest(test, person.today);
      return values.some(({ day }) => day !== null && holds(day));
    }
  }
}

function isSome({ text, numberMicros, day }: AttributeValue): boolean {
  return text !== null || numberMicros !== null || day !== null;
}

export function textHolds(
  { quantifier, texts }: Pick<AttributeTest & { kind: 'text' }, 'quantifier' | 'texts'>,
  own: readonly string[],
): boolean {
  switch (quantifier) {
    case 'any_of':
      return texts.some((text) => own.includes(text));
    case 'all_of':
      return texts.every((text) => own.includes(text));
    case 'none_of':
      return own.length > 0 && !texts.some((text) => own.includes(text));
  }
}

function dayTest(test: DayTest, today: number): (day: number) => boolean {
  switch (test.kind) {
    case 'date':
      return (day) => COMPARES[test.op](day, test.day);
    case 'days_until':
      return (day) => day >= today && COMPARES[test.op](day - today, test.days);
    case 'days_since':
      return (day) => day <= today && COMPARES[test.op](today - day, test.days);
    case 'anniversary': {
      const ranges = anniversaryRanges(today, test.withinDays);
      return (day) => ranges.some(({ first, last }) => day >= first && day <= last);
    }
  }
}

/** Nobody who buys is older. */
const YEARS_BACK = 130;

/**
 * The days of each earlier year whose day of the year comes today or within so many days after it. In
 * a year without a 29 February it comes on the 28th.
 */
export function anniversaryRanges(today: number, withinDays: number): DayBounds[] {
  const end = today + withinDays;
  return Array.from({ length: YEARS_BACK }, (_, i) => ({
    first: yearsBefore(today, i + 1),
    last: endOfLeap(end, yearsBefore(end, i + 1)),
  }));
}

/** The same day of an earlier year: 1 March where that has no 29 February. */
function yearsBefore(day: number, years: number): number {
  const { year, month } = monthOfDay(day);
  const dayOfMonth = day - dayOfDate(year, month, 1) + 1;
  return dayOfDate(year - years, month, dayOfMonth);
}

/** Where a range ends on the last of a February of 28 days, a 29th belongs to it. */
function endOfLeap(end: number, last: number): number {
  const { year, month } = monthOfDay(end);
  const isEnd = month === 2 && end + 1 === dayOfDate(year, 3, 1);
  if (!isEnd) return last;
  const earlier = monthOfDay(last);
  // 29 February of a leap year, put into one without it, has become 1 March.
  return earlier.month === 3 ? last - 1 : dayOfDate(earlier.year, 3, 1) - 1;
}
