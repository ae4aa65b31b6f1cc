/**
 * Attributes of customers and orders: later imports win, name by name; an empty cell says nothing. Where
 * what is unsaid is lost a record has those of its file alone; where lists are added to, they have the values of
 * all imports.
 */
import type { AttributeMapping } from '../../settings/attribute-mapping.ts';
import { type Duck, sqlText } from '../duck.ts';
import { attributeColumns, VALUE_SEPARATOR } from './attribute-cells.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import type { MergeRules } from './merge-mode.ts';

const OF_CUSTOMERS_FILE = 'stage_customers WHERE row_no >= 0';

/** Makes merged_customer_attributes, from stage_customers. */
export async function mergeCustomerAttributes(
  context: ImportContext,
  mapping: AttributeMapping,
): Promise<void> {
  const { duck, merge } = context;
  const old = await loadOld(context, 'customerAttributes');
  const last = `row_no IN (SELECT max(row_no) FROM ${OF_CUSTOMERS_FILE} GROUP BY customer_id)`;
  const rows = merge.unsaid === 'lost' ? last : 'TRUE';
  const staged = { table: 'stage_customers', id: 'customer_id', rows };
  await freshAttributes(duck, 'fresh_customer_attributes', mapping, staged);
  await duck.run(`CREATE TABLE merged_customer_attributes AS
    SELECT customer_id, name, text, number_micros, day FROM fresh_customer_attributes
    ${together(merge)}
    SELECT customer_id, name, text, number_micros, day FROM ${old}
    WHERE ${
      merge.unsaid === 'lost'
        ? `customer_id NOT IN (SELECT customer_id FROM ${OF_CUSTOMERS_FILE})`
        : `(customer_id, name) NOT IN (SELECT customer_id, name FROM fresh_customer_attributes)
           ${orAdded(merge, mapping)}`
    }
    ORDER BY customer_id, name, text`);
}

/** Makes merged_order_attributes, from stage; needs merged_orders and stale_orders. */
export async function mergeOrderAttributes(
  context: ImportContext,
  mapping: AttributeMapping,
): Promise<void> {
  const { duck, merge } = context;
  const old = await loadOld(context, 'orderAttributes');
  const rows = 'order_id NOT IN (SELECT order_id FROM stale_orders)';
  const staged = { table: 'stage', id: 'order_id', rows };
  await freshAttributes(duck, 'fresh_order_attributes', mapping, staged);
  // The numbers of orders are of one import: attributes go to the new one by the order's id.
  await duck.run(`CREATE TABLE merged_order_attributes AS
    SELECT CAST(m.rowid AS INTEGER) AS order_no, a.name, a.text, a.number_micros, a.day
    FROM (
      SELECT order_id, name, text, number_micros, day FROM fresh_order_attributes
      ${together(merge)}
      SELECT o.order_id, a.name, a.text, a.number_micros, a.day
      FROM ${old} a JOIN old_orders o ON o.order_no = a.order_no
      WHERE ${
        merge.unsaid === 'lost'
          ? `o.order_id NOT IN (SELECT order_id FROM fresh_orders WHERE ${rows})`
          : `(o.order_id, a.name) NOT IN (SELECT order_id, name FROM fresh_order_attributes)
             ${orAdded(merge, mapping)}`
      }
    ) a JOIN merged_orders m ON m.order_id = a.order_id
    ORDER BY 1, 2, 3`);
}

/** A value that both name counts once; elsewhere none can stand in both. */
function together({ lists }: MergeRules): string {
  return lists === 'added' ? 'UNION' : 'UNION ALL';
}

/** SQL that keeps the held values of lists that are added to. */
function orAdded({ lists }: MergeRules, mapping: AttributeMapping): string {
  const names = Object.keys(mapping).filter((name) => mapping[name]!.type === 'list');
  if (lists === 'replaced' || names.length === 0) return '';
  return `OR name IN (${names.map(sqlText).join(', ')})`;
}

interface Staged {
  readonly table: string;
  readonly id: string;
  /** SQL for the rows that count. */
  readonly rows: string;
}

/** One row a value; of the rows of one id the last that says something. */
async function freshAttributes(
  duck: Duck,
  name: string,
  mapping: AttributeMapping,
  { table, id, rows }: Staged,
): Promise<void> {
  await duck.run(`CREATE TABLE ${name} (${id} VARCHAR, name VARCHAR, text VARCHAR,
    number_micros BIGINT, day INTEGER)`);
  const columns = attributeColumns(mapping);
  for (const [i, [attribute, { type }]] of Object.entries(mapping).entries()) {
    const column = columns[i]!;
    await duck.run(`INSERT INTO ${name}
      SELECT DISTINCT ${id}, ${sqlText(attribute)}, ${VALUES[type]} FROM (
        SELECT ${id}, arg_max(${column}, row_no) AS said FROM ${table}
        WHERE ${column} <> '' AND ${rows} GROUP BY ${id})`);
  }
}

/** text, number_micros and day of what was said. */
const VALUES: Readonly<Record<AttributeMapping[string]['type'], string>> = {
  text: 'said, NULL, NULL',
  number: 'NULL, CAST(said AS BIGINT), NULL',
  date: 'NULL, NULL, CAST(said AS INTEGER)',
  list: `unnest(string_split(said, ${sqlText(VALUE_SEPARATOR)})), NULL, NULL`,
};
