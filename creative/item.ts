/** A product of the shop's catalogue, ready to be shown. Built from a feed by the segmenter. */
export interface Item {
  /** As in the feed. */
  readonly id: string;
  /** Plain text, already decoded from markup once; may still hold anything. */
  readonly title: string;
  /** Micros of the shop's currency; what the customer pays now. */
  readonly priceMicros: number;
  /** The price before a sale, or null. */
  readonly listPriceMicros: number | null;
  /** https URL, http URL, or data:image/svg+xml or data:image/png of the shop's own feed. */
  readonly imageUrl: string;
  /** The landing page. Never sent to a browser in an ad: the click endpoint looks it up by id. */
  readonly landingUrl: string;
  readonly category: string;
  readonly available: boolean;
}

/** What a generation publishes about a shop's goods. */
export interface Catalogue {
  readonly items: readonly Item[];
  /** Item ids by category, best sellers first. */
  readonly bestOfCategory: Readonly<Record<string, readonly string[]>>;
  /** Item ids, best sellers of the shop first. */
  readonly bestSellers: readonly string[];
}

/** What a selection may know of a person; lists are newest or best first. */
export interface Interests {
  readonly viewed: readonly string[];
  readonly cart: readonly string[];
  readonly boughtWith: readonly string[];
  /** Not to be shown. Whoever fills this leaves out what was viewed again since it was bought. */
  readonly bought: readonly string[];
  readonly categories: readonly string[];
}
