/** Who must not be recognised: customers without consent to personal advertising. */
import { existsSync } from 'node:fs';
import { ADS } from '../../settings/consent-mapping.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

/** SQL for a row whose `column` is a person who may be recognised. Needs createOptedOut(). */
export function mayBeKnown(column: string): string {
  return `${column} NOT IN (SELECT person FROM opted_out)`;
}

/** Makes the table opted_out; returns how many people it has. */
export async function createOptedOut(duck: Duck, files: ShopFiles): Promise<number> {
  await duck.run('CREATE TABLE opted_out (person VARCHAR)');
  // What an earlier version imported has no such file: nobody was asked.
  if (existsSync(files.consent)) {
    await duck.run(`INSERT INTO opted_out SELECT DISTINCT person
      FROM read_parquet(${sqlText(files.consent)})
      WHERE purpose = ${sqlText(ADS)} AND allowed = 0`);
  }
  const [count] = await duck.numbers('SELECT count(*) FROM opted_out');
  return count!;
}
