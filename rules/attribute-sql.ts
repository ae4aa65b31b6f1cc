/** Conditions on attributes in SQL: who has a row of customer_attributes that meets them. */
import { type AttributeTest, anniversaryRanges, type DayTest } from './attribute.ts';
import { SQL_OPERATORS } from './comparison.ts';
import type { AsOf } from './customer.ts';
import { quoted } from './sql-text.ts';

/** A test on one attribute of customer `c`. */
export function attributeSql(name: string, test: AttributeTest, asOf: AsOf): string {
  const people = (condition: string) =>
    `SELECT a.person FROM customer_attributes a WHERE a.name = ${quoted(name)} AND ${condition}`;
  switch (test.kind) {
    case 'missing': {
      const some = people(
        '(a.text IS NOT NULL OR a.number_micros IS NOT NULL OR a.day IS NOT NULL)',
      );
      return `(c.person ${test.missing ? 'NOT IN' : 'IN'} (${some}))`;
    }
    case 'number':
      return `(c.person IN (${people(`a.number_micros ${SQL_OPERATORS[test.op]} ${test.valueMicros}`)}))`;
    case 'text':
      return textSql(test, people);
    default:
      return `(c.person IN (${people(dayCondition(test, asOf.day))}))`;
  }
}

function textSql(
  test: AttributeTest & { kind: 'text' },
  people: (condition: string) => string,
): string {
  const texts = [...new Set(test.texts)];
  const holders = people(`a.text IN (${texts.map(quoted).join(', ')})`);
  switch (test.quantifier) {
    case 'any_of':
      return `(c.person IN (${holders}))`;
    case 'all_of': {
      const all = `GROUP BY a.person HAVING COUNT(DISTINCT a.text) = ${texts.length}`;
      return `(c.person IN (${holders} ${all}))`;
    }
    case 'none_of':
      return `(c.person IN (${people('a.text IS NOT NULL')}) AND c.person NOT IN (${holders}))`;
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
