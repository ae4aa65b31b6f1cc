import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AsOf } from '../rules/customer.ts';
import { compileDue } from '../rules/due.ts';
import { dueSql } from '../rules/due-sql.ts';
import { compileRule } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';
import { ruleSql } from '../rules/rule-sql.ts';
import { TODAY } from './any-parts.contract.ts';
import { anyCustomer, anyRule, anySegments, CUSTOMERS_PER_RUN } from './any-rule.contract.ts';
import { noPostgresReason, PostgresServer } from './postgres-server.contract.ts';
import { CREATE_TABLES, fillTables, matchesOf, membershipsSql } from './rule-base.contract.ts';

const SEED = 20_261_130;
const RULES_PER_RUN = 25;
const RUNS = 30;

describe.skipIf(noPostgresReason !== '')(`rules on PostgreSQL${noPostgresReason}`, () => {
  it('have the same members as on DuckDB and as for one person, from the same text', async () => {
    await using postgres = await PostgresServer.start();
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    for (const statement of CREATE_TABLES) await duck.run(statement);
    postgres.rows(CREATE_TABLES);
    let compared = 0;
    let members = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCustomer, { minLength: CUSTOMERS_PER_RUN, maxLength: CUSTOMERS_PER_RUN }),
        fc.array(anyRule, { minLength: RULES_PER_RUN, maxLength: RULES_PER_RUN }),
        anySegments,
        fc.integer({ min: 0, max: 120 }),
        async (customers, rules, segments, shopCycleHalfDays) => {
          const asOf = { day: TODAY, shopCycleHalfDays };
          const fill = fillTables(customers);
          const expressions = rules.map((rule) => ruleSql(rule, asOf));
          const select = `SELECT ${expressions.join(', ')} FROM customers c ORDER BY c.person`;
          const queries = [select, membershipsSql(segments, asOf)];
          for (const statement of fill) await duck.run(statement);
          const onDuck = [];
          for (const sql of queries) onDuck.push(...(await duck.runAndReadAll(sql)).getRows());
          const due = postgres.rows([...fill, ...queries, dueSelect(rules, asOf)]);
          const onPostgres = due
            .splice(0, due.length - customers.length)
            .map((row) => row.split('|').map((cell) => (cell === '' ? null : cell === 't')));
          const closures = rules.map(compileRule);
          const byClosure = [
            ...customers.map((person) => closures.map((rule) => rule(person, asOf))),
            ...matchesOf(segments, customers, asOf),
          ];
          const days = customers.map(compileDue(rules, asOf));
          expect(due).toEqual(days.map((day) => String(day ?? 'never')));
          expect(onPostgres).toEqual(byClosure);
          expect(onDuck).toEqual(byClosure);
          compared += byClosure.flat().length;
          members += byClosure.flat().filter(Boolean).length;
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
    duck.closeSync();
    process.stdout.write(`on PostgreSQL: seed ${SEED}, ${compared} compared, ${members} members\n`);
    expect(members).toBeGreaterThan(compared / 10);
    expect(members).toBeLessThan((compared * 9) / 10);
  });
});

/** When each customer is due. */
function dueSelect(rules: readonly Rule[], asOf: AsOf): string {
  return `SELECT COALESCE(CAST(d.due_day AS VARCHAR), 'never') FROM customers c
    LEFT JOIN (${dueSql(rules, asOf)}) d ON d.person = c.person ORDER BY c.person`;
}
