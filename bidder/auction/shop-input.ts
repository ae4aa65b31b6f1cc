import type { TemplatePlan } from '../../creative/template-plan.ts';
import type { PublishedShop } from '../../settings/published-shop.ts';
import type { Campaign, Offer } from '../../settings/workspace.ts';
import type { CampaignIndex } from './campaign-index.ts';

/** What a ShopSnapshot is built from. */
export interface ShopInput {
  readonly published: PublishedShop;
  readonly campaigns: readonly Campaign[];
  readonly offers: readonly Offer[];
  /** By Campaign.template. */
  readonly templates: ReadonlyMap<string, TemplatePlan>;
  /** BCP 47 tag for prices and the banner's language. */
  readonly locale: string;
  /** From compileCampaignIndex over the same campaigns and the manifest's segments. */
  readonly index: CampaignIndex;
  readonly nowMs: number;
}
