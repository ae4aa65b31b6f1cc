/** What the CRM says of customers beside orders, as rules/rule-sql.ts reads it. */
import { existsSync } from 'node:fs';
import { builtConditions } from '../../rules/built-conditions.ts';
import type { Segment } from '../../rules/rule.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

/**
 * Makes the table `customer_attributes`, with the attributes that rules ask about alone; empty when
 * no import brought any.
 */
export async function createAttributes(
  duck: Duck,
  files: ShopFiles,
  segments: readonly Segment[],
): Promise<void> {
  await duck.run(`CREATE TABLE customer_attributes
    (person VARCHAR, name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER)`);
  const names = [...new Set(builtConditions(segments).map(({ name }) => name))];
  if (names.length === 0 || !existsSync(files.customerAttributes)) return;
  await duck.run(`INSERT INTO customer_attributes
    SELECT c.person, a.name, a.text, a.number_micros, a.day
    FROM read_parquet(${sqlText(files.customerAttributes)}) a
      JOIN read_parquet(${sqlText(files.customers)}) c ON c.customer_id = a.customer_id
    WHERE a.name IN (${names.map(sqlText).join(', ')})`);
}
