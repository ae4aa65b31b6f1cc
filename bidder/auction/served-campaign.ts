/** A campaign with its creatives prepared: what the answer to a request is put together from. */
import { type PreparedBanner, prepareBanners } from '../../creative/banner.ts';
import { creativeId, suppliedCreativeId } from '../../creative/creative-id.ts';
import type { CatalogueIndex } from '../../creative/index-catalogue.ts';
import type { MediaCreative } from '../../creative/media-creative.ts';
import { type PreparedNative, prepareNative } from '../../creative/native.ts';
import type { NativeCreative } from '../../creative/native-creative.ts';
import { type PreparedVast, prepareVast } from '../../creative/vast.ts';
import { campaignKey } from '../../proto/exposure-log.ts';
import type { Campaign } from '../../settings/workspace.ts';
import type { ShopInput } from './shop-input.ts';

/** A size in which a campaign can be shown. */
interface ServedBanner {
  readonly banner: PreparedBanner;
  readonly creative: string;
}

interface ServedNative {
  readonly native: PreparedNative;
  readonly creative: string;
}

interface ServedMedia {
  readonly media: MediaCreative;
  readonly vast: PreparedVast;
  readonly creative: string;
}

/** `creative` is the `crid` of each. */
export interface ServedCampaign {
  readonly campaign: Campaign;
  /** proto/exposure-log.ts campaignKey. */
  readonly key: number;
  /** By size; empty for a campaign without a banner. */
  readonly banners: ReadonlyMap<string, ServedBanner>;
  /** Null where the campaign has none. */
  readonly native: ServedNative | null;
  readonly video: ServedMedia | null;
  readonly audio: ServedMedia | null;
}

export function serveCampaigns(input: ShopInput, catalogue: CatalogueIndex): ServedCampaign[] {
  const { settings } = input.published;
  const byTemplate = new Map<string, ReadonlyMap<string, ServedBanner>>();
  return input.campaigns.map((campaign) => {
    const { template } = campaign;
    // Campaigns of one template share its prepared banners.
    const banners = byTemplate.get(template) ?? serveBanners(input, catalogue, template);
    byTemplate.set(template, banners);
    return {
      campaign,
      key: campaignKey(settings.shop, campaign.campaign),
      banners,
      native: serveNative(input, campaign.native),
      video: serveMedia(input, campaign.video),
      audio: serveMedia(input, campaign.audio),
    };
  });
}

function serveBanners(
  input: ShopInput,
  catalogue: CatalogueIndex,
  template: string,
): ReadonlyMap<string, ServedBanner> {
  const served = new Map<string, ServedBanner>();
  if (template === '') return served;
  const { settings } = input.published;
  const plan = input.templates.get(template);
  if (plan === undefined)
    throw new Error(`${settings.shop}: template "${template}" is not compiled`);
  const users = input.campaigns.filter((campaign) => campaign.template === template);
  const sizes = [...new Set(users.flatMap((campaign) => campaign.sizes))];
  const shop = { title: settings.title, language: input.locale };
  for (const [size, banner] of prepareBanners({ plan, catalogue, shop, sizes })) {
    const creative = creativeId({
      shop: settings.shop,
      template,
      templateVersion: plan.version,
      language: input.locale,
      size,
    });
    served.set(size, { banner, creative });
  }
  return served;
}

function serveNative(input: ShopInput, creative: NativeCreative | null): ServedNative | null {
  if (creative === null) return null;
  const { title, domains } = input.published.settings;
  const native = prepareNative({ creative, shop: { title, domain: domains[0]! } });
  return { native, creative: suppliedId(input, 'native', creative) };
}

function serveMedia(input: ShopInput, media: MediaCreative | null): ServedMedia | null {
  if (media === null) return null;
  const creative = suppliedId(input, media.kind, media);
  return { media, vast: prepareVast(media, creative), creative };
}

function suppliedId(
  { published, locale }: ShopInput,
  format: 'native' | 'video' | 'audio',
  supplied: NativeCreative | MediaCreative,
): string {
  return suppliedCreativeId({ shop: published.settings.shop, format, supplied, language: locale });
}
