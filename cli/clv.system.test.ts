/** `rekindle clv` as analysts and their scripts meet it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const CDNOW = resolve('../shared/data/crm/cdnow/CDNOW_sample.txt');
const COLUMNS = ['--customer', 'who', '--date', 'day', '--value', 'sum'];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'clv-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function clv(file: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'clv', file, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

function ordersFile(content: string): string {
  const file = join(dir, 'orders.csv');
  writeFileSync(file, content);
  return file;
}

const SMALL = 'who,day,sum\n1,2015-02-01,1\n1,2015-02-06,2\n2,2015-01-01,2\n';

it('says with too few orders that no model was fitted, and still lists the histories', () => {
  const file = ordersFile(SMALL);
  const args = [...COLUMNS, '--until', '2015-02-07', '--unit', 'day'];
  const { status, stdout } = clv(file, [...args, '--score', '--json']);
  expect(status).toBe(0);
  const { v, statistics, everyCustomer, models, customers } = JSON.parse(stdout);
  expect({ v, everyCustomer }).toEqual({ v: 1, everyCustomer: 1 });
  expect(statistics).toEqual({
    customers: 2,
    repeaters: 1,
    repeatPurchases: 1,
    sumRecency: 5,
    sumAge: 43,
    sumMeanValue: 2,
  });
  const none = { kind: 'too-little-data', repeaters: 1, needed: 300 };
  expect(models).toEqual({ bgNbd: none, paretoNbd: none, gammaGamma: none });
  const unknown = { p_alive: null, expected_purchases: null, expected_value: null, clv: null };
  expect(customers).toEqual([
    { customer: '1', x: 1, t_x: 5, T: 6, m: 2, ...unknown },
    { customer: '2', x: 0, t_x: 0, T: 37, m: null, ...unknown },
  ]);
  const told = clv(ordersFile(SMALL.replaceAll(',', ';').replaceAll(/;(\d)$/gm, ';$1,0')), [
    ...args,
    ...['--decimal', ','],
  ]).stdout;
  expect(told).toContain('BG/NBD       not fitted: 1 repeat customers, 300 are needed');
});

it.each([
  ['who,day,sum\n1,yesterday,1\n', 1, 'orders.csv:2: column day: expected a date'],
  ['who,day\n1,2015-02-01\n', 1, 'orders.csv:1: no column "sum"'],
  ['who,day,sum\n1,2016-02-01,1\n', 1, 'no order of a customer up to the day of --until'],
])('ends with what is wrong with %j', (content, exitCode, problem) => {
  const { status, stderr } = clv(ordersFile(content), [...COLUMNS, '--until', '2015-02-07']);
  expect(stderr).toContain(problem);
  expect(status).toBe(exitCode);
});

it.each([
  [['--until', '2015-02-30'], 'expected a day like 2026-11-30'],
  [['--until', '2015-02-07', '--unit', 'year'], 'Allowed choices are day, week, month'],
  [['--until', '2015-02-07', '--calibration-until', '2015-02-07'], 'a day before --until'],
  [['--until', '2015-02-07', '--zone', 'Mars/Olympus'], 'expected an IANA zone'],
  [['--until', '2015-02-07', '--date-format', 'yyyy'], 'expected iso, unix_s'],
])('refuses %j', (args, problem) => {
  const { status, stderr } = clv(ordersFile(SMALL), [...COLUMNS, ...args]);
  expect(stderr).toContain(problem);
  expect(status).toBe(2);
});

it.skipIf(!existsSync(CDNOW))('reports and scores CDNOW (skipped without ../shared/data)', () => {
  const columns = ['--no-header', '--customer', '2', '--date', '3', '--value', '5'];
  const calibrated = ['--until', '1998-06-30', '--calibration-until', '1997-09-30'];
  const { stdout } = clv(CDNOW, [...columns, ...calibrated, '--score', '--json']);
  const { holdout, customers } = JSON.parse(stdout);
  expect(holdout.statistics).toMatchObject({ customers: 2357, repeaters: 946 });
  expect(holdout.models.bgNbd.logLikelihood).toBeCloseTo(-9582.4292, 4);
  expect(holdout.models.paretoNbd.logLikelihood).toBeCloseTo(-9594.976, 3);
  expect(holdout.models.gammaGamma.logLikelihood).toBeCloseTo(-4055.9177, 4);
  expect(holdout.report.actual).toBe(1882);
  expect(holdout.tracking.actual.at(-1)).toBe(4339);
  expect(customers).toHaveLength(2357);
  const told = clv(CDNOW, [...columns, ...calibrated]).stdout;
  expect(told).toContain('1882 purchases; expected 1653.4');
  expect(told).toContain('7+              64    6.3594');
});
