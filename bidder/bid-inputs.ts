/** What the encoder of a bid is given, of the job that has decided it. */
import { expS } from './bid-expiry.ts';
import type { BidJob } from './bid-job.ts';
import type { BidderDeps } from './bidder-deps.ts';
import type { EncodedBidInput, EncodingContext } from './openrtb/bid-fields.ts';

export function encodingContext(
  { publicUrl, tokenKey }: Pick<BidderDeps, 'publicUrl' | 'tokenKey'>,
  job: BidJob,
): EncodingContext {
  return {
    exchange: job.dialect.exchange,
    request: job.request,
    publicUrl,
    tokenKey,
    currency: job.decision.currency,
    nowMs: job.nowMs,
  };
}

/** Of the job's i-th bid. */
export function bidInput(job: BidJob, i: number): EncodedBidInput {
  const bid = job.decision.bids[i]!;
  const { bidId, leaseId, period } = job.placed[i]!;
  return {
    bid,
    shop: job.snapshot.shops[bid.shop]!,
    view: job.views[bid.shop]!,
    bidId,
    leaseId,
    period,
    expS: expS(job.request.imps[bid.imp]!),
  };
}
