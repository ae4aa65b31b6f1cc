import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Duck } from '../duck.ts';
import type { OrdersSource } from './clv-request.ts';
import { readOrders } from './read-orders.ts';

let dir: string;
let duck: Duck;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'read-orders-'));
  const tempDir = join(dir, 'temp');
  duck = await Duck.open({ memoryMb: 256, threads: 1, tempDir, folders: [dir] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

const NAMED = { customer: 'who', date: 'day', value: 'sum', header: true } as const;
const NUMBERED = { customer: '2', date: '3', value: '5', header: false } as const;
const DEFAULTS: Pick<OrdersSource, 'delimiter' | 'dateFormat' | 'timeZone' | 'decimal'> = {
  ...{ delimiter: undefined, dateFormat: undefined, timeZone: 'UTC', decimal: '.' },
};
const FEB_1_2015 = 16_467;

async function read(content: string | Uint8Array, source: Partial<OrdersSource> = NAMED) {
  const file = join(dir, 'orders.csv');
  writeFileSync(file, content);
  const result = await readOrders({ ...DEFAULTS, ...NAMED, ...source, file }, duck);
  const { orders, customers, counts } = result;
  const rows = Array.from(orders.day, (day, i) => [
    customers[orders.customer[i]!],
    day - FEB_1_2015,
    orders.valueMicros[i]! / 1e6,
  ]);
  return { rows, counts };
}

const EXPECTED = [
  ['a', 0, 1.5],
  ['b', 1, 2],
  ['a', 2, 3],
];

it.each([
  ['CSV', 'who,day,sum\na,2015-02-01,1.50\nb,2015-02-02,2\na,2015-02-03,3\n'],
  ['semicolons', 'sum;day;who\n1.5;01.02.2015;a\r\n2;02.02.2015;b\r\n3;03.02.2015 10:30;a'],
  ['quotes', 'who,day,sum\n"a","20150201","1.5"\nb,20150202,2\na,20150203,3\n'],
  [
    'NDJSON',
    '{"who":"a","day":"2015-02-01T10:00:00Z","sum":1.5}\n{"who":"b","day":"2015-02-02","sum":"2"}\n{"who":"a","day":"2015-02-03","sum":3}\n',
  ],
  ['gzip', gzipSync('who,day,sum\na,2015-02-01,1.50\nb,2015-02-02,2\na,2015-02-03,3\n')],
])('reads %s', async (_, content) => {
  expect((await read(content)).rows).toEqual(EXPECTED);
});

it('reads Parquet', async () => {
  const file = join(dir, 'orders.parquet');
  await duck.run(
    `COPY (SELECT * FROM (VALUES ('a', DATE '2015-02-01', 1.5), ('b', DATE '2015-02-02', 2), ('a', DATE '2015-02-03', 3)) AS t(who, day, sum)) TO '${file}' (FORMAT PARQUET)`,
  );
  const { orders } = await readOrders({ ...DEFAULTS, ...NAMED, file }, duck);
  expect([...orders.day]).toEqual([FEB_1_2015, FEB_1_2015 + 1, FEB_1_2015 + 2]);
  expect([...orders.valueMicros]).toEqual([1.5e6, 2e6, 3e6]);
});

it.each([
  ['white space', ' 1 a 20150201  2   1.50\r\n 1 b 20150202 1 2\r\n 1 a 20150203 1 3\r\n', {}],
  ['commas', '1,a,20150201,2,1.5\n1,b,20150202,1,2\n1,a,20150203,1,3', {}],
  ['tabs', '1\ta\t20150201\t2\t1.5\n1\tb\t20150202\t1\t2\n1\ta\t20150203\t1\t3\n', {}],
])('reads %s without a header', async (_, content, more) => {
  expect((await read(content, { ...NUMBERED, ...more })).rows).toEqual(EXPECTED);
});

it('reads white space with a header', async () => {
  const content = 'who   day sum\na 2015-02-01 1.5\nb 2015-02-02 2\n\na 2015-02-03 3\n';
  expect((await read(content, { delimiter: 'whitespace' })).rows).toEqual(EXPECTED);
});

it('reads a date as it is told, in the zone it is told', async () => {
  const american = 'who,day,sum\na,2/1/2015,1\n';
  expect((await read(american, { dateFormat: 'M/d/yyyy' })).rows).toEqual([['a', 0, 1]]);
  const late = 'who,day,sum\na,2015-01-31T23:00:00Z,1\n';
  expect((await read(late, { timeZone: 'Europe/Berlin' })).rows).toEqual([['a', 0, 1]]);
});

it('reads an amount as it is told', async () => {
  const content = 'sum;day;who\n1,50;2015-02-01;a\n2;2015-02-02;b\n3,0;2015-02-03;a\n';
  expect((await read(content, { decimal: ',' })).rows).toEqual(EXPECTED);
  await expect(read(content)).rejects.toThrow(
    'orders.csv:2: column sum: expected an amount like 12.50 (or say --decimal ,), got "1,50"',
  );
  await expect(read('sum;day;who\n1.50;2015-02-01;a\n', { decimal: ',' })).rejects.toThrow(
    'expected an amount like 12,50 (or say --decimal .), got "1.50"',
  );
});

it('counts orders of nobody and refunds, and leaves both out', async () => {
  const { rows, counts } = await read(
    'who,day,sum\na,2015-02-01,0\n,2015-02-01,5\na,2015-02-02,-3\n',
  );
  expect(rows).toEqual([['a', 0, 0]]);
  expect(counts).toEqual({ rows: 3, withoutCustomer: 1, refunds: 1 });
});

it.each([
  ['who,day,sum\na,2015-02-01,1\na,1/2/2015,1\n', 'orders.csv:3: column day: expected a date'],
  ['who,day,sum\na,2015-02-31,1\n', 'got "2015-02-31"'],
  ['who,day,sum\na,2015-02-01,1e3\n', 'column sum: expected an amount like 12.50, got "1e3"'],
  ['who,day,sum\na,2015-02-01\n', 'orders.csv:2: 2 fields where the header has 3'],
  ['who,day\na,2015-02-01\n', 'no column "sum"; the file has who, day. Name its columns, or say'],
  ['', 'the file is empty'],
])('says what is wrong with %j', async (content, problem) => {
  await expect(read(content)).rejects.toThrow(problem);
});

it('says what is wrong with a file without a header', async () => {
  await expect(read('1 a 20150201\n', NUMBERED)).rejects.toThrow(
    'orders.csv:1: 3 fields where column 5 is asked for',
  );
  await expect(read('1 a\n', { ...NUMBERED, value: 'sum' })).rejects.toThrow(
    'without a header columns are numbers from 1, got "sum"',
  );
});

it.each([
  ['with white space in a cell', 'who day item sum\na 2015-02-01 Tea 3 500\n', {}],
  ['that is cut off', '1 a 20150201 2 1.5\n1 a 20150202 2\n', NUMBERED],
  ['that is longer than the first', '1 a 20150201 2 1.5\n1 a 20150202 2 1 5\n', NUMBERED],
])('does not guess at a row %s', async (_, content, more) => {
  await expect(read(content, { ...more, delimiter: 'whitespace' })).rejects.toThrow(
    /orders.csv:[23]: \d fields where the first line has \d/,
  );
});

it('does not take two customers for one by bytes that are lost', async () => {
  const lost = Buffer.concat([Buffer.from('1,a'), Buffer.of(0xff), Buffer.from(',20150201,2,1\n')]);
  const valid = Buffer.from('1,é,20150201,2,1\n'.repeat(3));
  await expect(read(Buffer.concat([valid, lost]), NUMBERED)).rejects.toThrow(
    'orders.csv:4: bytes that are not UTF-8',
  );
});

it('names five bad rows, and says how many there are', async () => {
  const bad = `who,day,sum\n${'a,never,1\n'.repeat(9)}`;
  await expect(read(bad)).rejects.toThrow(/:6: .*\nand 9 such rows in all$/);
});
