/**
 * The workspace folder as typed, checked objects: what people write in YAML, after loading. Every
 * amount is an integer (proto/micros.ts), every duration milliseconds, every name NAME_PATTERN.
 */
import type { KeyObject } from 'node:crypto';
import type { MediaCreative } from '../creative/media-creative.ts';
import type { NativeCreative } from '../creative/native-creative.ts';
import type { CapRule } from '../proto/exposure-log.ts';
import type { StatusGroup } from '../rules/customer.ts';
import type { ExchangeSync } from './exchange-sync.ts';
import type { ImportMapping } from './import-mapping.ts';

/** Currency units of the shop, e.g. 1 USD. Three capital letters. */
export type Currency = string;

export interface ServiceConfig {
  readonly dir: string;
  readonly port: number;
  readonly adminPort: number;
  /** Base of notice, impression and click URLs, without a trailing slash. */
  readonly publicUrl: string;
  /** '' is the embedded LMDB below `dir`. */
  readonly storeUrl: string;
  readonly processes: number;
  readonly workers: number;
  /** Who pays the longest: our share of an exchange's tmax, in ms. */
  readonly deadlineMs: number;
  /** How long a worker stays awake for the next request, ms; 0 sleeps at once. */
  readonly busyPollMs: number;
  /** Open connections of one worker; more are closed at once. */
  readonly connectionsMax: number;
}

export interface ShopSettings {
  readonly shop: string;
  readonly dir: string;
  readonly title: string;
  readonly currency: Currency;
  /** IANA zone: days, windows and daily budgets are the shop's days. */
  readonly timeZone: string;
  /** BCP 47: the language of banners and how their prices are written. */
  readonly locale: string;
  /** Registrable domains of the advertiser, for adomain. */
  readonly domains: readonly string[];
  /** Categories of the advertiser by AdCOM taxonomy, for bid.cat; 1 is IAB content categories 1.0. */
  readonly categories: Readonly<Record<number, readonly string[]>>;
  /** Hosts a landing page or an image may be on. */
  readonly allowedHosts: readonly string[];
  /** Hosts a video, an audio or a logo may be on besides. */
  readonly mediaHosts: readonly string[];
  readonly economics: Economics;
  /** What each order status of the shop's CRM means. */
  readonly statuses: Readonly<Record<string, StatusGroup>>;
  readonly imports: ImportMapping;
  /**
   * The vendor of the IAB's Global Vendor List under whose name this shop's data is used; 0 for none:
   * then nobody is recognised where the law asks for consent.
   */
  readonly consentVendor: number;
  /** What a request under the Digital Services Act is told; null bids on none that demands it. */
  readonly dsa: DsaTerms | null;
  /** Null says nothing of the advertiser beside the mark. */
  readonly adMarking: AdMarking | null;
}

/** On whose behalf an ad is shown and who pays for it, each at most 100 characters. */
export interface DsaTerms {
  readonly behalf: string;
  readonly paid: string;
  /** The templates show both themselves. */
  readonly rendered: boolean;
}

/** Companies, persons and sole traders of Russia: Yandex, annex of its RTB documentation. */
export const LEGAL_FORMS = ['ul', 'fl', 'ip'] as const;

/** What an exchange in Russia is told with the mark of an ad. */
export interface AdMarking {
  /** The templates say that it is advertising, and whose. */
  readonly inMarkup: boolean;
  /** The advertiser as the operator of ad data knows it. */
  readonly client: {
    readonly inn: string;
    readonly legalForm: (typeof LEGAL_FORMS)[number];
    readonly name: string;
  } | null;
}

/** What an impression is worth, until models are trained: shop-wide rates. */
export interface Economics {
  /** P(click | impression) and P(order | click), 0..1. */
  readonly clickRate: number;
  readonly conversionRate: number;
  /** Margin of revenue, 0..1. */
  readonly margin: number;
  /** Order value assumed for a person who never bought, micros of the shop's currency. */
  readonly newOrderValueMicros: number;
}

