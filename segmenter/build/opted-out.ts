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
    await duck.run(`INSERT INTO opted_out ${refusedSql(files)}`);
  }
  const [count] = await duck.numbers('SELECT count(*) FROM opted_out');
  return count!;
}

/** Who of them a person or customer is; null when none. Needs no table. */
export async function optedOutPerson(
  duck: Duck,
  files: ShopFiles,
  { person, customer }: { readonly person: string; readonly customer: string },
): Promise<string | null> {
  if (!existsSync(files.consent)) return null;
  const [row] = await duck.rows(`SELECT person FROM (${refusedSql(files)})
    WHERE person = ${sqlText(person)} OR person IN (
      SELECT person FROM read_parquet(${sqlText(files.consent)})
      WHERE customer_id = ${sqlText(customer)})`);
  return row === undefined ? null : String(row[0]);
}

function refusedSql(files: ShopFiles): string {
  return `SELECT DISTINCT person FROM read_parquet(${sqlText(files.consent)})
    WHERE purpose = ${sqlText(ADS)} AND allowed = 0`;
}
