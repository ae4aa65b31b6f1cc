/** Comparisons of whole numbers, for closures and for SQL. */
export type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'ne';

export const COMPARES: Readonly<Record<Comparison, (value: number, expected: number) => boolean>> =
  {
    gt: (value, expected) => value > expected,
    gte: (value, expected) => value >= expected,
    lt: (value, expected) => value < expected,
    lte: (value, expected) => value <= expected,
    eq: (value, expected) => value === expected,
    ne: (value, expected) => value !== expected,
  };

export const SQL_OPERATORS: Readonly<Record<Comparison, string>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  ne: '<>',
};

export const SYMBOLS: Readonly<Record<Comparison, string>> = {
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  eq: '=',
  ne: '≠',
};
