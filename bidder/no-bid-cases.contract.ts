/**
 * For each reason of a no-bid what provokes it in a bidder, so that a test can show where it is told.
 * Who adds a reason adds a case.
 */
import { gzipSync } from 'node:zlib';
import { SPOT } from '../creative/media.contract.ts';
import type { Exchange, SupplyRules } from '../settings/exchange.ts';
import type { DsaTerms } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import { campaign, DAY_MS, NOW_MS, snapshotOf } from './auction/shop.contract.ts';
import type { Snapshot } from './auction/snapshot.ts';
import { type Bench, bidRequest, EXCHANGE, refuseCreative, settled } from './bidder.contract.ts';
import { parseAdsTxt } from './supply/parse-ads-txt.ts';
import { parseSellersJson } from './supply/parse-sellers-json.ts';
import { type SupplyIndex, SupplyIndexBuilder } from './supply/supply-index.ts';

export interface NoBidCase {
  /** Of an open campaign, where it is not said. */
  readonly snapshot?: Snapshot;
  readonly exchange?: Partial<Exchange>;
  readonly supply?: SupplyIndex;
  readonly store?: (real: Store) => Store;
  readonly waitedMs?: number;
  /** What comes before the request. */
  readonly before?: (bench: Bench) => unknown;
  /** Anna's for a banner, where it is not said. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How an exchange is told that takes reasons: by its nbr, unless it is said otherwise. */
  readonly told?: Told;
  /** Why explain does not say it: it is no property of the request and of what is known, but of the moment. */
  readonly notExplained?: 'of the body before it is JSON' | 'of the worker at that moment';
}

/**
 * A status that refuses the body; 204 for a request that was not read or has no id, so that no answer
 * could name it; `bid` for what one of several candidates lost by, while another bid.
 */
type Told = 400 | 413 | 415 | 204 | 'bid';

const OPEN = campaign('open');
const only = (more: Parameters<typeof campaign>[1]) => ({
  snapshot: snapshotOf([campaign('only', more)]),
});
const asks = (more: object, imp: object = {}) => ({ body: bidRequest('anna', more, imp) });
const offers = (imp: object) => asks({}, imp);
const gzip = { 'content-encoding': 'gzip' };
const thisMoment = { notExplained: 'of the worker at that moment' } as const;
const unread = { told: 204, ...thisMoment } as const;
const ofBody = { notExplained: 'of the body before it is JSON' } as const;

const CAPPED = campaign('capped', { caps: [{ scope: 'campaign', impsMax: 1, windowMs: DAY_MS }] });
/** A deal alone, which the one campaign buys through. */
const deal = (terms: object) => ({
  ...only({ deals: ['d'] }),
  ...offers({ pmp: { private_auction: 1, deals: [{ id: 'd', ...terms }] } }),
});
const filmed = (name: string, video = SPOT) => campaign(name, { template: '', sizes: [], video });
/** A place for a video, and a campaign that has one. */
const film = (video: object, media = SPOT) => ({
  snapshot: snapshotOf([filmed('film', media)]),
  ...offers({ banner: undefined, video }),
});
const dsa = (terms: DsaTerms | null, pubrender: number) => ({
  snapshot: snapshotOf([OPEN], {}, (shop) => ({
    ...shop,
    settings: { ...shop.settings, dsa: terms },
  })),
  ...asks({ regs: { ext: { dsa: { dsarequired: 2, pubrender } } } }),
});

const SUPPLY: SupplyRules = {
  domain: 'ssp.example',
  adsTxt: 'ignore',
  sellersJson: 'ignore',
  schain: 'ignore',
  nodesMax: 3,
  blocked: [],
};
const supplyIndex = new SupplyIndexBuilder(7, null);
supplyIndex.addAdsTxt('site', 'news.example', parseAdsTxt('ssp.example,p1,DIRECT'));
supplyIndex.addSellersJson('ssp.example', parseSellersJson('{"sellers":[]}')!);
const SUPPLY_INDEX = supplyIndex.index();
const supplied = (rules: Partial<SupplyRules>, site: string, asi: string, publisher = 'p1') => ({
  exchange: { supply: { ...SUPPLY, ...rules } },
  supply: SUPPLY_INDEX,
  ...asks({
    site: { domain: site, publisher: { id: publisher } },
    source: { schain: { complete: 1, ver: '1.0', nodes: [{ asi, sid: publisher, hp: 1 }] } },
  }),
});

