/** Which of the shop's offers a bid shows. */
import type { PersonView } from './person-view.ts';
import type { ServedCampaign } from './served-campaign.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** The campaign's own; without one that of the segment that shapes the bid. '' is none. */
export function shownOffer(served: ServedCampaign, view: PersonView): string {
  return served.campaign.offer ?? view.shaping?.effect.offer ?? '';
}

/** Its text, '' when there is none. */
export function offerText(shop: ShopSnapshot, offer: string): string {
  return shop.offers.get(offer)?.text ?? '';
}
