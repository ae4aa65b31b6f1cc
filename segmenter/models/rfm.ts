/**
 * RFM: how long ago a customer last bought, how often, and for how much, each as a rank from 1 to 5 with
 * 5 the best. Three ways to find the cuts between the ranks; a customer's ranks follow from the cuts alone,
 * so customers of equal numbers are of equal rank, and it does not matter who else is ranked with them.
 */

/** What stands between five ranks, ascending. Of whole numbers: a value above a cut is beyond it. */
type Cuts = readonly [number, number, number, number];

export interface RfmCuts {
  /** Orders of this many days, today included, are looked at; null is all of them. */
  readonly windowDays: number | null;
  /** Days since the last order: each cut that is passed costs a rank. */
  readonly recencyDays: Cuts;
  /** Orders, and what they were worth together: each cut that is passed is a rank more. */
  readonly orders: Cuts;
  readonly revenueMicros: Cuts;
}

/** Limits as people write them: up to so many days, from so many orders and so much money on. */
export interface RfmLimits {
  /** The longest time since the last order that is still ranked 5, 4, 3 and 2. */
  readonly recencyDays: Cuts;
  /** The least that is ranked 2, 3, 4 and 5. */
  readonly orders: Cuts;
  readonly revenueMicros: Cuts;
}

/** Lowest and highest value that count, of each number. */
type RfmRange = Readonly<Record<'recencyDays' | 'orders' | 'revenueMicros', ValueRange>>;
interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** The same limits for every shop and every day. */
export function fixedCuts({ recencyDays, orders, revenueMicros }: RfmLimits): RfmCuts {
  const below = (limits: Cuts): Cuts => [
    limits[0] - 1,
    limits[1] - 1,
    limits[2] - 1,
    limits[3] - 1,
  ];
  return {
    windowDays: null,
    recencyDays,
    orders: below(orders),
    revenueMicros: below(revenueMicros),
  };
}

/** Five steps of equal width from the lowest value to the highest. */
export function equalWidthCuts(range: RfmRange, windowDays: number): RfmCuts {
  return {
    windowDays,
    recencyDays: steps(range.recencyDays),
    orders: steps(range.orders),
    revenueMicros: steps(range.revenueMicros),
  };
}

/** Rounded down: a whole number is above a cut exactly where it is above the cut rounded down. */
function steps({ low, high }: ValueRange): Cuts {
  const step = (k: number) => low + Math.floor((k * (high - low)) / 5);
  return [step(1), step(2), step(3), step(4)];
}

/** A rank as SQL over columns of whole numbers. */
export function rankSql(column: string, cuts: Cuts, best: 'highest' | 'lowest'): string {
  const passed = best === 'highest' ? '>' : '<=';
  return `(1 + ${cuts.map((cut) => `CASE WHEN ${column} ${passed} ${cut} THEN 1 ELSE 0 END`).join(' + ')})`;
}
