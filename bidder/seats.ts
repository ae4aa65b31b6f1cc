import type { BidRequest } from './auction/bid-request.ts';

/** Seats are named by the exchange; without one there we cannot answer a request that names any. */
export function mayBeSeated(
  seat: string,
  request: Pick<BidRequest, 'allowedSeats' | 'blockedSeats'>,
): boolean {
  if (request.allowedSeats.length > 0 && !request.allowedSeats.includes(seat)) return false;
  return seat === '' || !request.blockedSeats.includes(seat);
}
