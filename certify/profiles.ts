/**
 * What the tool asks as, and what it holds a bidder to: one row an exchange, of what its public
 * documentation says; what is not known of one is as `generic` has it.
 */

export interface Profile {
  readonly name: string;
  readonly format: 'json' | 'protobuf';
  /** The first is sent with requests; an answer may have any of them. */
  readonly contentTypes: readonly string[];
  /** Packing is agreed on: requests may come packed, answers must be where the request accepts it. */
  readonly gzip: boolean;
  /** 204, or 200 that says why (`nbr`), or whichever the bidder likes (OpenRTB 2.6, 7.1). */
  readonly noBid: 'status' | 'reason' | 'either';
  /** Of `x-openrtb-version`. */
  readonly version: string;
  /** Prices in notices come encrypted, in the scheme of Authorized Buyers. */
  readonly sealedPrice: boolean;
  /** Names of its macros besides the standard's. */
  readonly macros: readonly string[];
  /** Bids must carry `ext.nroa.erid`, the marking that the law asks for. */
  readonly erid: boolean;
  /** Of the built-in request's `cur`, and of its sizes. */
  readonly currencies: readonly string[];
  readonly auctionType: 1 | 2;
  readonly sizes: readonly (readonly [w: number, h: number])[];
}

const JSON_TYPES = ['application/json'];
const PROTOBUF_TYPES = ['application/x-protobuf', 'application/octet-stream'];
const USUAL_SIZES = [
  [300, 250],
  [728, 90],
  [320, 50],
  [300, 600],
] as const;

const generic: Profile = {
  name: 'generic',
  format: 'json',
  contentTypes: JSON_TYPES,
  gzip: false,
  noBid: 'either',
  version: '2.6',
  sealedPrice: false,
  macros: [],
  erid: false,
  currencies: ['USD'],
  auctionType: 1,
  sizes: USUAL_SIZES,
};

export const PROFILES: readonly Profile[] = [
  generic,
  {
    ...generic,
    name: 'google',
    format: 'protobuf',
    contentTypes: [...PROTOBUF_TYPES].reverse(),
    gzip: true,
    sealedPrice: true,
  },
  { ...generic, name: 'xandr', noBid: 'status', macros: ['CLICK_URL', 'CLICK_URL_ENC'] },
  {
    ...generic,
    name: 'yandex',
    version: '2.5',
    erid: true,
    currencies: ['RUB'],
    sizes: [...USUAL_SIZES, [240, 400]],
  },
  { ...generic, name: 'index' },
  { ...generic, name: 'prebid' },
  { ...generic, name: 'protobuf', format: 'protobuf', contentTypes: PROTOBUF_TYPES },
];
