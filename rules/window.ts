/**
 * The days that a condition looks at. A window is resolved to two calendar days of the shop's zone
 * at the pinned as-of day, both included; nothing here asks a clock. Two windows depend on the
 * person besides: `since_last_order` and `cycles`.
 *
 * "Today" is the as-of day. It is part of a window unless `today` says otherwise; windows that end
 * before today by what they mean (`ago`, `between`, a last week, month or year) do not have it.
 */
import { dayOfDate, dayToDate, monthOfDay } from './local-day.ts';

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const CALENDAR_PERIODS = [
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_year',
  'last_year',
] as const;
export type CalendarPeriod = (typeof CALENDAR_PERIODS)[number];

type Today = 'included' | 'excluded';

interface Common {
  /** IANA zone of the shop: what a day is. The as-of day and the days of orders are made with it. */
  readonly timeZone: string;
}

/** Windows that are the same two days for everybody. */
export type FixedWindow =
  | (Common & { readonly kind: 'last'; readonly days: number; readonly today: Today })
  /** From `fromDays` to `toDays` days ago, both included; `fromDays` is the smaller. */
  | (Common & { readonly kind: 'ago'; readonly fromDays: number; readonly toDays: number })
  /** Days since 1970-01-01, both included. */
  | (Common & { readonly kind: 'between'; readonly firstDay: number; readonly lastDay: number })
  | (Common & {
      readonly kind: 'calendar';
      readonly period: CalendarPeriod;
      readonly weekStart: Weekday;
      /** Of a period that has passed: always excluded. */
      readonly today: Today;
    });

export type Window =
  | FixedWindow
  /** The days after that of the person's last valid order; no such window without one. */
  | (Common & { readonly kind: 'since_last_order'; readonly today: Today })
  /** As `last`, for `timesThousandths` thousandths of the person's cycle (own, else the shop's). */
  | (Common & {
      readonly kind: 'cycles';
      readonly timesThousandths: number;
      readonly minHalfDays: number;
      readonly today: Today;
    });

/** Two calendar days, both included; `last` before `first` is an empty window. */
export interface DayBounds {
  readonly first: number;
  readonly last: number;
}

/** What two of the windows ask of the person. */
export interface PersonDays {
  readonly lastOrderDay: number | null;
  readonly effectiveCycleHalfDays: number;
}

const HALF_DAY_THOUSANDTHS_PER_DAY = 2000;

/** The days of a window at the as-of day; null when the person has no such window. */
export function windowBounds(window: Window, today: number, person: PersonDays): DayBounds | null {
  switch (window.kind) {
    case 'since_last_order': {
      const { lastOrderDay } = person;
      if (lastOrderDay === null) return null;
      return { first: lastOrderDay + 1, last: newestDay(window.today, today) };
    }
    case 'cycles': {
      const length = cycleLength(window, person.effectiveCycleHalfDays);
      const days = length / HALF_DAY_THOUSANDTHS_PER_DAY;
      const first = window.today === 'included' ? Math.ceil(days) - 1 : Math.floor(days);
      return { first: today - first, last: newestDay(window.today, today) };
    }
    default:
      return fixedBounds(window, today);
  }
}

/** Thousandths of half days. */
function cycleLength(window: Window & { kind: 'cycles' }, cycleHalfDays: number): number {
  return Math.max(window.timesThousandths * cycleHalfDays, window.minHalfDays * 1000);
}

export function newestDay(today: Today, day: number): number {
  return today === 'included' ? day : day - 1;
}

export function fixedBounds(window: FixedWindow, today: number): DayBounds {
  switch (window.kind) {
    case 'last': {
      const last = newestDay(window.today, today);
      return { first: last - window.days + 1, last };
    }
    case 'ago':
      return { first: today - window.toDays, last: today - window.fromDays };
    case 'between':
      return { first: window.firstDay, last: window.lastDay };
    case 'calendar': {
      const { first, next } = periodDays(window.period, window.weekStart, today);
      return { first, last: Math.min(next - 1, newestDay(window.today, today)) };
    }
  }
}

/** First day of a period, and the first day after it. */
function periodDays(
  period: CalendarPeriod,
  weekStart: Weekday,
  today: number,
): { readonly first: number; readonly next: number } {
  const { year, month } = monthOfDay(today);
  switch (period) {
    case 'this_week':
    case 'last_week': {
      const start = startOfWeek(today, weekStart);
      return period === 'this_week'
        ? { first: start, next: start + 7 }
        : { first: start - 7, next: start };
    }
    case 'this_month':
      return { first: dayOfDate(year, month, 1), next: dayOfDate(year, month + 1, 1) };
    case 'last_month':
      return { first: dayOfDate(year, month - 1, 1), next: dayOfDate(year, month, 1) };
    case 'this_year':
      return { first: dayOfDate(year, 1, 1), next: dayOfDate(year + 1, 1, 1) };
    case 'last_year':
      return { first: dayOfDate(year - 1, 1, 1), next: dayOfDate(year, 1, 1) };
  }
}

/** Day 0, 1970-01-01, was a Thursday. */
const THURSDAY = 3;

function startOfWeek(day: number, weekStart: Weekday): number {
  const weekday = (((day + THURSDAY) % 7) + 7) % 7;
  return day - ((weekday - WEEKDAYS.indexOf(weekStart) + 7) % 7);
}

/** First days of a period of this window's kind: the last one, this one, and the two that follow. */
export function nextPeriods(
  { period, weekStart }: Window & { kind: 'calendar' },
  today: number,
): Readonly<Record<'lastFirst' | 'first' | 'next' | 'afterNext', number>> {
  const current = period.replace('last_', 'this_') as CalendarPeriod;
  const { first, next } = periodDays(current, weekStart, today);
  const { next: afterNext } = periodDays(current, weekStart, next);
  return { lastFirst: periodDays(current, weekStart, first - 1).first, first, next, afterNext };
}

/**
 * A window's name, as tests beside rules write it: `30d`, `30d without today`, `30d..90d ago`,
 * `2026-01-01..2026-03-31`, `this_week`, `own_last_order`, `1.5 cycles`.
 */
export function windowName(window: Window): string {
  switch (window.kind) {
    case 'last':
      return `${window.days}d${todayName(window.today)}`;
    case 'ago':
      return `${window.fromDays}d..${window.toDays}d ago`;
    case 'between':
      return `${dayToDate(window.firstDay)}..${dayToDate(window.lastDay)}`;
    case 'calendar':
      return `${window.period}${window.period.startsWith('this') ? todayName(window.today) : ''}`;
    case 'since_last_order':
      return `own_last_order${todayName(window.today)}`;
    case 'cycles': {
      const least = window.minHalfDays > 0 ? ` at least ${window.minHalfDays / 2}d` : '';
      return `${window.timesThousandths / 1000} cycles${least}${todayName(window.today)}`;
    }
  }
}

function todayName(today: Today): string {
  return today === 'included' ? '' : ' without today';
}
