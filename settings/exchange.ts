/** `exchanges/*.yaml` after loading: how an exchange asks, is answered, and what it demands of bids. */
import type { KeyObject } from 'node:crypto';
import type { AdFormat } from '../proto/ad-format.ts';
import type { ExchangeSync } from './exchange-sync.ts';

export interface Exchange {
  readonly exchange: string;
  /** Our seat there, or '' when the exchange has none. */
  readonly seat: string;
  /** What we bid in when a request allows it; first match with `cur` wins. */
  readonly currencies: readonly string[];
  /** Which notice books the spend, by the format of the ad. */
  readonly billing: Billing;
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

/** The exchange's billing or win notice, or the browser's or player's word that the ad was shown. */
export const BILLING_SOURCES = ['burl', 'nurl', 'impression'] as const;
export type BillingSource = (typeof BILLING_SOURCES)[number];
export type Billing = Readonly<Record<AdFormat, BillingSource>>;

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
