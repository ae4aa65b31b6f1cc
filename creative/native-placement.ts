/** A place for a native ad as a request offers it: flat, bounded, and only what we may have to give. */
export interface NativePlacement {
  readonly kind: 'native';
  readonly version: '1.0' | '1.1' | '1.2';
  /** The request had its root in `native`, so has the answer. */
  readonly wrapped: boolean;
  /** At least one. An optional asset that we never have is left out. */
  readonly assets: readonly NativeAsset[];
  /** `eventtrackers` may hold a pixel for the impression; else it goes into `imptrackers`. */
  readonly imageTracker: boolean;
  /** The place takes a link to a page about privacy. */
  readonly privacy: boolean;
  /** How many identical places there are; each bid fills one. */
  readonly count: number;
  readonly blockedAttributes: readonly number[];
}

/** Sizes in pixels; 0 is not said. */
export interface NativeAsset {
  readonly id: number;
  readonly required: boolean;
  readonly content: NativeContent;
  /** The standard's image or data asset type, 0 of a title. */
  readonly type: number;
  /** Of a text, in characters. */
  readonly lengthMax: number;
  /** Exact, unless there is a least one too. */
  readonly w: number;
  readonly h: number;
  readonly wMin: number;
  readonly hMin: number;
  /** Lower case; empty when any will do. */
  readonly mimes: readonly string[];
}

export type NativeContent =
  | 'title'
  | 'icon'
  | 'image'
  | 'sponsored'
  | 'description'
  | 'description-2'
  | 'price'
  | 'sale-price'
  | 'display-url'
  | 'cta';

/** Why there is no NativePlacement. */
export type NativeRefusal = 'native-unreadable' | 'native-asset-unsupported';
