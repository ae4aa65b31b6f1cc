/** Windows and cycles in SQL. */
import type { AsOf } from './customer.ts';
import type { Operand } from './rule.ts';
import { fixedBounds, newestDay, type Window } from './window.ts';

export const THOUSANDTHS = 1000;

/**
 * Rows of a table with `person` and `day` in a window; where its bounds are the person's own, beside their
 * customer `k`.
 */
export function windowedRows(
  rows: { readonly table: string; readonly as: string },
  window: Window,
  asOf: AsOf,
): { readonly from: string; readonly where: string } {
  const { as } = rows;
  const from = `${rows.table} ${as}`;
  const ofPeople = `${from} JOIN customers k ON k.person = ${as}.person`;
  switch (window.kind) {
    case 'since_last_order': {
      const last = newestDay(window.today, asOf.day);
      return { from: ofPeople, where: `${as}.day > k.last_day AND ${as}.day <= ${last}` };
    }
    case 'cycles': {
      const bound = cycleBound(window, 'k', asOf);
      const within = window.today === 'included' ? '<' : '<=';
      const age = `(${asOf.day} - ${as}.day) * ${2 * THOUSANDTHS}`;
      const last = newestDay(window.today, asOf.day);
      return { from: ofPeople, where: `${age} ${within} ${bound} AND ${as}.day <= ${last}` };
    }
    default: {
      const { first, last } = fixedBounds(window, asOf.day);
      return { from, where: `${as}.day >= ${first} AND ${as}.day <= ${last}` };
    }
  }
}

/**
 * Times the customer's cycle, but at least min, in thousandths of half days; written without a
 * function that engines name differently.
 */
export function cycleBound(
  {
    timesThousandths,
    minHalfDays,
  }: Pick<Operand & { kind: 'cycle' }, 'timesThousandths' | 'minHalfDays'>,
  customer: string,
  asOf: AsOf,
): string {
  // Long cycles times many thousandths outgrow an INTEGER.
  const cycle = `CAST(COALESCE(${customer}.cycle_half_days, ${asOf.shopCycleHalfDays}) AS BIGINT)`;
  const relative = `${cycle} * ${timesThousandths}`;
  const least = minHalfDays * THOUSANDTHS;
  return `CASE WHEN ${relative} > ${least} THEN ${relative} ELSE ${least} END`;
}
