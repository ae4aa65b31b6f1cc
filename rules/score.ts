/**
 * Conditions on what a build computes of a customer among all of the shop: RFM scores and lifetime
 * value (docs/models.md). Null, where there is too little to tell, meets no condition.
 */
import { COMPARES, type Comparison, SQL_OPERATORS } from './comparison.ts';

export const SCORE_FIELDS = [
  'rfm.recency', // 1..5, the best have 5
  'rfm.frequency',
  'rfm.monetary',
  'rfm.score', // the three as the digits of a number, 111..555
  'clv.value', // micros of the shop's currency, over the horizon
  'clv.expected_orders', // millionths of an order, over the horizon
  'clv.p_alive', // parts per million
  'clv.decile', // 1..10, the tenth of the highest value has 10
] as const;
export type ScoreField = (typeof SCORE_FIELDS)[number];

/** A field that is not there is null. */
export type Scores = Readonly<Partial<Record<ScoreField, number | null>>>;

export const NO_SCORES: Scores = {};

/** Values in the field's own unit. */
export type ScoreTest =
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number }
  | {
      readonly kind: 'list';
      readonly quantifier: 'any_of' | 'none_of';
      readonly values: readonly number[];
    };

/** Columns of the table `scores` of rules/rule-sql.ts. */
export const SCORE_COLUMNS: Readonly<Record<ScoreField, string>> = {
  'rfm.recency': 'rfm_recency',
  'rfm.frequency': 'rfm_frequency',
  'rfm.monetary': 'rfm_monetary',
  'rfm.score': 'rfm_score',
  'clv.value': 'clv_value_micros',
  'clv.expected_orders': 'clv_expected_millionths',
  'clv.p_alive': 'clv_p_alive_ppm',
  'clv.decile': 'clv_decile',
};

/** Whether somebody with these scores meets a test on one of them. */
export function scoreHolds(field: ScoreField, test: ScoreTest, scores: Scores): boolean {
  const value = scores[field] ?? null;
  if (value === null) return false;
  if (test.kind === 'compare') return COMPARES[test.op](value, test.value);
  return test.values.includes(value) === (test.quantifier === 'any_of');
}

/** The same of customer `c`. */
export function scoreSql(field: ScoreField, test: ScoreTest): string {
  const column = `s.${SCORE_COLUMNS[field]}`;
  const holders = `SELECT s.person FROM scores s WHERE ${conditionSql(column, test)}`;
  return `(c.person IN (${holders}))`;
}

function conditionSql(column: string, test: ScoreTest): string {
  if (test.kind === 'compare') return `${column} ${SQL_OPERATORS[test.op]} ${test.value}`;
  const word = test.quantifier === 'any_of' ? 'IN' : 'NOT IN';
  return `${column} ${word} (${[...new Set(test.values)].join(', ')})`;
}
