/** What the CRM says of customers beside orders, as rules/rule-sql.ts reads it. */
import { existsSync } from 'node:fs';
import { builtConditions } from '../../rules/built-conditions.ts';
import type { Segment } from '../../rules/rule.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';

/**
 * Makes the table `attributes_of_all`, with the attributes that rules ask about alone; empty when no import
 * brought any. The file lies in the order of the CRM's ids; here they lie by person.
 */
export async function readAttributes(
  duck: Duck,
  files: ShopFiles,
  segments: readonly Segment[],
): Promise<void> {
  await duck.run(`CREATE TABLE attributes_of_all
    (person VARCHAR, name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER)`);
  const attributes = attributesSql(files, segments);
  if (attributes === null) return;
  await duck.run(`INSERT INTO attributes_of_all FROM ${attributes} ORDER BY person`);
}

/** SQL for person, name, text, number_micros and day of the attributes that rules ask about; null without any. */
export function attributesSql(
  { customerAttributes, customers }: ShopFiles,
  segments: readonly Segment[],
): string | null {
  const names = [
    ...new Set(
      builtConditions(segments).flatMap((rule) => (rule.kind === 'attribute' ? [rule.name] : [])),
    ),
  ];
  if (names.length === 0 || !existsSync(customerAttributes)) return null;
  return `(SELECT c.person, a.name, a.text, a.number_micros, a.day
    FROM read_parquet(${sqlText(customerAttributes)}) a
      JOIN read_parquet(${sqlText(customers)}) c ON c.customer_id = a.customer_id
    WHERE a.name IN (${names.map(sqlText).join(', ')}))`;
}

/** Makes the table `customer_attributes` as rules/rule-sql.ts reads it. */
export async function createAttributes(duck: Duck, bucket: Bucket): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE customer_attributes AS
    SELECT * FROM attributes_of_all WHERE ${inBucket('person', bucket)}`);
}
