/**
 * Everything a decision is made from that does not change with the request: immutable, built aside
 * (bidder/compile-index.ts), swapped by one reference. An auction under way keeps the one it began with.
 */

import {
  type CatalogueIndex,
  type CatalogueItem,
  indexCatalogue,
} from '../../creative/index-catalogue.ts';
import { LinkFilter } from '../../proto/link-filter.ts';
import { buildZone, type ZoneOffsets } from '../../rules/local-day.ts';
import type { Manifest } from '../../rules/manifest.ts';
import { compileSegments, type SegmentRules } from '../../rules/memberships.ts';
import { domainSpellings } from '../../settings/domain-spellings.ts';
import type { Campaign, Offer, RateTable, ShopSettings } from '../../settings/workspace.ts';
import type { CampaignIndex } from './campaign-index.ts';
import { type OwnNames, ownNames } from './own-names.ts';
import { type ServedCampaign, serveCampaigns } from './served-campaign.ts';
import { type ShopCategories, shopCategories } from './shop-categories.ts';
import type { ShopInput } from './shop-input.ts';

export interface Snapshot {
  readonly shops: readonly ShopSnapshot[];
  readonly rates: RateTable;
  /** Spaces of identifiers that lead to customers of some shop. */
  readonly linkedSpaces: ReadonlySet<string>;
  /** Of all shops, each once: who may be given consent. */
  readonly consentVendors: readonly number[];
  /** Whether our own URLs are https: without it no imp with `secure` is bid on. */
  readonly secureUrls: boolean;
}

/** What every judged candidate asks of its campaign, by place in the index. */
interface CampaignColumns {
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  readonly multiplier: Float64Array;
  readonly maxCpmMicros: Float64Array;
}

export interface ShopSnapshot {
  readonly settings: ShopSettings;
  readonly manifest: Manifest;
  /** Which identities the generation may link. */
  readonly linkFilter: LinkFilter;
  readonly zone: ZoneOffsets;
  /** By ordinal, as settings list them. */
  readonly campaigns: readonly ServedCampaign[];
  readonly terms: CampaignColumns;
  /** Whether any campaign or segment limits how often it is shown. */
  readonly hasCaps: boolean;
  /** By campaign key as a signed number, which a Map finds without a call. */
  readonly ordinalOfKey: ReadonlyMap<number, number>;
  readonly index: CampaignIndex;
  /** The index's rows. */
  readonly bits: Int32Array;
  /** Of the manifest's segments. */
  readonly rules: SegmentRules;
  readonly catalogue: CatalogueIndex;
  /** Only items whose picture needs no http: for imps with `secure`. */
  readonly secureCatalogue: CatalogueIndex;
  readonly offers: ReadonlyMap<string, Offer>;
  /** By AdCOM taxonomy. */
  readonly categories: ShopCategories;
  /** The shop's domains and their parent domains. */
  readonly blockableDomains: OwnNames;
  categoriesOf(items: readonly string[]): string[];
}

const YEAR_MS = 366 * 24 * 3_600_000;
/** Orders may be this old and still fall on the right day of a zone that changed its rules since. */
const ZONE_YEARS_BACK = 15;
const ZONE_YEARS_AHEAD = 2;

/** Throws when a campaign's template is missing or one of its sizes is none: settings check both. */
export function buildShopSnapshot(input: ShopInput): ShopSnapshot {
  const { published, campaigns, index, nowMs } = input;
  const { settings, manifest } = published;
  const catalogue = indexCatalogue(published.catalogue, {
    allowedHosts: settings.allowedHosts,
    currency: settings.currency,
    locale: input.locale,
  });
  const served = serveCampaigns(input, catalogue);
  return {
    settings,
    manifest,
    linkFilter: new LinkFilter(published.linkFilter),
    zone: buildZone(
      settings.timeZone,
      nowMs - ZONE_YEARS_BACK * YEAR_MS,
      nowMs + ZONE_YEARS_AHEAD * YEAR_MS,
    ),
    campaigns: served,
    terms: columnsOf(Array.from(index.bestFirst, (ordinal) => campaigns[ordinal]!)),
    hasCaps:
      campaigns.some(({ caps }) => caps.length > 0) ||
      manifest.segments.some(({ effect }) => effect.caps.length > 0),
    ordinalOfKey: new Map(campaigns.map((_, i) => [served[i]!.key | 0, i])),
    index,
    bits: new Int32Array(index.buffer),
    rules: compileSegments(manifest.segments),
    catalogue,
    secureCatalogue: secureOnly(catalogue),
    offers: new Map(input.offers.map((offer) => [offer.offer, offer])),
    categories: shopCategories(settings.categories),
    blockableDomains: ownNames(settings.domains.flatMap(domainSpellings).flatMap(domainAndParents)),
    categoriesOf: (items) => categoriesOf(catalogue, items),
  };
}

function columnsOf(bestFirst: readonly Campaign[]): CampaignColumns {
  return {
    startMs: Float64Array.from(bestFirst, ({ startMs }) => startMs),
    endMs: Float64Array.from(bestFirst, ({ endMs }) => endMs),
    multiplier: Float64Array.from(bestFirst, ({ multiplier }) => multiplier),
    maxCpmMicros: Float64Array.from(bestFirst, ({ maxCpmMicros }) => maxCpmMicros),
  };
}

/** `shop.example.com`, `example.com` and `com`, lower case. */
function domainAndParents(domain: string): string[] {
  const labels = domain.toLowerCase().split('.');
  return labels.map((_, i) => labels.slice(i).join('.'));
}

function secureOnly(catalogue: CatalogueIndex): CatalogueIndex {
  if (catalogue.items.every(isSecure)) return catalogue;
  return {
    ...catalogue,
    byId: new Map([...catalogue.byId].filter(([, item]) => isSecure(item))),
    bestOfCategory: new Map(
      [...catalogue.bestOfCategory].map(([name, items]) => [name, items.filter(isSecure)]),
    ),
    bestSellers: catalogue.bestSellers.filter(isSecure),
  };
}

function isSecure(item: CatalogueItem): boolean {
  return item.imageUrl.startsWith('https:') || item.imageUrl.startsWith('data:');
}

function categoriesOf(catalogue: CatalogueIndex, items: readonly string[]): string[] {
  const categories = new Set<string>();
  for (const id of items) {
    const item = catalogue.byId.get(id);
    if (item !== undefined) categories.add(item.category);
  }
  return [...categories];
}
