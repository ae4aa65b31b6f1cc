/**
 * When each person of the base is due, in SQL: what due.ts says of one. Portable as rule-sql.ts is, and
 * over its tables: CASE and MIN, and whole divisions without a remainder alone. Days are BIGINT.
 */
import type { DateRange } from './anniversary-turns.ts';
import { type Crossing, crossingsOf, type DateCrossings, type Dates } from './crossings.ts';
import type { AsOf } from './customer.ts';
import type { Rule } from './rule.ts';
import { quoted } from './sql-text.ts';
import { cycleBound } from './window-sql.ts';

/** A query of person and due_day, a row for each person of the base who has such a day. */
export function dueSql(rules: readonly Rule[], asOf: AsOf): string {
  const selects = crossingsOf(rules, asOf.day).flatMap((each) => selectsOf(each, asOf));
  if (selects.length === 0) return `SELECT c.person, 0 AS due_day FROM customers c WHERE FALSE`;
  const days = selects.join(' UNION ALL ');
  return `SELECT d.person, MIN(d.day) AS due_day FROM (${days}) d
    WHERE d.day > ${asOf.day} GROUP BY d.person`;
}

interface Source {
  /** The day column of a date. */
  readonly day: string;
  /** With the date's customer as `c`. */
  readonly from: string;
  readonly where: string;
}

const ATTRIBUTES = {
  customers: 'customer_attributes a JOIN customers c ON c.person = a.person',
  orders:
    'order_attributes a JOIN orders o ON o.order_no = a.order_no JOIN customers c ON c.person = o.person',
  events:
    'event_attributes a JOIN events e ON e.event_no = a.event_no JOIN customers c ON c.person = e.person',
} as const;

function sourceOf(dates: Dates): Source {
  switch (dates.kind) {
    case 'orders':
      return {
        day: 'o.day',
        from: 'orders o JOIN customers c ON c.person = o.person',
        where: `o.status IN (${dates.statuses.join(', ')})`,
      };
    case 'first_order':
      return { day: 'c.first_day', from: 'customers c', where: 'c.first_day IS NOT NULL' };
    case 'last_order':
      return { day: 'c.last_day', from: 'customers c', where: 'c.last_day IS NOT NULL' };
    case 'events':
      return {
        day: 'e.day',
        from: 'events e JOIN customers c ON c.person = e.person',
        where: 'TRUE',
      };
    case 'earlier':
      return {
        day: 'e.day',
        from: 'earlier e JOIN customers c ON c.person = e.person',
        where: `e.segment = ${quoted(dates.segment)}`,
      };
    case 'attribute':
      return {
        day: 'a.day',
        from: ATTRIBUTES[dates.of],
        where: `a.name = ${quoted(dates.name)} AND a.day IS NOT NULL`,
      };
  }
}

/** Each gives a date one day, or NULL. */
function selectsOf({ dates, crossings }: DateCrossings, asOf: AsOf): readonly string[] {
  const { day, from, where } = sourceOf(dates);
  const date = `CAST(${day} AS BIGINT)`;
  return daysSql(date, crossings, asOf).map(
    (due) => `SELECT c.person, ${due} AS day FROM ${from} WHERE ${where}`,
  );
}

function daysSql(date: string, crossings: readonly Crossing[], asOf: AsOf): readonly string[] {
  const after = crossings.flatMap((one) => (one.kind === 'after' ? one.days : []));
  const on = crossings.flatMap((one) => (one.kind === 'on' ? [one] : []));
  return [
    ...(after.length > 0 ? [firstAfter(date, after, asOf.day)] : []),
    ...(on.length > 0 ? [firstOn(date, on)] : []),
    ...crossings.flatMap((one) => (one.kind === 'cycles' ? cyclesSql(date, one, asOf) : [])),
    ...crossings.flatMap((one) => (one.kind === 'ranges' ? rangesSql(date, one.ranges) : [])),
  ];
}

/** In ascending order the first that lies ahead is the first of all. */
function firstAfter(date: string, days: readonly number[], today: number): string {
  const whens = days
    .toSorted((a, b) => a - b)
    .map((each) => `WHEN ${date} > ${today - each} THEN ${date} + ${each}`);
  return `CASE ${whens.join(' ')} END`;
}

function firstOn(date: string, on: readonly (Crossing & { kind: 'on' })[]): string {
  const whens = on
    .toSorted((a, b) => a.day - b.day)
    .map(({ day, since }) => `WHEN ${date} >= ${since} THEN ${day}`);
  return `CASE ${whens.join(' ')} END`;
}

const HALF_DAY_THOUSANDTHS_PER_DAY = 2000;

function cyclesSql(date: string, crossing: Crossing & { kind: 'cycles' }, asOf: AsOf): string {
  const perDay = HALF_DAY_THOUSANDTHS_PER_DAY;
  // The first whole day that is not before the bound, or is after it; divided without a remainder.
  const bound = `(${cycleBound(crossing, 'c', asOf)})`;
  const more = `(${bound} + ${crossing.edge === 'reached' ? perDay - 1 : perDay})`;
  return `${date} + CAST((${more} - ${more} % ${perDay}) / ${perDay} AS BIGINT)`;
}

/** Ranges ascend: each question halves them. */
function rangesSql(date: string, ranges: readonly DateRange[]): string {
  if (ranges.length === 0) return 'NULL';
  if (ranges.length === 1) {
    const { first, last, days } = ranges[0]!;
    return `CASE WHEN ${date} BETWEEN ${first} AND ${last} THEN ${date} + ${days} END`;
  }
  const half = ranges.length >> 1;
  const below = rangesSql(date, ranges.slice(0, half));
  const above = rangesSql(date, ranges.slice(half));
  return `CASE WHEN ${date} < ${ranges[half]!.first} THEN ${below} ELSE ${above} END`;
}
