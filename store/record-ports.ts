/** Ports of small records that notices and user syncs leave: part of ports.ts. */

/** That a browser and an id of an exchange belong together, as keyed hashes (proto/ids.ts). */
export interface Sync {
  /** Our own id of the browser. */
  readonly cookie: string;
  readonly exchange: string;
  /** The id that the exchange has of it. */
  readonly theirs: string;
}

/** The longest that a sync is remembered. */
export const SYNC_KEEP_MAX_MS = 60 * 86_400_000;

/** The partner map. Written by the event log's replay: in whatever order, the same comes out. */
export interface Syncs {
  /**
   * Remembers it until `endsAtMs`, Unix ms, at most SYNC_KEEP_MAX_MS from when it was made; the same
   * again only lengthens that. Changes nothing for a cookie that was forgotten.
   */
  put(shop: string, sync: Sync, endsAtMs: number): Promise<void>;
  /** Forgets everything of a cookie, at `atMs` and for good: a browser that comes back gets another. */
  forget(shop: string, cookie: string, atMs: number): Promise<void>;
  /** Every sync that ends after `nowMs`, in batches and no order; one may come twice. */
  all(shop: string, nowMs: number): AsyncIterable<readonly Sync[]>;
}

/** Names of records that belong together; `kind` and `name` are `[A-Za-z0-9_-]`. */
export interface LearnedRef {
  readonly exchange: string;
  readonly kind: string;
}

/** What notices have taught about an exchange: small records, some hundred at most for each kind. */
export interface Learned {
  read(ref: LearnedRef & { readonly name: string }, nowMs: number): Promise<Uint8Array | null>;
  /** All that have not ended, by name. */
  list(ref: LearnedRef, nowMs: number): Promise<ReadonlyMap<string, Uint8Array>>;
  /** As LiveFactsStore.update: atomic, `change` must be pure. The record ends `keepMs` after `nowMs`. */
  update(
    key: LearnedRef & { readonly name: string; readonly keepMs: number; readonly nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void>;
}

/** Whom a store is to forget, as keyed hashes alone. */
export interface ErasureSubject {
  readonly shop: string;
  readonly persons: readonly string[];
  /**
   * Identity keys that led to them. Each is a person too while no link leads on from it (proto/ids.ts,
   * anonymousPersonId), so what is kept under it goes as well.
   */
  readonly identities: readonly string[];
  /** Links of one generation alone, whose identities are others' too: they stay where they lead to those. */
  readonly links: readonly GenerationLink[];
}

export interface GenerationLink {
  readonly generation: string;
  readonly identity: string;
}

/** How many records went. */
export interface ErasedRecords {
  readonly profiles: number;
  readonly links: number;
  readonly liveFacts: number;
  readonly exposureLogs: number;
}

/** Takes a person out of all that is kept for a shop; syncs have Syncs.forget. */
export interface Erasure {
  /**
   * Of every generation, sealed or not, the persons' profiles and the identities' links; `links`; live facts and
   * exposure logs of both. Killed in between, it may be done again: what is gone counts no more.
   */
  erase(subject: ErasureSubject): Promise<ErasedRecords>;
}
