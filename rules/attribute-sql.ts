/** Conditions on attributes in SQL: whose rows in a table of attributes meet them. */
import { type AttributeTest, anniversaryRanges, type DayTest } from './attribute.ts';
import { SQL_OPERATORS } from './comparison.ts';
import type { AsOf } from './customer.ts';
import { quoted } from './sql-text.ts';

/** A table of attributes: the column that says whose they are, and what it is compared with outside. */
interface AttributeTable {
  readonly table: string;
  readonly owner: string;
  readonly of: string;
}

export const CUSTOMER_ATTRIBUTES: AttributeTable = {
  table: 'customer_attributes',
  owner: 'person',
  of: 'c.person',
};

/** A test on one attribute. */
export function attributeSql(
  { name, test }: { readonly name: string; readonly test: AttributeTest },
  attributes: AttributeTable,
  asOf: AsOf,
): string {
  const { table, owner, of } = attributes;
  const owners = (condition: string) =>
    `SELECT a.${owner} FROM ${table} a WHERE a.name = ${quoted(name)} AND ${condition}`;
  switch (test.kind) {
    case 'missing': {
      const some = owners(
        '(a.text IS NOT NULL OR a.number_micros IS NOT NULL OR a.day IS NOT NULL)',
      );
      return `(${of} ${test.missing ? 'NOT IN' : 'IN'} (${some}))`;
    }
    case 'number':
      return `(${of} IN (${owners(`a.number_micros ${SQL_OPERATORS[test.op]} ${test.valueMicros}`)}))`;
    case 'text':
      return textSql(test, attributes, owners);
    default:
      return `(${of} IN (${owners(dayCondition(test, asOf.day))}))`;
  }
}

function textSql(
  test: AttributeTest & { kind: 'text' },
  { owner, of }: AttributeTable,
  owners: (condition: string) => string,
): string {
  const texts = [...new Set(test.texts)];
  const holders = owners(`a.text IN (${texts.map(quoted).join(', ')})`);
  switch (test.quantifier) {
    case 'any_of':
      return `(${of} IN (${holders}))`;
    case 'all_of': {
      const all = `GROUP BY a.${owner} HAVING COUNT(DISTINCT a.text) = ${texts.length}`;
      return `(${of} IN (${holders} ${all}))`;
    }
    case 'none_of':
      return `(${of} IN (${owners('a.text IS NOT NULL')}) AND ${of} NOT IN (${holders}))`;
  }
}

function dayCondition(test: DayTest, today: number): string {
  switch (test.kind) {
    case 'date':
      return `a.day ${SQL_OPERATORS[test.op]} ${test.day}`;
    case 'days_until':
      return `a.day >= ${today} AND a.day - ${today} ${SQL_OPERATORS[test.op]} ${test.days}`;
    case 'days_since':
      return `a.day <= ${today} AND ${today} - a.day ${SQL_OPERATORS[test.op]} ${test.days}`;
    case 'anniversary': {
      const ranges = anniversaryRanges(today, test.withinDays);
      const within = ranges.map(({ first, last }) => `a.day BETWEEN ${first} AND ${last}`);
      return `(${within.join(' OR ')})`;
    }
  }
}
