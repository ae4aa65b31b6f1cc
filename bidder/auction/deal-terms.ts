/** Who may bid for a deal, and what is paid (OpenRTB 2.6, 3.2.12). */
import type { Deal } from './bid-request.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Null when our seat may bid for it, or there is no deal. */
export function refusesDeal(deal: Deal | null, seat: string): NoBidReason | null {
  if (deal === null || deal.allowedSeats.length === 0) return null;
  return deal.allowedSeats.includes(seat) ? null : 'deal-seat-not-allowed';
}

/** Whether all of the shop's domains, which a bid names together, lie under a domain the deal admits. */
export function admitsAdvertiser({ allowedDomains }: Deal, { settings }: ShopSnapshot): boolean {
  if (allowedDomains.length === 0) return true;
  return settings.domains.every((own) =>
    allowedDomains.some((name) => own === name || own.endsWith(`.${name}`)),
  );
}

/**
 * What is bid for a deal on an impression of that worth: all in CPM micros of one currency. A fixed
 * price is paid as agreed by whoever it is worth it. Who has guaranteed to buy pays the floor also
 * for less, up to the ceiling that people have set. A price under the floor is no bid.
 */
export function dealPrice(
  deal: Deal,
  worth: number,
  { floor, ceiling }: { readonly floor: number; readonly ceiling: number },
): number {
  if (worth <= 0 || floor <= 0) return worth;
  if (worth >= floor) return deal.fixed ? floor : worth;
  return deal.guaranteed && floor <= ceiling ? floor : worth;
}
