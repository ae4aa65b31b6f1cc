/** Amounts of a row in another currency, brought to the shop's by the rate of the order's day. */
import { localDay, type ZoneOffsets } from '../../rules/local-day.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import type { RowMoney } from './order-money.ts';

/** In micros of the shop's currency. */
export interface ShopRowMoney extends Pick<RowMoney, 'quantityMicros' | 'costMicros'> {
  /** Null where the currency had no rate on that day: unknown, not nothing. */
  readonly amountMicros: number | null;
  readonly refundedMicros: number | null;
}

export type Exchange = (
  own: RowMoney,
  currency: string,
  timeMs: number,
) => ShopRowMoney | { readonly reason: string };

/** `currency` in capitals; '' is the shop's own. */
export function exchanger(
  { currency: shopCurrency, rates }: ShopMoney,
  zone: ZoneOffsets,
): Exchange {
  return (own, currency, timeMs) => {
    if (currency === '' || currency === shopCurrency) return own;
    if (!/^[A-Z]{3}$/.test(currency)) return { reason: 'expected a currency code such as USD' };
    const { quantityMicros } = own;
    const nanos = rateNanos(rates, currency, localDay(zone, timeMs));
    if (nanos === null) {
      return { quantityMicros, amountMicros: null, refundedMicros: null, costMicros: null };
    }
    const amountMicros = convertedMicros(own.amountMicros, nanos);
    const refundedMicros = convertedMicros(own.refundedMicros, nanos);
    const costMicros = own.costMicros === null ? null : convertedMicros(own.costMicros, nanos);
    const isExact = [amountMicros, refundedMicros, costMicros ?? 0].every(Number.isSafeInteger);
    if (!isExact) return { reason: 'a currency in which the amount is more than 9.007e9' };
    return { quantityMicros, amountMicros, refundedMicros, costMicros };
  };
}

function rateNanos(rates: ShopMoney['rates'], currency: string, day: number): number | null {
  if (!Object.hasOwn(rates, currency)) return null;
  return rates[currency]!.findLast(({ fromDay }) => fromDay <= day)?.nanos ?? null;
}

const NANOS = 1_000_000_000n;

/** Rounded once, half away from zero: a refund is worth as much as the sale that it undoes. */
export function convertedMicros(micros: number, nanos: number): number {
  const product = BigInt(Math.abs(micros)) * BigInt(nanos);
  const rounded = Number((product + NANOS / 2n) / NANOS);
  return micros < 0 ? -rounded : rounded;
}