export interface Offer {
  readonly offer: string;
  /** Plain text on the banner: "10 % off your next order". */
  readonly text: string;
  /** Appended to the landing page as `coupon=`; '' is none. */
  readonly coupon: string;
}

export interface Campaign {
  readonly shop: string;
  readonly campaign: string;
  readonly title: string;
  readonly active: boolean;
  /** Unix ms, end exclusive. */
  readonly startMs: number;
  readonly endMs: number;
  readonly budgetNanos: number;
  readonly budgetPer: 'day' | 'flight';
  readonly pacing: 'even' | 'asap';
  /** Factor on the value of an impression, and ceiling in CPM micros of the shop's currency. */
  readonly multiplier: number;
  readonly maxCpmMicros: number;
  /** Segment names. Empty `anyOf` admits everybody, known or not. */
  readonly anyOf: readonly string[];
  readonly noneOf: readonly string[];
  /** Empty lists admit all. Countries ISO 3166 alpha-3; device kinds as in DEVICE_KINDS. */
  readonly exchanges: readonly string[];
  readonly countries: readonly string[];
  readonly devices: readonly string[];
  readonly caps: readonly CapRule[];
  /** Ids of deals through which it buys, as the exchanges name them. */
  readonly deals: readonly string[];
  /** Whether it bids without a deal. */
  readonly openAuction: boolean;
  /** '' where the campaign has no banner. */
  readonly template: string;
  /** `WxH`; empty where the campaign has no banner. */
  readonly sizes: readonly string[];
  /** AdCOM creative attributes of the template, for battr. */
  readonly attributes: readonly number[];
  /** Null where the campaign has no ad of that format. */
  readonly native: NativeCreative | null;
  readonly video: MediaCreative | null;
  readonly audio: MediaCreative | null;
  readonly offer: string | null;
  readonly landingUrl: string;
  /** The mark that the operator of ad data has given its creative (Russia), '' for none. */
  readonly erid: string;
  readonly file: string;
  readonly line: number;
}

export const DEVICE_KINDS = ['desktop', 'phone', 'tablet', 'tv', 'other'] as const;

export interface Exchange {
  readonly exchange: string;
  /** Our seat there, or '' when the exchange has none. */
  readonly seat: string;
  /** What we bid in when a request allows it; first match with `cur` wins. */
  readonly currencies: readonly Currency[];
  /** Which notice books the spend. */
  readonly billing: 'burl' | 'nurl' | 'impression';
  /** Network allowance taken off tmax, ms; and what it may be learned to be at most. */
  readonly networkMs: number;
  readonly networkMaxMs: number;
  /** Applies when a request says no tmax, ms. */
  readonly tmaxDefaultMs: number;
  /** What it asks in, and is answered in. */
  readonly format: (typeof WIRE_FORMATS)[number];
  /** Answers are packed where a request accepts it. Packed requests are read anyway. */
  readonly gzip: boolean;
  /** `status`: 204 and nothing else. `reason`: 200 with an answer that has no bid but its nbr. */
  readonly noBid: (typeof NO_BID_FORMS)[number];
  /** It takes several bids on an imp: one for each deal of ours and some without a deal. */
  readonly multiBid: boolean;
  readonly price: ExchangePrice;
  /** Of its answers; '' is that of its format. */
  readonly contentType: string;
  /** Where the exchange counts clicks itself; null where it does not. */
  readonly click: ClickMacro | null;
  readonly notices: NoticeMacros;
  readonly native: NativeShape;
  /** AdCOM category taxonomy of a request that names none. */
  readonly taxonomy: number;
  readonly limits: ExchangeLimits;
  /** Requests a second over all workers; more are answered no-bid unread. Infinity is no limit. */
  readonly qpsMax: number;
  /** When a bid must carry the ad's mark (Russia's law on advertising). */
  readonly marking: { readonly required: (typeof MARKING_RULES)[number] };
  /** What is asked of the way by which its requests come; nothing when absent. */
  readonly supply?: SupplyRules;
  /** Absent where no browsers are introduced. */
  readonly sync?: ExchangeSync;
}

