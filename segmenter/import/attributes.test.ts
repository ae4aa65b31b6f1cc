import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { problemsOf, SHOP, workspace } from '../../settings/workspace.contract.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-attributes-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ATTRIBUTES = {
  city: { column: 'city', type: 'text' },
  shoe_size: { column: 'size', type: 'number', decimal: ',' },
  birthday: { column: 'born', type: 'date', format: 'dd.MM.yyyy' },
  tags: { column: 'tags', type: 'list', separator: '|' },
};
const MAPPING = importMappingSchema.parse({
  customers: { columns: { customer: 'id' }, attributes: ATTRIBUTES },
  orders: {
    columns: {
      order: 'order',
      customer: 'id',
      time: 'at',
      line_total: 'sum',
      status_time: 'since',
    },
    status: { constant: 'paid' },
    attributes: { channel: ATTRIBUTES.city, next_trip: { column: 'trip', type: 'date' } },
  },
});

function imports(kind: 'customers' | 'orders', text: string): Promise<ImportReport> {
  const file = join(dir, `${kind}.csv`);
  writeFileSync(file, text);
  const request = {
    ...{ dir, shop: 'test', timeZone: 'Europe/Sofia', statuses: {}, memoryMb: 256, threads: 1 },
    ...{ mapping: MAPPING, [kind]: file, nowMs: Date.UTC(2026, 5, 1), force: true },
  };
  return importFiles(request, key, () => {});
}

const people = (rows: string) => imports('customers', `id,city,size,born,tags\n${rows}`);
const orders = (rows: string) => imports('orders', `order,id,at,sum,since,city,trip\n${rows}`);

