/** What forgetting is asked for and what it answers: plain data, because it crosses processes. */
import type { ShopDataRequest } from '../open-shop-data.ts';

/** What a person is known by; at least one of all. */
export interface PersonQuery {
  /** Ids of the CRM. */
  readonly customers: readonly string[];
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** As in a devices file. */
  readonly devices: readonly { readonly space: string; readonly value: string }[];
}

/** Who is to be looked up in a shop's data. */
export interface PersonRequest extends ShopDataRequest {
  readonly query: PersonQuery;
  /** Where phones without a country's code are dialled, ISO 3166: their MD5s are of the whole number. */
  readonly phoneRegion?: string;
  /** IANA zone of the shop. */
  readonly timeZone: string;
  readonly nowMs: number;
}

export interface ForgetRequest extends PersonRequest {
  /** Lets whoever was forgotten come back with the next import, instead of forgetting. */
  readonly lift: boolean;
  /** Also customers whom nothing names: who share an e-mail or phone with those that were, or are one person with them. */
  readonly all: boolean;
}

/**
 * `done`: taken out. `nothing there`: nothing was held. `pending`: goes by itself by `untilMs`, or with
 * what `reason` names. `kept`: not ours to change, `reason` says whose.
 */
type PlaceState = 'done' | 'nothing there' | 'pending' | 'kept';

export interface PlaceStatus {
  readonly place: string;
  readonly state: PlaceState;
  /** Rows or records that went, or are to go. */
  readonly records: number;
  readonly reason: string;
  /** Unix ms; only when pending until a day that is known. */
  readonly untilMs?: number;
}

/** What stays of a request: keyed hashes, times and states. */
export interface ErasureRecord {
  readonly v: 1;
  /** The same for the same request of the same shop. */
  readonly id: string;
  readonly shop: string;
  readonly requestedAtMs: number;
  /** When the last of it went; null while it is not done: the same command finishes it. */
  readonly erasedAtMs: number | null;
  readonly liftedAtMs: number | null;
  readonly customers: number;
  readonly persons: readonly string[];
  readonly identities: readonly string[];
  readonly phones: readonly string[];
  readonly sharedIdentifiers: number;
  /**
   * Other persons that the customers were in a generation which was kept, one with somebody who stays:
   * what was known of both went, and a build makes anew what is of those who stay. They are not on the
   * list. Requests of earlier versions do not say.
   */
  readonly joinedAs?: readonly string[];
  /** The generation that served then; null for none. */
  readonly servingThen: string | null;
  readonly places: readonly PlaceStatus[];
}

/** What was asked for cannot be done as it stands; nothing was changed. */
export class ForgetRefused extends Error {
  override readonly name = 'ForgetRefused';
}
