/** A small shop, for the tests of the auction and of what is built on it. */
import { compileTemplate } from '../../creative/compile-template.ts';
import { DEFAULT_TEMPLATE } from '../../creative/default-template.ts';
import { linkFilterBytes } from '../../proto/link-filter.ts';
import { MANIFEST_FORMAT } from '../../rules/manifest.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { modelSettings } from '../../settings/model-settings.ts';
import type { PublishedShop } from '../../settings/published-shop.ts';
import type { Campaign, RateTable, ShopSettings } from '../../settings/workspace.ts';
import type { BannerPlacement, BidRequest, Imp } from './bid-request.ts';
import { compileCampaignIndex } from './campaign-index.ts';
import type { DecisionInput } from './decision.ts';
import { nobody } from './person-view.ts';
import { buildShopSnapshot, type Snapshot } from './snapshot.ts';
import { UNREAD_PATH } from './supply-path.ts';

export const NOW_MS = Date.UTC(2026, 10, 22, 12);
export const DAY_MS = 86_400_000;
export const SHOP = 'acme';
export const GENERATION = 'g1';
/** The shop's vendor in consent strings. */
export const VENDOR = 755;
const RATES: RateTable = {
  asOfMs: NOW_MS - DAY_MS,
  maxAgeMs: 7 * DAY_MS,
  perReference: { USD: 1, EUR: 0.5 },
};
export const SETTINGS: ShopSettings = {
  shop: SHOP,
  dir: '/nowhere',
  title: 'Acme',
  currency: 'USD',
  timeZone: 'UTC',
  weekStart: 'monday',
  fullBuildEveryMs: DAY_MS,
  locale: 'en',
  domains: ['shop.acme.example'],
  categories: { 1: ['IAB22-1'] },
  allowedHosts: ['shop.acme.example'],
  mediaHosts: [],
  metricaCounter: 0,
  economics: {
    clickRate: 0.01,
    conversionRate: 0.05,
    margin: 0.2,
    newOrderValueMicros: 40_000_000,
  },
  statuses: {},
  rates: {},
  imports: {},
  identity: {},
  models: modelSettings({}),
  consentVendor: VENDOR,
  dsa: null,
  adMarking: null,
} as ShopSettings;

const at = { file: 'segments/x.yaml', line: 3, column: 1 };
const bought: Rule = {
  kind: 'compare',
  field: 'orders.count',
  window: null,
  op: 'gte',
  operand: { kind: 'literal', value: 1 },
  at,
};
export const SEGMENTS: readonly Segment[] = [
  segment('existing', bought, 1, 1.5),
  segment('new', { kind: 'none', of: [bought], at }, 1, 1),
  segment('loyal', { ...bought, operand: { kind: 'literal', value: 3 } } as Rule, 5, 2),
];

function segment(name: string, rule: Rule, priority: number, multiplier: number): Segment {
  const effect = { multiplier, maxCpmMicros: null, offer: null, caps: [] };
  return plainSegment(name, rule, { priority, effect, at });
}

export function campaign(name: string, more: Partial<Campaign> = {}): Campaign {
  return {
    shop: SHOP,
    campaign: name,
    title: name,
    active: true,
    startMs: NOW_MS - 10 * DAY_MS,
    endMs: NOW_MS + 10 * DAY_MS,
    budgetNanos: 1_000_000_000_000,
    budgetPer: 'flight',
    pacing: 'asap',
    multiplier: 1,
    maxCpmMicros: 50_000_000,
    anyOf: [],
    noneOf: [],
    exchanges: [],
    countries: [],
    devices: [],
    caps: [],
    deals: [],
    openAuction: true,
    template: 'grid',
    sizes: ['300x250', '728x90'],
    attributes: [],
    native: null,
    video: null,
    audio: null,
    offer: null,
    landingUrl: 'https://shop.acme.example/',
    erid: '',
    file: `campaigns/${name}.yaml`,
    line: 1,
    ...more,
  };
}