/** Shipped in settings/profiles/. */
export const PROFILES = ['generic', 'google', 'xandr', 'yandex', 'index', 'prebid'] as const;
export type ProfileName = (typeof PROFILES)[number];

/** How often our click URL is percent-encoded behind the exchange's click macro. */
export const CLICK_ENCODINGS = ['none', 'once', 'twice'] as const;

/** Stands before our click URL; the exchange writes the address of its own click counter there. */
export interface ClickMacro {
  /** Needs no escape in HTML and in JSON. */
  readonly macro: string;
  readonly encoding: (typeof CLICK_ENCODINGS)[number];
}

export const NATIVE_WRAPPINGS = ['auto', 'always', 'never'] as const;
export const NATIVE_FORMS = ['string', 'object'] as const;

/** How a native answer lies in its bid. */
interface NativeShape {
  /** Within `{"native": ...}`; `auto` as the request has it. */
  readonly wrapped: (typeof NATIVE_WRAPPINGS)[number];
  /** JSON in a string, as the standard has it, or the object itself. */
  readonly form: (typeof NATIVE_FORMS)[number];
}

/** What an exchange takes at most; Infinity where it sets no limit. */
interface ExchangeLimits {
  /** Bids of one answer. */
  readonly bids: number;
  /** Of a bid's markup as it is sent, escapes included. */
  readonly markupBytes: number;
}

/** `in_russia`: where the person is there, or nobody says where. */
export const MARKING_RULES = ['always', 'in_russia', 'never'] as const;

export const FILE_RULES = ['ignore', 'when_known', 'require'] as const;
export const CHAIN_RULES = ['ignore', 'when_present', 'require'] as const;

/** Whose inventory an exchange may sell us, and through whom. */
export interface SupplyRules {
  /** The exchange in ads.txt files, and as the last node's asi. */
  readonly domain: string;
  /** `when_known`: by the files that are there. `require`: nothing is bought without one. */
  readonly adsTxt: (typeof FILE_RULES)[number];
  readonly sellersJson: (typeof FILE_RULES)[number];
  readonly schain: (typeof CHAIN_RULES)[number];
  /** Nodes of a chain. */
  readonly nodesMax: number;
  /** Nodes that nothing is bought through: `asi`, or `asi/sid`. */
  readonly blocked: readonly string[];
}

export const WIRE_FORMATS = ['json', 'protobuf'] as const;
export const NO_BID_FORMS = ['status', 'reason'] as const;

/** How the exchange tells in a notice what was paid. */
export interface ExchangePrice {
  /** Stands in notice URLs where the exchange writes the price; needs no escape in JSON. */
  readonly macro: string;
  readonly codec: PriceCodec;
}

/** What stands in notice URLs beside the price, as ExchangePrice.macro; '' where the exchange has none. */
interface NoticeMacros {
  readonly loss: string;
  readonly minToWin: string;
}

export type PriceCodec =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'google-hmac';
      /** What the sealed number is in micros of: one impression's cost, or that of a thousand. */
      readonly unit: PriceUnit;
      /** Newest first; each opens what it has sealed. */
      readonly keys: readonly PriceKeys[];
    };

export const PRICE_UNITS = ['impression', 'cpm'] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

/** Key objects reach a worker by structured clone, and show nothing when printed or made JSON. */
export interface PriceKeys {
  readonly encryption: KeyObject;
  readonly integrity: KeyObject;
}

/** Units of each currency per one unit of the reference currency, as people write it. */
export interface RateTable {
  readonly asOfMs: number;
  /** Older rates are no rates: no bid in another currency. */
  readonly maxAgeMs: number;
  readonly perReference: Readonly<Record<Currency, number>>;
}

/** Everything below the workspace folder that bidding needs. */
export interface Workspace {
  readonly dir: string;
  readonly shops: readonly ShopSettings[];
  readonly campaigns: readonly Campaign[];
  readonly offers: Readonly<Record<string, readonly Offer[]>>;
  readonly exchanges: readonly Exchange[];
  readonly rates: RateTable;
}
