/** A bid request as the auction sees it: flat, checked, bounded. The wire stays in openrtb/. */
import type { DurationFloors, MediaPlacement } from '../../creative/media-placement.ts';
import type { NativePlacement } from '../../creative/native-placement.ts';
import type { IdentitySpace } from '../../proto/ids.ts';
import type { DsaDemand } from './dsa.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { SupplyPath } from './supply-path.ts';

export interface Size {
  readonly w: number;
  readonly h: number;
}

/** One format in which an imp can be filled. A bid answers exactly one of them. */
export type Placement = BannerPlacement | NativePlacement | MediaPlacement;

export function isMedia(placement: Placement): placement is MediaPlacement {
  return placement.kind === 'video' || placement.kind === 'audio';
}

/** OpenRTB 2.6, 3.2.10. */
export interface FlexShape {
  /** Width to height, as numbers that mean nothing else. */
  readonly wRatio: number;
  readonly hRatio: number;
  /** Pixels. */
  readonly wMin: number;
}

export interface BannerPlacement {
  readonly kind: 'banner';
  /** What the imp lists, in its order; empty when it says none. */
  readonly sizes: readonly Size[];
  /** Flexible places: any size of the shape will do. */
  readonly shapes: readonly FlexShape[];
  /** Full screen: any size up to `screen` will do, besides the listed ones. Null when it is not. */
  readonly screen: Size | null;
  /** AdCOM creative attributes that are blocked. */
  readonly blockedAttributes: readonly number[];
}

export interface Imp {
  /** As sent; echoed exactly. */
  readonly id: string;
  /** One or more, each of another kind; of two that are worth the same the first is answered. */
  readonly placements: readonly Placement[];
  readonly floorCpmMicros: number;
  readonly floorCurrency: string;
  readonly deals: readonly Deal[];
  /** A private auction: only bids for one of `deals` are taken. */
  readonly dealsOnly: boolean;
  /** Every URL of the markup must be https. */
  readonly secure: boolean;
  /** As how many impressions one showing counts, and is paid: more than one before a crowd. */
  readonly impressions: number;
  /** Seconds the exchange waits for a billing notice, 0 when it does not say. */
  readonly expS: number;
}

/** OpenRTB 2.6, 3.2.12. */
export interface Deal {
  /** As sent; echoed exactly. */
  readonly id: string;
  readonly floorCpmMicros: number;
  /** Its own: it does not inherit the imp's. */
  readonly floorCurrency: string;
  /** Of a video or audio, in the same currency; they go before the floor. */
  readonly floors: DurationFloors;
  /** The floor is the agreed price (`at` 3). */
  readonly fixed: boolean;
  /** The bidder has promised to bid (`guar`). */
  readonly guaranteed: boolean;
  /** Empty lists admit all. */
  readonly allowedSeats: readonly string[];
  /** Domains of advertisers, lower case. */
  readonly allowedDomains: readonly string[];
}

/** An identifier as it came, before hashing. It never leaves this process (promise 7). */
export interface RawIdentity {
  readonly space: IdentitySpace;
  readonly value: string;
}

export interface DroppedImp {
  readonly id: string;
  readonly reason: NoBidReason;
}

/** Personal data may be read or not, with the one reason why not. */
export type PrivacyVerdict =
  | 'allowed'
  | 'public-screen'
  | 'coppa'
  | 'limit-ad-tracking'
  | 'do-not-track'
  | 'gdpr'
  | 'us-privacy'
  | 'gpp'
  | 'global-privacy-control'
  | 'unreadable-signal';

export interface BidRequest {
  readonly id: string;
  readonly imps: readonly Imp[];
  readonly dropped: readonly DroppedImp[];
  /** ISO 3166 alpha-3, '' when unknown. */
  readonly country: string;
  /** Ordinal in DEVICE_KINDS. */
  readonly device: number;
  readonly siteDomain: string;
  readonly appBundle: string;
  readonly supply: SupplyPath;
  /** Allowed currencies of a bid; USD alone when the request does not say. */
  readonly currencies: readonly string[];
  readonly blockedCategories: readonly string[];
  /** Not empty: only these are accepted. */
  readonly allowedCategories: readonly string[];
  /** AdCOM taxonomy of both lists; 0 when the request does not say: then it is the exchange's. */
  readonly categoryTaxonomy: number;
  /** Lower case, without a trailing dot. */
  readonly blockedDomains: readonly string[];
  /** Of the creative, as the request names them; empty when any will do. */
  readonly allowedLanguages: readonly string[];
  readonly allowedSeats: readonly string[];
  readonly blockedSeats: readonly string[];
  /** What the Digital Services Act demands of a bid; null is nothing. */
  readonly dsa: DsaDemand | null;
  readonly test: boolean;
  /** 0 when the request does not say, ms with the network included. */
  readonly tmaxMs: number;
  /** 1 first price, 2 second price plus, others as the exchange defines them. */
  readonly auctionType: number;
  readonly privacy: PrivacyVerdict;
  /** Vendors with the person's consent; null where none is asked for, and everybody may. */
  readonly consented: readonly number[] | null;
  /** Most trusted first; empty unless privacy allows. At most IDENTITIES_MAX. */
  readonly identities: readonly RawIdentity[];
}