function published(): PublishedShop {
  const items = Array.from({ length: 30 }, (_, i) => ({
    id: `i${i}`,
    title: `Item ${i} "<b>`,
    priceMicros: 10_000_000 + i * 1_000_000,
    listPriceMicros: null,
    imageUrl: `https://shop.acme.example/${i}.png`,
    landingUrl: `https://shop.acme.example/p/${i}`,
    category: i % 2 === 0 ? 'even' : 'odd',
    available: true,
  }));
  return {
    settings: SETTINGS,
    manifest: {
      format: MANIFEST_FORMAT,
      shop: SHOP,
      generation: GENERATION,
      asOfMs: NOW_MS - 3_600_000,
      timeZone: 'UTC',
      shopCycleHalfDays: 60,
      leftOut: [],
      segments: SEGMENTS.map((each) => ({ ...each, members: 1, heldOut: 0 })),
      customers: 1,
      profiles: 1,
      links: 1,
      linkedSpaces: ['cookie'],
    },
    catalogue: { items, bestOfCategory: {}, bestSellers: items.map(({ id }) => id) },
    linkFilter: everybodyPasses(),
  };
}

/** What the store is asked is for the store to answer. */
function everybodyPasses(): SharedArrayBuffer {
  const filter = new SharedArrayBuffer(linkFilterBytes(1));
  new Uint8Array(filter).fill(0xff);
  return filter;
}

export function snapshotOf(
  campaigns: readonly Campaign[],
  more: Partial<Snapshot> = {},
  change: (shop: PublishedShop) => PublishedShop = (shop) => shop,
): Snapshot {
  const shop = change(published());
  const segments = shop.manifest.segments.map(({ segment: name }) => name);
  const plan = compileTemplate(DEFAULT_TEMPLATE, 'grid.html');
  return {
    shops: [
      buildShopSnapshot({
        published: shop,
        campaigns,
        offers: [],
        templates: new Map([['grid', plan]]),
        locale: shop.settings.locale,
        index: compileCampaignIndex({ campaigns, segments }),
        nowMs: NOW_MS,
      }),
    ],
    rates: RATES,
    linkedSpaces: new Set(['cookie']),
    consentVendors: [VENDOR],
    secureUrls: true,
    ...more,
  };
}

/** Of an exchange that asks for nothing but what the standard has. */
export const TERMS: DecisionInput['terms'] = {
  seat: 'seat-1',
  multiBid: false,
  taxonomy: 1,
  limits: { bids: Number.POSITIVE_INFINITY, markupBytes: Number.POSITIVE_INFINITY },
  marking: { required: 'never' },
};

export const banner = (more: Partial<BannerPlacement> = {}): BannerPlacement => ({
  kind: 'banner',
  sizes: [{ w: 300, h: 250 }],
  shapes: [],
  screen: null,
  blockedAttributes: [],
  ...more,
});

/** A banner of one size, without a floor. */
export const imp = (id: string, more: Partial<Imp> = {}): Imp => ({
  id,
  placements: [banner()],
  floorCpmMicros: 0,
  floorCurrency: 'USD',
  deals: [],
  dealsOnly: false,
  secure: false,
  impressions: 1,
  expS: 0,
  ...more,
});

/** From a desktop in the USA, for a first price in USD, without restrictions. */
export const request = (imps: readonly Imp[], more: Partial<BidRequest> = {}): BidRequest => ({
  id: 'r',
  imps,
  dropped: [],
  country: 'USA',
  device: 0,
  siteDomain: '',
  appBundle: '',
  supply: UNREAD_PATH,
  currencies: ['USD'],
  blockedCategories: [],
  allowedCategories: [],
  categoryTaxonomy: 1,
  blockedDomains: [],
  allowedLanguages: [],
  allowedSeats: [],
  blockedSeats: [],
  dsa: null,
  test: false,
  tmaxMs: 0,
  auctionType: 1,
  privacy: 'allowed',
  consented: null,
  identities: [],
  ...more,
});

/** For a person nobody knows, with money for `campaigns` campaigns of one shop. */
export const decisionInput = (
  asked: BidRequest,
  campaigns: number,
  more: Partial<DecisionInput> = {},
): DecisionInput => ({
  request: asked,
  exchange: 'demo',
  terms: TERMS,
  currencies: ['USD'],
  persons: [nobody()],
  money: [
    {
      availableNanos: new Float64Array(campaigns).fill(1e12),
      pacing: new Float64Array(campaigns).fill(1),
    },
  ],
  pausedCreatives: new Set(),
  nowMs: NOW_MS,
  ...more,
});
