import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Duck, sqlText } from '../duck.ts';
import { MergedShop } from './merged-shop.contract.ts';
import { previewFiles } from './preview-files.ts';

/** A Parquet file of a select. */
async function parquet(shop: MergedShop, select: string): Promise<Uint8Array> {
  const file = join(shop.dir, 'in.parquet');
  const options = { memoryMb: 256, threads: 1, tempDir: shop.files.temp, folders: [shop.dir] };
  await using duck = await Duck.open(options);
  await duck.run(`COPY (${select}) TO ${sqlText(file)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`);
  return readFileSync(file);
}

it('takes a list of a Parquet column as several values, and reads past lists of anything else', async () => {
  using shop = new MergedShop();
  const orders = await parquet(
    shop,
    `SELECT '7' AS id, '2026-07-05' AS create_date_time, 'u1' AS client_uniq_id,
      10 AS revenue, ['a@x.ru', 'b@x.ru'] AS emails, [21, 22] AS client_ids, [{'a': 1}] AS other`,
  );
  await shop.imports({ orders }, { mapping: {} });
  const hash = createHash('sha256').update('b@x.ru').digest('hex');
  expect(await shop.held(['customers', 'customer_id, email'], ['devices', 'value'])).toEqual([
    ['u1', 'a@x.ru'],
    ...[['21'], ['22'], [hash]],
  ]);
});

it('refuses a row with a comma in a value of a list, as JSON’s are', async () => {
  using shop = new MergedShop();
  const customers = await parquet(
    shop,
    `SELECT * FROM (VALUES ('u1', ['a@x.ru'], ['7,8', '9']), ('u2', [], NULL),
      ('u3', ['c@x.ru', NULL], ['7', '8'])) AS t(uniq_id, emails, client_ids)`,
  );
  const { customers: report } = await shop.imports({ customers }, { mapping: {} });
  expect(report).toMatchObject({
    ...{ linesRead: 3, linesLoaded: 2 },
    rejected: {
      first: [{ line: 1, reason: 'client_ids: expected a text or an exact number' }],
    },
  });
  expect(await shop.held(['customers', 'customer_id, email'])).toEqual([
    ['u2', ''],
    ['u3', 'c@x.ru'],
  ]);
});

it('reads retailCRM’s items of a Parquet file as it does those of JSON', async () => {
  using shop = new MergedShop();
  const orders = await parquet(
    shop,
    `SELECT 5 AS id, '2026-07-05' AS createdAt, 'complete' AS status, 9 AS totalSumm, 'a@x.ru' AS email,
      [{'offer': {'externalId': NULL, 'id': 7}, 'quantity': 2.0}] AS items
      UNION ALL SELECT 6, '2026-07-06', 'complete', 9, 'a@x.ru', []`,
  );
  await shop.imports({ orders }, { mapping: {} });
  expect(await shop.lines()).toEqual([['5', '7']]);
});

it('reads what retailCRM’s objects hold as it does in JSON', async () => {
  using shop = new MergedShop();
  const orders = await parquet(
    shop,
    `SELECT 5 AS id, '2026-07-05' AS createdAt, 'complete' AS status, 9 AS totalSumm, 'a@x.ru' AS email,
      {'id': 77, 'type': 'customer'} AS customer
      UNION ALL SELECT 6, '2026-07-06', 'complete', 9, 'a@x.ru', NULL`,
  );
  const customers = await parquet(
    shop,
    `SELECT 77 AS id, '2026-07-05' AS createdAt, 1 AS ordersCount, 'a@x.ru' AS email,
      [{'number': '+79995551111', 'it''s': 1}, {'number': '+79995552222', 'it''s': 2}] AS phones`,
  );
  writeFileSync(join(shop.dir, 'shown'), orders);
  const [shown] = await previewFiles({
    ...{ timeZone: 'UTC', mapping: {}, statuses: {}, money: { currency: 'RUB', rates: {} } },
    ...{ files: { orders: join(shop.dir, 'shown') }, nowMs: 0 },
  });
  expect(shown!.columns.map(({ column, as }) => [column, as]).slice(-3)).toEqual([
    ['email', ['customer', 'email']],
    ['customer.id', ['customer']],
    ['customer.type', []],
  ]);
  await shop.imports({ orders, customers }, { mapping: {} });
  expect(await shop.held(['orders', 'order_id, customer_id'])).toEqual([
    ['5', '77'],
    ['6', 'a@x.ru'],
  ]);
  expect(await shop.held(['customers', 'customer_id, phone'])).toContainEqual([
    '77',
    '+79995551111',
  ]);
});

it('reads a column of the very name that a part of an object would have, as it does in JSON', async () => {
  using shop = new MergedShop();
  const orders = await parquet(
    shop,
    `SELECT {'id': 77} AS customer, 5 AS id, '2026-07-05' AS createdAt, 'complete' AS status, 9 AS totalSumm,
      78 AS "customer.id"`,
  );
  await shop.imports({ orders }, { mapping: {} });
  expect(await shop.held(['orders', 'order_id, customer_id'])).toEqual([['5', '78']]);
});

it.each([
  ['begins', 0.001],
  ['ends', 0.9],
])('refuses a file that is damaged where it %s, and imports none of it', async (_, place) => {
  using shop = new MergedShop();
  const customers = await parquet(
    shop,
    'SELECT sha256(CAST(i AS VARCHAR)) AS uniq_id FROM range(60000) t(i)',
  );
  const at = Math.floor(customers.length * place);
  customers.fill(0xff, at, at + 1000);
  await expect(shop.imports({ customers }, { mapping: {} })).rejects.toMatchObject({
    name: 'ImportError',
    message: expect.stringContaining('customers: not a whole Parquet file (Invalid'),
    withoutCells: 'customers: not a whole Parquet file',
  });
});
