/** A window in words, with the days it comes to: what an explanation shows. */
import { dayToDate } from './local-day.ts';
import { type PersonDays, type Window, windowBounds } from './window.ts';

/** `within the last 30 days, today included: 2026-10-24 to 2026-11-22 (Europe/Sofia)`. */
export function windowText(window: Window, today: number, person: PersonDays): string {
  return `${words(window)}: ${daysText(window, today, person)} (${window.timeZone})`;
}

function words(window: Window): string {
  switch (window.kind) {
    case 'last':
      return `within the last ${window.days} days, today ${window.today}`;
    case 'ago':
      return `from ${window.fromDays} to ${window.toDays} days ago`;
    case 'between':
      return 'between two dates, both included';
    case 'calendar': {
      const period = window.period.replace('_', ' ');
      const weeks = window.period.endsWith('week') ? `, weeks from ${window.weekStart} on` : '';
      return `within ${period}${weeks}, today ${window.today}`;
    }
    case 'since_last_order':
      return `after the day of the own last order, today ${window.today}`;
    case 'cycles': {
      const least = window.minHalfDays > 0 ? `, at least ${window.minHalfDays / 2} days` : '';
      return `within ${window.timesThousandths / 1000} × the cycle${least}, today ${window.today}`;
    }
  }
}

function daysText(window: Window, today: number, person: PersonDays): string {
  const bounds = windowBounds(window, today, person);
  if (bounds === null) return 'there is no last order';
  if (bounds.last < bounds.first) return 'no day';
  return `${dayToDate(bounds.first)} to ${dayToDate(bounds.last)}`;
}
