import { expect, it } from 'vitest';
import { buildZone, localDate, localDay, startOfDayMs } from './local-day.ts';

const FROM_MS = Date.UTC(2005, 0, 1);
const TO_MS = Date.UTC(2027, 0, 1);
const DAY_MS = 86_400_000;

function check(timeZone: string, moment: string, date: string): void {
  expect(localDate(buildZone(timeZone, FROM_MS, TO_MS), Date.parse(moment))).toBe(date);
}

it('follows a clock that goes forward in spring', () => {
  check('Europe/Sofia', '2026-03-28T21:59:59Z', '2026-03-28');
  check('Europe/Sofia', '2026-03-28T22:00:00Z', '2026-03-29');
  check('Europe/Sofia', '2026-03-29T20:59:59Z', '2026-03-29');
  check('Europe/Sofia', '2026-03-29T21:00:00Z', '2026-03-30');
});

it('follows a clock that goes back in autumn', () => {
  check('Europe/Sofia', '2026-10-24T21:00:00Z', '2026-10-25');
  check('Europe/Sofia', '2026-10-25T21:59:59Z', '2026-10-25');
  check('Europe/Sofia', '2026-10-25T22:00:00Z', '2026-10-26');
});

it('knows half hours, quarters and the far side of the date line', () => {
  check('Asia/Kathmandu', '2026-11-22T18:14:59Z', '2026-11-22');
  check('Asia/Kathmandu', '2026-11-22T18:15:00Z', '2026-11-23');
  check('America/St_Johns', '2026-11-22T03:29:59Z', '2026-11-21');
  check('Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29');
  check('Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31');
});

it('finds a change that is not on a whole minute', () => {
  const zone = buildZone('Africa/Monrovia', Date.UTC(1971, 0, 1), Date.UTC(1973, 0, 1));
  expect(zone.offsetsMs).toEqual([-(44 * 60 + 30) * 1000, 0]);
  expect(new Date(zone.startsMs[1]!).toISOString()).toBe('1972-01-07T00:44:30.000Z');
});

it('counts days from 1970-01-01', () => {
  const utc = buildZone('UTC', FROM_MS, TO_MS);
  expect([localDay(utc, 0), localDay(utc, -1), localDay(utc, DAY_MS)]).toEqual([0, -1, 1]);
});

it('starts a day whose midnight was skipped with the first moment after the gap', () => {
  const saoPaulo = buildZone('America/Sao_Paulo', FROM_MS, TO_MS);
  const day = Date.UTC(2018, 10, 4) / DAY_MS;
  expect(new Date(startOfDayMs(saoPaulo, day)).toISOString()).toBe('2018-11-04T03:00:00.000Z');
});

it('makes the day of a change 23 or 25 hours long', () => {
  const sofia = buildZone('Europe/Sofia', FROM_MS, TO_MS);
  const hours = (date: string) => {
    const day = Date.parse(date) / DAY_MS;
    return (startOfDayMs(sofia, day + 1) - startOfDayMs(sofia, day)) / 3_600_000;
  };
  expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-11-22')]).toEqual([23, 25, 24]);
});

it('finds for every start of a day the moment at which the day begins', () => {
  for (const timeZone of ['Europe/Sofia', 'Africa/Casablanca', 'America/New_York', 'Asia/Beirut']) {
    const zone = buildZone(timeZone, FROM_MS, TO_MS);
    for (let day = FROM_MS / DAY_MS; day < TO_MS / DAY_MS; day++) {
      const start = startOfDayMs(zone, day);
      expect(localDay(zone, start)).toBe(day);
      expect(localDay(zone, start - 1)).toBeLessThan(day);
    }
  }
});

it('refuses a name that is no zone', () =>
  expect(() => buildZone('Europe/Sofiya', FROM_MS, TO_MS)).toThrow(RangeError));
