import { expect, it } from 'vitest';
import { buildZone, localDay } from './local-day.ts';
import { type PersonDays, type Window, windowBounds } from './window.ts';
import { windowText } from './window-text.ts';

const timeZone = 'Europe/Sofia';
const SUNDAY = 20_779; // 2026-11-22
const nobody: PersonDays = { lastOrderDay: null, effectiveCycleHalfDays: 60 };

/** The days of a window as an explanation shows them. */
function check(window: Window, expected: string, today = SUNDAY, person = nobody): void {
  expect(windowText(window, today, person)).toBe(`${expected} (Europe/Sofia)`);
}

it('counts today as the first of the last days, unless it is excluded', () => {
  check(
    { kind: 'last', days: 1, today: 'included', timeZone },
    'within the last 1 days, today included: 2026-11-22 to 2026-11-22',
  );
  check(
    { kind: 'last', days: 30, today: 'excluded', timeZone },
    'within the last 30 days, today excluded: 2026-10-23 to 2026-11-21',
  );
  check(
    { kind: 'ago', fromDays: 30, toDays: 90, timeZone },
    'from 30 to 90 days ago: 2026-08-24 to 2026-10-23',
  );
});

it('begins a week on the day that the shop says', () => {
  const week = (weekStart: 'monday' | 'sunday' | 'saturday', period: 'this_week' | 'last_week') =>
    windowBounds(
      { kind: 'calendar', period, weekStart, today: 'included', timeZone },
      SUNDAY,
      nobody,
    );
  expect(week('monday', 'this_week')).toEqual({ first: SUNDAY - 6, last: SUNDAY });
  expect(week('sunday', 'this_week')).toEqual({ first: SUNDAY, last: SUNDAY });
  expect(week('saturday', 'last_week')).toEqual({ first: SUNDAY - 8, last: SUNDAY - 2 });
});

it('knows the months of a leap year and the turn of one', () => {
  const month = (period: 'this_month' | 'last_month' | 'last_year', today: string) => {
    const day = Date.parse(today) / 86_400_000;
    const common = { weekStart: 'monday', today: 'excluded', timeZone } as const;
    return windowText({ kind: 'calendar', period, ...common }, day, nobody).split(': ')[1];
  };
  expect(month('last_month', '2028-03-01')).toBe('2028-02-01 to 2028-02-29 (Europe/Sofia)');
  expect(month('last_month', '2027-01-31')).toBe('2026-12-01 to 2026-12-31 (Europe/Sofia)');
  expect(month('last_year', '2027-01-31')).toBe('2026-01-01 to 2026-12-31 (Europe/Sofia)');
  // Today is the only day of the month so far, and does not count.
  expect(month('this_month', '2026-11-01')).toBe('no day (Europe/Sofia)');
});

it('begins the day after the own last order, and is no window without one', () => {
  const since: Window = { kind: 'since_last_order', today: 'included', timeZone };
  expect(windowBounds(since, SUNDAY, nobody)).toBe(null);
  check(
    since,
    'after the day of the own last order, today included: 2026-11-13 to 2026-11-22',
    SUNDAY,
    { ...nobody, lastOrderDay: SUNDAY - 10 },
  );
});

it('measures cycles in days that have begun, so that 1.5 cycles of 15 days are 23', () => {
  const cycles: Window = {
    kind: 'cycles',
    timesThousandths: 1500,
    minHalfDays: 0,
    today: 'included',
    timeZone,
  };
  const person = { ...nobody, effectiveCycleHalfDays: 30 };
  expect(windowBounds(cycles, SUNDAY, person)).toEqual({ first: SUNDAY - 22, last: SUNDAY });
  // Without today as many whole days as fit.
  const without = windowBounds({ ...cycles, today: 'excluded' }, SUNDAY, person);
  expect(without).toEqual({ first: SUNDAY - 22, last: SUNDAY - 1 });
  const least = windowBounds({ ...cycles, minHalfDays: 60 }, SUNDAY, person);
  expect(least).toEqual({ first: SUNDAY - 29, last: SUNDAY });
});

it("takes today for the shop's day: late on Sunday in UTC it is Monday in Sofia", () => {
  const late = Date.UTC(2026, 10, 22, 22, 30);
  const zone = buildZone(timeZone, Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
  check(
    { kind: 'calendar', period: 'this_week', weekStart: 'monday', today: 'included', timeZone },
    'within this week, weeks from monday on, today included: 2026-11-23 to 2026-11-23',
    localDay(zone, late),
  );
});
