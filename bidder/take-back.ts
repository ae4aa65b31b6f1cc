import { bidKeyOf } from '../proto/token.ts';
import type { BidJob } from './bid-job.ts';
import type { BidderDeps } from './bidder-deps.ts';

/** Returns what bids that do not leave had been promised: money to the lease, the impression to the cap. */
export function takeBackUngranted(deps: BidderDeps, job: BidJob): void {
  for (let i = 0; i < job.promised; i++) {
    const placed = job.placed[i]!;
    if (placed.granted) continue;
    if (placed.leaseId !== '') deps.leases.unpromise(job.book, job.decision.bids[i]!, placed);
    placed.leaseId = '';
    if (placed.capped) releaseCap(deps, job, i);
    placed.capped = false;
  }
}

function releaseCap(deps: BidderDeps, job: BidJob, i: number): void {
  const bid = job.decision.bids[i]!;
  const shop = job.snapshot.shops[bid.shop]!;
  const subject = {
    shop: shop.settings.shop,
    person: job.views[bid.shop]!.person,
    campaignKey: shop.campaigns[bid.campaign]!.key,
    bidKey: bidKeyOf(job.placed[i]!.bidId),
    nowMs: job.nowMs,
  };
  // Not released now, it lapses by itself with the bid.
  deps.store.caps.release(subject).catch(() => undefined);
}
