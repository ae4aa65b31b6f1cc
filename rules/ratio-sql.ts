/** Comparisons with a ratio in SQL. */
import type { Comparison } from './comparison.ts';

/**
 * floor(dividend / divisor) compared with a whole number, without dividing: floor(q) > v is
 * q >= v + 1. False when the divisor is 0. DECIMAL, because money times orders outgrows a BIGINT.
 */
export function ratioSql(
  op: Comparison,
  value: number,
  ratio: { readonly dividend: string; readonly divisor: string },
): string {
  const whole = (sql: string) => `CAST(${sql} AS DECIMAL(38, 0))`;
  const atLeast = (bound: number) =>
    `${whole(ratio.dividend)} >= ${whole(ratio.divisor)} * ${bound}`;
  const below = (bound: number) => `${whole(ratio.dividend)} < ${whole(ratio.divisor)} * ${bound}`;
  const comparisons: Readonly<Record<Comparison, string>> = {
    gt: atLeast(value + 1),
    gte: atLeast(value),
    lt: below(value),
    lte: below(value + 1),
    eq: `${atLeast(value)} AND ${below(value + 1)}`,
    ne: `(${below(value)} OR ${atLeast(value + 1)})`,
  };
  return `(${ratio.divisor} > 0 AND ${comparisons[op]})`;
}
