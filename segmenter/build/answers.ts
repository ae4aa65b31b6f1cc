/**
 * What is asked of everybody in a bucket, some of it at a time: a subquery takes DuckDB four to eight megabytes
 * while its query runs, however small the base, so that one query for a hundred rules needs the better part of a
 * gigabyte.
 */
import type { Duck } from '../duck.ts';

/** Something that holds for a customer `c`, or not. */
export interface Question {
  /** An SQL identifier that no column of `customers` has. */
  readonly column: string;
  /** Over the tables of rules/rule-sql.ts; of `c` also the columns of questions of earlier rounds. */
  readonly sql: string;
}

/** Bits of one INTEGER column, sign left alone. */
export const MASK_BITS = 30;
const SUBQUERIES_AT_ONCE = 16;

/**
 * Makes the table `answers`: the columns of `customers`, and the answers as masks, because a column takes a
 * quarter of a megabyte. Questions of a round may read the answers to those of the rounds before. Returns SQL for
 * each answer, false where it is not known, by its column.
 */
export async function createAnswers(
  duck: Duck,
  rounds: readonly (readonly Question[])[],
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  await duck.run('CREATE OR REPLACE TABLE answers AS FROM customers');
  for (const [i, some] of rounds.flatMap(inParts).entries()) {
    const read = [...answers].filter(([column]) => some.some(({ sql }) => sql.includes(column)));
    const names = read.map(([column]) => column);
    const mask = maskSql(some.map(({ sql }) => sql));
    await duck.run(`CREATE OR REPLACE TABLE answers AS
      SELECT * ${names.length === 0 ? '' : `EXCLUDE (${names.join(', ')})`}, ${mask} AS a${i}
      FROM (SELECT ${['*', ...read.map(([name, answer]) => `${answer} AS ${name}`)].join(', ')} FROM answers) c`);
    for (const [bit, { column }] of some.entries()) {
      answers.set(column, `(a${i} & ${2 ** bit} <> 0)`);
    }
  }
  return answers;
}

/** SQL for the bits of which of so many expressions are true. */
export function maskSql(expressions: readonly string[]): string {
  const bits = expressions.map((holds, bit) => `CASE WHEN ${holds} THEN ${2 ** bit} ELSE 0 END`);
  return `CAST(${bits.join(' + ')} AS INTEGER)`;
}

/** In their order; a question of more subqueries than that is alone. */
function inParts(questions: readonly Question[]): readonly (readonly Question[])[] {
  const parts: Question[][] = [];
  let subqueries = 0;
  for (const question of questions) {
    const more = question.sql.split('(SELECT ').length - 1;
    const part = parts.at(-1);
    const hasRoom = part !== undefined && part.length < MASK_BITS;
    if (hasRoom && subqueries + more <= SUBQUERIES_AT_ONCE) {
      part.push(question);
      subqueries += more;
    } else {
      parts.push([question]);
      subqueries = more;
    }
  }
  return parts;
}
