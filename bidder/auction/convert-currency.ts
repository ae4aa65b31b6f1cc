import type { Currency, RateTable } from '../../settings/workspace.ts';

/** Units of `to` per unit of `from`; NaN when the table has no such rate or is too old. */
export function currencyRate(
  rates: RateTable,
  from: Currency,
  to: Currency,
  nowMs: number,
): number {
  if (from === to) return 1;
  if (nowMs - rates.asOfMs > rates.maxAgeMs) return Number.NaN;
  const have = own(rates.perReference, from);
  const want = own(rates.perReference, to);
  return have > 0 && want > 0 ? want / have : Number.NaN;
}

function own(table: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(table, name) ? table[name]! : Number.NaN;
}
