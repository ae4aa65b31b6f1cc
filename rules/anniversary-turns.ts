/** On which days the anniversary of a date comes near, or has passed. */
import { anniversaryRanges } from './attribute.ts';

export interface DateRange {
  /** Both included. */
  readonly first: number;
  readonly last: number;
  readonly days: number;
}

const YEAR_DAYS_MAX = 366;

/**
 * The ranges of anniversaries move on day by day through a year; a date matters first on the day on
 * which one of them takes it in or lets it go. Of a date that none comes to in that year it is looked
 * again when the year has passed.
 */
export function anniversaryTurns(
  withinDays: number,
  today: number,
): {
  readonly ranges: readonly DateRange[];
  readonly lookAgain: { readonly day: number; readonly since: number };
} {
  const dueOf = new Map<number, number>();
  let before = anniversaryRanges(today, withinDays);
  for (let day = today + 1; day <= today + YEAR_DAYS_MAX; day++) {
    const ranges = anniversaryRanges(day, withinDays);
    ranges.forEach(({ first, last }, i) => {
      const old = before[i]!;
      for (let date = old.first; date < first; date++) setFirst(dueOf, date, day);
      for (let date = old.last + 1; date <= last; date++) setFirst(dueOf, date, day);
    });
    before = ranges;
  }
  const lookAgain = { day: today + YEAR_DAYS_MAX, since: before[0]!.last + 1 };
  return { ranges: rangesOf(dueOf), lookAgain };
}

function setFirst(map: Map<number, number>, key: number, value: number): void {
  if (!map.has(key)) map.set(key, value);
}

/** Neighbouring dates that are equally far from their day, together. */
function rangesOf(dueOf: ReadonlyMap<number, number>): DateRange[] {
  const ranges: { first: number; last: number; days: number }[] = [];
  for (const [date, due] of [...dueOf].sort(([a], [b]) => a - b)) {
    const range = ranges.at(-1);
    if (range?.last === date - 1 && range.days === due - date) range.last = date;
    else ranges.push({ first: date, last: date, days: due - date });
  }
  return ranges;
}
