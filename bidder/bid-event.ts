import { encodeBidRecord } from '../proto/bid-record.ts';
import type { EncodedBidInput, EncodingContext } from './openrtb/bid-fields.ts';

/** The event log's record of a bid that is about to leave; lent until the next one. */
export function bidEvent(context: EncodingContext, input: EncodedBidInput): Uint8Array {
  const { bid, shop } = input;
  const served = shop.campaigns[bid.campaign]!;
  const { request } = context;
  return encodeBidRecord({
    atMs: context.nowMs,
    id: input.bidId,
    exchange: context.exchange.exchange,
    shop: shop.settings.shop,
    campaign: served.campaign.campaign,
    creative: bid.creative,
    person: input.view.person,
    bidCpmMicros: bid.priceCpmMicros,
    currency: context.currency,
    lease: input.leaseId,
    test: request.test,
    impKey: `${request.id} ${request.imps[bid.imp]!.id}`,
  });
}
