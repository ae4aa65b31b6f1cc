import { describe, expect, it } from 'vitest';
import { buildZone } from '../../rules/local-day.ts';
import { dayReader, timeReader } from './time-reader.ts';

const sofia = buildZone('Europe/Sofia', Date.UTC(2020, 0, 1), Date.UTC(2030, 0, 1));

function check(format: string, text: string, expected: string | null): void {
  const ms = timeReader(format, sofia)(text);
  expect(ms === null ? null : new Date(ms).toISOString()).toBe(expected);
}

describe('times of CRM files', () => {
  it('are in the shop’s zone when they name none', () => {
    check('iso', '2026-01-05 23:30', '2026-01-05T21:30:00.000Z');
    check('iso', '2026-07-05T23:30:01.5', '2026-07-05T20:30:01.500Z');
    check('iso', '2026-07-05', '2026-07-04T21:00:00.000Z');
    check('dd.MM.yyyy HH:mm', '05.07.2026 23:30', '2026-07-05T20:30:00.000Z');
    check('d/M/yy', '5/7/26', '2026-07-04T21:00:00.000Z');
  });
  it('keep the zone they name', () => {
    check('iso', '2026-07-05T23:30:00Z', '2026-07-05T23:30:00.000Z');
    check('iso', '2026-07-05 23:30:00+05:30', '2026-07-05T18:00:00.000Z');
    check('iso', '2026-07-05 23:30:00-03', '2026-07-06T02:30:00.000Z');
  });
  it('may be Unix times', () => {
    check('unix_s', '1700000000', '2023-11-14T22:13:20.000Z');
    check('unix_ms', '1700000000123', '2023-11-14T22:13:20.123Z');
  });
  it('may be as Metrica’s uploads have them, a date alone the end of its day', () => {
    check('metrica', '05.07.2026 23:30', '2026-07-05T20:30:00.000Z');
    check('metrica', '05.07.26 23:30:07', '2026-07-05T20:30:07.000Z');
    check('metrica', '2026-07-05 23:30:07', '2026-07-05T20:30:07.000Z');
    check('metrica', '05.07.2026', '2026-07-05T20:59:59.000Z');
    check('metrica', '2026-07-05', '2026-07-05T20:59:59.000Z');
    check('metrica', '31.02.2026', null);
    check('metrica', '5.7.2026', null);
  });
  it('may be Unix times or ISO in one file', () => {
    check('iso_or_unix_s', '1700000000', '2023-11-14T22:13:20.000Z');
    check('iso_or_unix_s', '2026-07-05T23:30:00Z', '2026-07-05T23:30:00.000Z');
    check('iso_or_unix_s', 'today', null);
  });
  it('are moved on when the clock skipped them', () =>
    check('iso', '2026-03-29 03:30', '2026-03-29T01:30:00.000Z'));
  it('are the first of two when the clock came twice', () =>
    check('iso', '2026-10-25 03:30', '2026-10-25T00:30:00.000Z'));
  it('are no times when they are not in the calendar or the format', () => {
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-01-01 24:00',
      'yesterday',
      '',
      '1969-12-31',
    ])
      check('iso', text, null);
    check('dd.MM.yyyy', '2026-01-01', null);
    check('unix_s', '1e9', null);
    check('unix_s', '99999999999', null);
  });
});

describe('dates of CRM files', () => {
  it.each([
    ['iso', '1964-02-29', '1964-02-29'],
    ['iso', '2026-08-01T23:30:00-05:00', '2026-08-01'],
    ['dd.MM.yyyy HH:mm', '01.08.2026 23:59', '2026-08-01'],
    // 22:00 of UTC is the next day in Sofia.
    ['unix_s', String(Date.UTC(2026, 0, 31, 22) / 1000), '2026-02-01'],
    ['iso', '1899-12-31', null],
    ['iso', '2200-01-01', null],
    ['iso', '2026-02-30', null],
    ['unix_ms', 'soon', null],
  ])('are the days that are written, %s %s', (format, text, expected) => {
    const day = dayReader(format, sofia)(text);
    expect(day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10)).toBe(
      expected,
    );
  });
});
