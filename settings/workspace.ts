/**
 * The workspace folder as typed, checked objects: what people write in YAML, after loading. Every
 * amount is an integer (proto/micros.ts), every duration milliseconds, every name NAME_PATTERN.
 */
import type { MediaCreative } from '../creative/media-creative.ts';
import type { NativeCreative } from '../creative/native-creative.ts';
import type { CapRule } from '../proto/exposure-log.ts';
import type { StatusGroup } from '../rules/customer.ts';
import type { Weekday } from '../rules/window.ts';
import type { Exchange } from './exchange.ts';
import type { IdentitySettings } from './identity-section.ts';
import type { ImportMapping } from './import-mapping.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ShopRates } from './order-money.ts';

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
  /** Most profiles and links that a build writes to the store in a second; null for as many as it can. */
  readonly publishRate: number | null;
  /** The largest file that the admin port takes, unpacked, in megabytes of 2^20 bytes. */
  readonly uploadMbMax: number;
  /** The most memory of DuckDB in a job of the segmenter, megabytes; null for half of the machine's, at most 8192. */
  readonly jobMemoryMb: number | null;
}

export interface ShopSettings {
  readonly shop: string;
  readonly dir: string;
  readonly title: string;
  readonly currency: Currency;
  /** IANA zone: days, windows and daily budgets are the shop's days. */
  readonly timeZone: string;
  /** What "this week" in a rule begins with. */
  readonly weekStart: Weekday;
  /** Between two builds that compute everybody: how old what needs the whole base may become. */
  readonly fullBuildEveryMs: number;
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
  /** What other currencies of the CRM's orders were worth in the shop's own. */
  readonly rates: ShopRates;
  readonly imports: ImportMapping;
  readonly identity: IdentitySettings;
  readonly models: ModelSettings;
  /** The counter of Yandex Metrica under whose id uploads are taken too; 0 for none. */
  readonly metricaCounter: number;
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
