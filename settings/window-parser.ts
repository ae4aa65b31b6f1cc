/**
 * The window of a condition: which days it looks at. At most one of
 *
 *   within: 30d                                  the last 30 days
 *   within: last_month                           a calendar period
 *   within: { times: 1.5, of: orders.cycle_days, min: 30 }
 *   between: [2026-01-01, 2026-03-31]            both included
 *   ago: { from: 30d, to: 90d }                  both included
 *   since: own_last_order                        the days after it
 *
 * and beside those that reach today `today: excluded`, when the day of the build is not to count.
 */
import { closest } from '../platform/edit-distance.ts';
import { dayOfDate } from '../rules/local-day.ts';
import {
  CALENDAR_PERIODS,
  type CalendarPeriod,
  type Weekday,
  type Window,
} from '../rules/window.ts';
import { DAYS_MAX, parseCycle, type Refusal } from './operand-parser.ts';

export const WINDOW_KEYS = ['within', 'between', 'ago', 'since', 'today'] as const;

/** What the shop says about its days. */
export interface ShopCalendar {
  readonly timeZone: string;
  readonly weekStart: Weekday;
}

type Section = Readonly<Record<string, unknown>>;
/** A refusal names the key of the window that is wrong. */
export type WindowRefusal = Refusal & { readonly window: string };

/** The window among a condition's keys; null where there is none: all time. */
export function parseWindow(
  condition: Section,
  calendar: ShopCalendar,
): Window | WindowRefusal | null {
  const [first, second] = WINDOW_KEYS.filter((key) => key !== 'today' && key in condition);
  const { today } = condition;
  if (first === undefined) {
    if (today === undefined) return null;
    return refusal('today', { atKey: true, message: 'today goes with within or since' });
  }
  if (second !== undefined) {
    const message = `a condition has one window; ${first} is there already`;
    return refusal(second, { atKey: true, message });
  }
  if (today !== undefined && today !== 'included' && today !== 'excluded') {
    return refusal('today', { message: 'expected included or excluded' });
  }
  const window = readWindow(first, condition[first], { calendar, today: today ?? 'included' });
  if (!('kind' in window)) return refusal(first, window);
  if (today === undefined || ('today' in window && !isPast(window))) return window;
  const message = 'this window ends by itself: today is for windows that reach it';
  return refusal('today', { atKey: true, message });
}

function refusal(window: string, refused: Refusal): WindowRefusal {
  return { ...refused, window };
}

function isPast(window: Window): boolean {
  return window.kind === 'calendar' && window.period.startsWith('last');
}

interface Reading {
  readonly calendar: ShopCalendar;
  readonly today: 'included' | 'excluded';
}

function readWindow(
  key: 'within' | 'between' | 'ago' | 'since' | 'today',
  value: unknown,
  reading: Reading,
): Window | Refusal {
  const { timeZone } = reading.calendar;
  if (key === 'between') return readBetween(value, timeZone);
  if (key === 'ago') return readAgo(value, timeZone);
  if (key === 'within') return readWithin(value, reading);
  if (value === 'own_last_order') {
    return { kind: 'since_last_order', today: reading.today, timeZone };
  }
  return { message: 'expected own_last_order', suggestion: 'own_last_order' };
}

function readWithin(value: unknown, { calendar, today }: Reading): Window | Refusal {
  const { timeZone, weekStart } = calendar;
  if (isSection(value)) {
    const cycle = parseCycle(value);
    return 'kind' in cycle ? { ...cycle, kind: 'cycles', today, timeZone } : cycle;
  }
  if ((CALENDAR_PERIODS as readonly unknown[]).includes(value)) {
    const period = value as CalendarPeriod;
    const past = period.startsWith('last');
    return { kind: 'calendar', period, weekStart, today: past ? 'excluded' : today, timeZone };
  }
  const days = readDays(value);
  if (days !== null && days > 0) return { kind: 'last', days, today, timeZone };
  const message = `expected a window of whole days from 1d to ${DAYS_MAX}d, or ${CALENDAR_PERIODS.join(', ')}, got ${shown(value)}`;
  const digits = /[1-9]\d*/.exec(String(value))?.[0];
  const near =
    digits === undefined
      ? closest(String(value), CALENDAR_PERIODS)
      : `${Math.min(Number(digits), DAYS_MAX)}d`;
  return { message, ...(near === undefined ? {} : { suggestion: near }) };
}

function readAgo(value: unknown, timeZone: string): Window | Refusal {
  const example = 'expected days ago such as { from: 30d, to: 90d }';
  if (!isSection(value)) return { message: `${example}, got ${shown(value)}` };
  for (const key of Object.keys(value)) {
    if (key !== 'from' && key !== 'to') return { key, atKey: true, message: example };
  }
  const from = readDays(value['from']);
  const to = readDays(value['to']);
  if (from === null || to === null) {
    return { key: from === null ? 'from' : 'to', message: `${example}, got ${shown(value)}` };
  }
  if (from <= to) return { kind: 'ago', fromDays: from, toDays: to, timeZone };
  const suggestion = `{ from: ${to}d, to: ${from}d }`;
  return { message: 'from is the nearer day, to the farther one', suggestion };
}

function readBetween(value: unknown, timeZone: string): Window | Refusal {
  const example = 'expected two dates such as [2026-01-01, 2026-03-31]';
  const [first = null, last = null, ...more] = Array.isArray(value) ? value.map(readDate) : [];
  if (first === null || last === null || more.length > 0) {
    return { message: `${example}, got ${shown(value)}` };
  }
  if (first <= last) return { kind: 'between', firstDay: first, lastDay: last, timeZone };
  return { message: `${example}, the earlier one first, got ${shown(value)}` };
}

/** `30d` as 30; 0d is today. */
export function readDays(value: unknown): number | null {
  const digits = typeof value === 'string' ? /^(\d{1,6})d$/.exec(value)?.[1] : undefined;
  const days = Number(digits);
  return digits === undefined || days > DAYS_MAX ? null : days;
}

/** A date that exists, as days since 1970-01-01. */
export function readDate(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const days = dayOfDate(year, month, day);
  return new Date(days * 86_400_000).toISOString().startsWith(match[0]) ? days : null;
}

/** A value as a refusal quotes it. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
