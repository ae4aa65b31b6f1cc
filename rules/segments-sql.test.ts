import { expect, it } from 'vitest';
import { NAME_PATTERN } from '../proto/ids.ts';
import { builtConditions, builtOrdinals } from './built-conditions.ts';
import type { Rule } from './rule.ts';
import { ruleSql, segmentColumn } from './rule-sql.ts';
import { compareWith, plainSegment } from './segment.contract.ts';
import { segmentsSql } from './segments-sql.ts';

const at = { file: 'segments/x.yaml', line: 1, column: 1 };
const AS_OF = { day: 20_779, shopCycleHalfDays: 60 };
const IDENTIFIER_MAX = 63;

const longest = 'x'.repeat(63);

it('names each segment’s column within what PostgreSQL keeps of an identifier', () => {
  const names = ['a', 'x'.repeat(55), 'x'.repeat(56), longest, `${longest}a`, `${longest}b`];
  for (const name of names) expect(name).toMatch(NAME_PATTERN);
  const columns = names.map((name) => segmentColumn(name).slice(1, -1));
  for (const column of columns) expect(column.length).toBeLessThanOrEqual(IDENTIFIER_MAX);
  expect(new Set(columns.map((column) => column.slice(0, IDENTIFIER_MAX))).size).toBe(names.length);
  expect(columns[0]).toBe('segment a');
  expect(columns[1]).toBe(`segment ${'x'.repeat(55)}`);
  // The same on every machine: another process may have made the table.
  expect(columns[4]).toMatch(/^segment x{38}~[0-9a-f]{16}$/);
});

it('reads a segment from the column that it was put into', () => {
  const refersTo = (segment: string): Rule => ({ kind: 'segment', segment, at });
  const both: Rule = { kind: 'all', of: [refersTo(`${longest}a`), refersTo(`${longest}b`)], at };
  const sql = segmentsSql(
    [
      plainSegment(`${longest}a`, compareWith('orders.count', 'gte', 1)),
      plainSegment(`${longest}b`, compareWith('orders.count', 'gte', 2)),
      plainSegment('both', both),
      plainSegment('more', refersTo('both')),
    ],
    AS_OF,
  );
  const made = [...sql.matchAll(/ AS ("segment [^"]+")/g)].map(([, column]) => column);
  const read = [...sql.matchAll(/c\.("segment [^"]+")/g)].map(([, column]) => column);
  expect(made).toHaveLength(3);
  expect(new Set(made).size).toBe(3);
  for (const column of read) expect(made).toContain(column);
});

it('reads conditions that are answered already, however deep they lie', () => {
  const bought = (value: number): Rule => ({
    ...{ kind: 'aggregate', rows: 'events', where: [], measure: 'count', window: null, at },
    ...{ op: 'gte', value },
  });
  const none: Rule = { kind: 'none', of: [bought(1), bought(2)], at };
  const rule: Rule = { kind: 'all', of: [bought(1), none], at };
  const answered = new Map(Array.from(builtOrdinals([{ rule }]), ([key, i]) => [key, `c.b${i}`]));
  expect(ruleSql(rule, AS_OF, answered)).toBe('(c.b0 AND (NOT (c.b0 OR c.b1)))');
  expect(builtConditions([{ rule }])).toHaveLength(2);
  const [first] = answered.keys();
  const other = ruleSql(bought(2), AS_OF);
  expect(ruleSql(none, AS_OF, new Map([[first!, 'c.b0']]))).toBe(`(NOT (c.b0 OR ${other}))`);
});
