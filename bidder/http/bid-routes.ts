import type { Route } from '../../platform/http/http-port.ts';
import type { BidHandler } from '../bid-handler.ts';

/** Larger requests are answered 413: the largest of the public corpus has 9 KB. */
const BID_BODY_BYTES_MAX = 262_144;

/**
 * `POST /bid/:exchange`: 200 with bids, 204 without (200 with a reason where the exchange wants one), 400
 * for what is not in its format, 413 and 415 for packed bodies that are not read, 404 for an unknown
 * exchange.
 */
export function createBidRoutes(bidder: BidHandler): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/bid/:exchange',
      bodyBytesMax: BID_BODY_BYTES_MAX,
      handler: (request, reply) => bidder.handle(request, reply),
    },
  ];
}
