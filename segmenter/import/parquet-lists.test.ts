import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Duck, sqlText } from '../duck.ts';
import { MergedShop } from './merged-shop.contract.ts';

it('takes a list of a Parquet column as several values, and reads past lists of anything else', async () => {
  using shop = new MergedShop();
  const file = join(shop.dir, 'in.parquet');
  {
    const options = { memoryMb: 256, threads: 1, tempDir: shop.files.temp, folders: [shop.dir] };
    await using duck = await Duck.open(options);
    await duck.run(`COPY (SELECT '7' AS id, '2026-07-05' AS create_date_time, 'u1' AS client_uniq_id,
      10 AS revenue, ['a@x.ru', 'b@x.ru'] AS emails, [21, 22] AS client_ids, [{'a': 1}] AS other
      ) TO ${sqlText(file)} (FORMAT parquet)`);
  }
  await shop.imports({ orders: readFileSync(file) }, { mapping: {} });
  const hash = createHash('sha256').update('b@x.ru').digest('hex');
  expect(await shop.held(['customers', 'customer_id, email'], ['devices', 'value'])).toEqual([
    ['u1', 'a@x.ru'],
    ...[['21'], ['22'], [hash]],
  ]);
});
