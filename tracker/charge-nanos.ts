/** What a notice books: the lesser of reported and bid, in nanos of the shop's currency. */

/**
 * reservedNanos × price ÷ bidCpmMicros, exact, half up; never more than what was reserved. A null
 * price is unknown and books the bid: the exchange will bill something, and not more than that.
 */
export function chargeNanos(
  bid: { readonly bidCpmMicros: number; readonly reservedNanos: number },
  priceCpmMicros: number | null,
): number {
  if (priceCpmMicros === null || priceCpmMicros >= bid.bidCpmMicros) return bid.reservedNanos;
  const bidCpm = BigInt(bid.bidCpmMicros);
  return Number((BigInt(bid.reservedNanos) * BigInt(priceCpmMicros) + bidCpm / 2n) / bidCpm);
}