/** Rows of an attributes file: whose, name, and the one value. */
async function held(kind: 'customers' | 'orders'): Promise<unknown[][]> {
  const files = shopFiles(dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const columns = 'name, text, CAST(number_micros AS DOUBLE), day';
  const rows = await duck.rows(
    kind === 'customers'
      ? `SELECT customer_id, ${columns} FROM read_parquet(${sqlText(files.customerAttributes)})`
      : `SELECT o.order_id, ${columns} FROM read_parquet(${sqlText(files.orderAttributes)}) a
         JOIN read_parquet(${sqlText(files.orders)}) o ON o.order_no = a.order_no
         ORDER BY o.order_id, name`,
  );
  return rows.map((row) => row.filter((value) => value !== null));
}

const day = (text: string) => Date.parse(text) / 86_400_000;

describe('attributes of customers', () => {
  it('are typed; a list has a row a value, and a day may lie before 1970', async () => {
    await people('anna,Varna,"37,5",29.02.1964,vip| summer |vip\nboris,,,,\n');
    expect(await held('customers')).toEqual([
      ['anna', 'birthday', day('1964-02-29')],
      ['anna', 'city', 'Varna'],
      ['anna', 'shoe_size', 37_500_000],
      ['anna', 'tags', 'summer'],
      ['anna', 'tags', 'vip'],
    ]);
  });

  it('of a later import win name by name, and an empty cell says nothing', async () => {
    await people('anna,Varna,37,01.02.1980,vip|summer\nboris,Sofia,,,\n');
    await people('anna,Ruse,,,winter\n');
    expect(await held('customers')).toEqual([
      ['anna', 'birthday', day('1980-02-01')],
      ['anna', 'city', 'Ruse'],
      ['anna', 'shoe_size', 37_000_000],
      ['anna', 'tags', 'winter'],
      ['boris', 'city', 'Sofia'],
    ]);
  });

  it('in several rows of a file are those of the last that says something', async () => {
    await people('anna,Varna,,,\nanna,Ruse,41,,\nanna,,,,\n');
    expect(await held('customers')).toEqual([
      ['anna', 'city', 'Ruse'],
      ['anna', 'shoe_size', 41_000_000],
    ]);
  });

  it('stay when orders alone are imported', async () => {
    await people('anna,Varna,,,\n');
    await orders('1,anna,2026-05-01,1,,,\n');
    expect(await held('customers')).toEqual([['anna', 'city', 'Varna']]);
  });

  it.each([
    ['anna,Varna,large,,', 'size', 'expected a number', 'large'],
    ['anna,Varna,37.5,,', 'size', 'expected a number', '37.5'],
    ['anna,Varna,,31.02.1980,', 'born', 'expected a date (dd.MM.yyyy)', '31.02.1980'],
    [`anna,${'x'.repeat(256)},,,`, 'city', 'expected at most 255 characters', 'x'.repeat(256)],
    [`anna,,,,${'a|'.repeat(101)}`, 'tags', 'expected at most 100 values of 255 characters', 'a|'],
  ])('reject a row they cannot be read from: %s', async (row, column, reason, value) => {
    const { customers } = await people(`boris,Sofia,,,\n${row}\n`);
    const [problem, ...others] = customers!.rejected.first;
    expect(problem).toMatchObject({ line: 3, column, reason });
    expect(problem!.value.startsWith(value.slice(0, 60))).toBe(true);
    expect(others).toEqual([]);
    expect(await held('customers')).toEqual([['boris', 'city', 'Sofia']]);
  });

  it('are no SQL and no separator of ours', async () => {
    await people(`anna,"'); DROP TABLE stage; --",,,a\u001eb|c''d\n`);
    expect(await held('customers')).toEqual([
      ['anna', 'city', "'); DROP TABLE stage; --"],
      ['anna', 'tags', 'a b'],
      ['anna', 'tags', "c''d"],
    ]);
  });
});

describe('attributes of orders', () => {
  it('follow their order when its number changes, and win name by name', async () => {
    await orders('2,anna,2026-05-02,1,,shop,2026-08-01\n1,anna,2026-05-01,1,,web,\n');
    await orders(
      '3,anna,2026-05-09,1,,phone,\n0,boris,2026-05-01,1,,,\n1,anna,2026-05-01,1,,app,\n',
    );
    expect(await held('orders')).toEqual([
      ['1', 'channel', 'app'],
      ['2', 'channel', 'shop'],
      ['2', 'next_trip', day('2026-08-01')],
      ['3', 'channel', 'phone'],
    ]);
  });

  it('of an order with an older status are left as they were', async () => {
    await orders('1,anna,2026-05-01,1,2026-05-09,web,\n');
    await orders('1,anna,2026-05-01,1,2026-05-03,shop,2026-08-01\n');
    expect(await held('orders')).toEqual([['1', 'channel', 'web']]);
  });

  it('change what the data is', async () => {
    const hash = () => readFileSync(shopFiles(dir, 'test').state, 'utf8');
    await orders('1,anna,2026-05-01,1,,web,\n');
    const before = hash();
    await orders('1,anna,2026-05-01,1,,web,\n');
    expect(hash()).toBe(before);
    await orders('1,anna,2026-05-01,1,,app,\n');
    expect(hash()).not.toBe(before);
  });
});

it.each([
  ['Shoe: { column: size, type: number }', 'attributes.Shoe expected a name of a-z'],
  [
    'shoe: { column: size, type: money }',
    'attributes.shoe.type expected type: text, number, date or list',
  ],
  ['shoe: { column: size, type: date, format: DD }', 'attributes.shoe.format expected iso, unix_s'],
  ['shoe: { type: text }', 'attributes.shoe.column is missing'],
])('refuses the attribute %s', (attribute, problem) => {
  const text = `${SHOP}import:\n  customers:\n    columns: { customer: id }\n    attributes: { ${attribute} }\n`;
  const [found, ...others] = problemsOf(workspace({ 'shops/tea/shop.yaml': text }));
  expect(found).toContain(`import.customers.${problem}`);
  expect(found).toMatch(/^shops\/tea\/shop.yaml:12:/);
  expect(others).toEqual([]);
});