/** Readings of a person that the store does not answer, or in which we are mistaken. */
const readPerson = (answer: () => void) => (real: Store) => ({
  ...real,
  hot: { ...real.hot, holdsBlanks: false, readPerson: answer },
});
const mistaken = () => {
  throw new Error('our mistake');
};

async function refuseAnnas(bench: Bench): Promise<void> {
  const { crid } = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid[0];
  await refuseCreative(bench, crid);
  await bench.bidder.refreshLessons();
}

const twoImps = ['1', '2'].map((id) => ({ id, banner: { w: 300, h: 250 } }));

/** Deals that name as many seats as are read. */
const MANY_VALUES = {
  id: '1',
  pmp: {
    deals: Array.from({ length: 64 }, (_, i) => ({ id: `${i}`, wseat: new Array(200).fill('s') })),
  },
};

export const NO_BID_CASES: Readonly<Record<NoBidReason, NoBidCase>> = {
  'coding-not-accepted': { headers: { 'content-encoding': 'br' }, told: 415, ...ofBody },
  'gzip-unreadable': { headers: gzip, told: 400, ...ofBody },
  'unpacked-too-large': {
    body: gzipSync(Buffer.alloc(2 ** 21)),
    headers: gzip,
    told: 413,
    ...ofBody,
  },
  unreadable: { body: '{', told: 400 },
  'too-deep': { body: `{"id":"r","imp":${'['.repeat(100)}`, told: 400 },
  'too-many-values': { ...asks({ imp: new Array(10).fill(MANY_VALUES) }), told: 400 },
  'not-an-object': { body: '[]', told: 400 },
  'no-request-id': { ...asks({ id: '' }), told: 204 },
  'no-imp': asks({ imp: [] }),
  'no-format': offers({ banner: undefined }),
  'broken-imp': offers({ id: '' }),
  'private-auction': offers({ pmp: { private_auction: 1, deals: [] } }),
  'seat-not-allowed': asks({ wseat: ['other'] }),
  'schain-blocked': supplied({ blocked: ['bad.example'] }, 'news.example', 'bad.example'),
  'schain-incomplete': supplied({ schain: 'require' }, 'news.example', 'other.example'),
  'ads-txt-unavailable': supplied({ adsTxt: 'require' }, 'unknown.example', 'ssp.example'),
  'ads-txt-violation': supplied({ adsTxt: 'require' }, 'news.example', 'ssp.example', 'p2'),
  'sellers-json-unavailable': supplied(
    { sellersJson: 'require', domain: 'new.example' },
    'news.example',
    'new.example',
  ),
  'seller-not-listed': supplied({ sellersJson: 'require' }, 'news.example', 'ssp.example'),
  'banner-type-blocked': offers({ banner: { w: 300, h: 250, btype: [2] } }),
  'floor-not-readable': offers({ bidfloor: 'much' }),
  'multiplier-not-readable': offers({ qty: { multiplier: 'many' } }),
  'native-unreadable': offers({ banner: undefined, native: { request: '{' } }),
  'native-asset-unsupported': offers({
    banner: undefined,
    native: { request: { assets: [{ id: 1, required: 1, data: { type: 4 } }] } },
  }),
  'no-shop': { snapshot: snapshotOf([], { shops: [] }) },
  'floor-currency-unknown': offers({ bidfloor: 1, bidfloorcur: 'XTS' }),
  'bid-currency-not-allowed': asks({ cur: ['JPY'] }),
  'block-list-too-long': asks({ bcat: Array.from({ length: 2001 }, (_, i) => `IAB99-${i}`) }),
  'secure-required': { snapshot: snapshotOf([OPEN], { secureUrls: false }) },
  'category-taxonomy-unknown': asks({ bcat: ['483'], cattax: 7 }),
  'blocked-category': asks({ bcat: ['IAB22'] }),
  'blocked-advertiser': asks({ badv: ['acme.example'] }),
  'language-not-allowed': asks({ wlang: ['fr'] }),
  'dsa-required': dsa(null, 1),
  'dsa-rendering': dsa({ behalf: 'Acme', paid: 'Acme', rendered: false }, 0),
  'no-active-campaign': only({ active: false }),
  'exchange-not-targeted': only({ exchanges: ['other'] }),
  'country-not-targeted': only({ countries: ['DEU'] }),
  'device-not-targeted': only({ devices: ['tv'] }),
  'erid-missing': { exchange: { marking: { required: 'always' } } },
  'unmatched-user': { ...only({ anyOf: ['loyal'] }), body: bidRequest(null) },
  'segment-not-targeted': { ...only({ anyOf: ['loyal'] }), body: bidRequest('boris') },
  'excluded-segment': only({ noneOf: ['loyal'] }),
  'counts-unknown': { snapshot: snapshotOf([CAPPED]), body: bidRequest(null) },
  'user-cap-met': {
    snapshot: snapshotOf([CAPPED]),
    before: (bench) => settled(bench.post(bidRequest('anna'))),
  },
  'deal-not-targeted': { ...deal({}), ...only({}) },
  'deals-only-campaign': only({ deals: ['d'], openAuction: false }),
  'deal-seat-not-allowed': deal({ wseat: ['other'] }),
  'deal-advertiser-not-allowed': deal({ wadomain: ['other.example'] }),
  'format-not-offered': offers({ banner: undefined, video: {} }),
  'size-not-offered': offers({ banner: { w: 200, h: 200 } }),
  'attribute-blocked': {
    ...only({ attributes: [21] }),
    ...offers({ banner: { w: 300, h: 250, battr: [21] } }),
  },
  'outside-flight': only({ startMs: NOW_MS + DAY_MS }),
  'mime-not-accepted': film({ mimes: ['video/webm'] }),
  'protocol-not-accepted': film({ protocols: [1] }),
  'linearity-not-accepted': film({ linearity: 2 }),
  'duration-not-accepted': film({ maxduration: 14 }),
  'skip-not-accepted': film({ skip: 0 }, { ...SPOT, skipAfterS: 5 }),
  'media-file-not-accepted': film({ maxbitrate: 100 }),
  'no-creative': {
    snapshot: snapshotOf([OPEN], {}, (shop) => ({
      ...shop,
      catalogue: { items: [], bestOfCategory: {}, bestSellers: [] },
    })),
  },
  'repeated-in-break': {
    snapshot: snapshotOf([filmed('one'), filmed('two')]),
    ...asks({ imp: ['1', '2'].map((id) => ({ id, video: { podid: 'p', poddedupe: [1] } })) }),
    told: 'bid',
  },
  worthless: only({ multiplier: 1e-12 }),
  'below-floor': offers({ bidfloor: 900 }),
  budget: only({ budgetNanos: 1 }),
  'creative-disapproved': { before: refuseAnnas },
  'used-on-another-imp': { ...asks({ imp: twoImps }), told: 'bid' },
  outbid: { snapshot: snapshotOf([OPEN, campaign('strong', { multiplier: 2 })]), told: 'bid' },
  'markup-too-large': { exchange: { limits: { ...EXCHANGE.limits, markupBytes: 1500 } } },
  'too-late': { ...asks({ tmax: 1 }), ...thisMoment },
  'store-late': { store: readPerson(() => {}), ...thisMoment },
  'over-qps': {
    exchange: { qpsMax: 0.001 },
    before: (bench) => bench.post(bidRequest('anna')),
    ...unread,
  },
  overloaded: { waitedMs: 26, ...unread },
  draining: { before: (bench) => void bench.bidder.close(), ...unread },
  'event-log-full': {
    before: (bench) => {
      bench.logState = 'full';
    },
    ...unread,
  },
  'technical-error': { store: readPerson(mistaken), ...thisMoment },
};
