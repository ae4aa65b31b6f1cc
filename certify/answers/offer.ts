/** What a bid is judged against, and which of the imp's formats it answers. */
import { items, type Json, json, number, text } from './wire-json.ts';

/** Units of each currency for one US dollar. */
type PerUsd = Readonly<Record<string, number>>;

/** What the standard leaves to the two who trade. */
export interface Agreement {
  readonly perUsd: PerUsd;
  /** Two imps of a request may be given one campaign. */
  readonly campaignTwice?: boolean;
  /** Names of the exchange's own macros, besides those of the standard: `CLICK_URL` for `${CLICK_URL}`. */
  readonly macros?: readonly string[];
  /** Of `banner.mimes`, besides those of HTML: types whose places render markup. */
  readonly markupMimes?: readonly string[];
  /** Of media types, in lower case: by another name the one that the files bear. */
  readonly mimeNames?: Readonly<Record<string, string>>;
  /** Whether a native answer has its root in `native`; absent, as the request has it. */
  readonly nativeWrapped?: boolean;
  /** A native answer is the object itself, and no string of JSON. */
  readonly nativeObject?: boolean;
}

export interface Offer {
  readonly request: Json;
  readonly imp: Json;
  readonly bid: Json;
  readonly seat: string;
  /** Of the answer's prices. */
  readonly currency: string;
  readonly agreement: Agreement;
}

/** AdCOM markup types. */
export const BANNER = 1;
export const VIDEO = 2;
export const AUDIO = 3;
export const NATIVE = 4;
/** By markup type the media objects that they belong to. */
const MEDIA = ['', 'banner', 'video', 'audio', 'native'];

export function mediaTypesOf(imp: Json): number[] {
  return [BANNER, VIDEO, AUDIO, NATIVE].filter((type) => {
    const media = imp[MEDIA[type]!];
    return json(media) === media;
  });
}

/** As said, else what the imp leaves no choice about. 0 when it cannot be told. */
export function typeOf({ imp, bid }: Offer): number {
  if (bid['mtype'] !== undefined) return number(bid['mtype']);
  const offered = mediaTypesOf(imp);
  return offered.length === 1 ? offered[0]! : 0;
}

/** The object of the imp that the bid answers, without fields when there is none. */
export function mediaOf(offer: Offer): Json {
  return json(offer.imp[MEDIA[typeOf(offer)] ?? '']);
}

/** That the bid names; undefined for none, and for one that the imp does not offer. */
export function dealOf({ imp, bid }: Offer): Json | undefined {
  const id = text(bid['dealid']);
  if (id === '') return undefined;
  return items(json(imp['pmp'])['deals'])
    .map(json)
    .find((each) => text(each['id']) === id);
}
