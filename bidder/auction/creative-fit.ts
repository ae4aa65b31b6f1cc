/** Whether a campaign's native ad, video or audio can fill a placement; of banners the size says it all. */
import { mediaMisfit } from '../../creative/media-fit.ts';
import type { MediaPlacement } from '../../creative/media-placement.ts';
import { firstNativeItem } from '../../creative/native.ts';
import type { NativePlacement } from '../../creative/native-placement.ts';
import { isMedia } from './bid-request.ts';
import type { DecidedBid } from './decision.ts';
import { sizeFor } from './imp-rows.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { type Pricing, placementOf } from './pricing.ts';
import { offerText, shownOffer } from './shown-offer.ts';

/** AdCOM pod deduplication: what no two ads of a break may share. */
const BY_ADVERTISER = 1;
const BY_CATEGORY = 2;

/** Null when it can. */
export function unfit(pricing: Pricing, ordinal: number): NoBidReason | null {
  const placement = placementOf(pricing);
  if (placement.kind === 'banner') return null;
  if (placement.kind === 'native') {
    return nativeItem(pricing, placement, ordinal) < 0 ? 'no-creative' : null;
  }
  const { media } = pricing.shopSnapshot.campaigns[ordinal]![placement.kind]!;
  const misfit = mediaMisfit(media, placement);
  if (misfit !== null) return misfit;
  return repeatsInBreak(pricing, placement, ordinal) ? 'repeated-in-break' : null;
}

/** Whether the exchange has refused every creative of the campaign that would fit. */
export function isDisapproved(pricing: Pricing, ordinal: number): boolean {
  const { pausedCreatives: paused } = pricing.input;
  if (paused.size === 0) return false;
  const placement = placementOf(pricing);
  if (placement.kind === 'banner')
    return sizeFor(pricing.shopSnapshot, placement, ordinal, paused) === '';
  return paused.has(pricing.shopSnapshot.campaigns[ordinal]![placement.kind]!.creative);
}

/** Index into the pricing's items of the one that the ad shows; -1 when none fills it. */
export function nativeItem(pricing: Pricing, placement: NativePlacement, ordinal: number): number {
  const { shopSnapshot: shop, input, items } = pricing;
  const served = shop.campaigns[ordinal]!;
  const view = input.persons[pricing.shop]!;
  const text = offerText(shop, shownOffer(served, view));
  return firstNativeItem(served.native!.native, placement, { items: items.items, offerText: text });
}

/** Whether an ad that is bid in the same break is one too many with this. */
function repeatsInBreak(pricing: Pricing, { kind, pod }: MediaPlacement, ordinal: number): boolean {
  if (pod === null || pod.id === '' || pod.dedupe.length === 0) return false;
  const oncePerShop = pod.dedupe.includes(BY_ADVERTISER) || pod.dedupe.includes(BY_CATEGORY);
  const { creative } = pricing.shopSnapshot.campaigns[ordinal]![kind]!;
  const { out } = pricing;
  for (let i = 0; i < out.bidCount; i++) {
    const bid = out.bids[i]!;
    if (bid.shop !== pricing.shop || !isInBreak(bid, pod.id, pricing.imp)) continue;
    if (oncePerShop || bid.creative === creative) return true;
  }
  return false;
}

/** Of the bids on one imp one wins: it is not in a break with itself. */
function isInBreak({ imp, placement }: DecidedBid, pod: string, own: number): boolean {
  return imp !== own && isMedia(placement) && placement.pod?.id === pod;
}
