/**
 * What the services ask of a store. Two adapters answer: LMDB (store/lmdb) and Redis or Redis
 * Cluster (store/redis); one contract suite holds both to these comments.
 *
 * The hot ports (HotReads, Reservations) take a receiver instead of returning a promise, because
 * LMDB answers a read before it returns and a reservation later in the same turn: a bid must not
 * pay for a promise it does not need. The receiver is called exactly once, with `failed` set when the store could not answer in time.
 * Every other port is asynchronous and rejects with StoreUnavailable when the store is away.
 */

import type { CapRule } from '../proto/exposure-log.ts';
import type { Erasure, Learned, Syncs } from './record-ports.ts';

/** The store did not answer: down, hung past its timeout, or not the store we think it is. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Filled by the caller, completed by the adapter, reused by the caller after `done`. */
export interface PersonRead {
  shop: string;
  generation: string;
  /**
   * Hashed identity keys that the generation may link, most trusted first; at most IDENTITIES_MAX.
   * Ignored when person is set.
   */
  identities: readonly string[];
  /** Who it is when none of them is linked. */
  visitor: string;
  /** Known already (from the L1 cache), or to be found through `identities`. '' is unknown. */
  person: string;
  /** False when the caller has the profile in its L1 cache. */
  wantProfile: boolean;
  /** To be held for a person whom the generation knows; null for none. */
  blanks: Blanks | null;
  /**
   * Set by the adapter when it looked through `identities`: index of the one that led to the person,
   * or -1. Left as it is when `person` was given.
   */
  matchedIdentity: number;
  profile: Uint8Array | null;
  live: Uint8Array | null;
  /** The exposure log as it was before the blanks. */
  exposures: Uint8Array | null;
  /** Set by the adapter: whether the blanks are in the log now. Then `reserve` must hear of them. */
  held: boolean;
  failed: boolean;
}

/** A read that asks for nobody yet. */
export function emptyRead(): PersonRead {
  return {
    shop: '',
    generation: '',
    identities: [],
    visitor: '',
    person: '',
    wantProfile: true,
    blanks: null,
    matchedIdentity: -1,
    profile: null,
    live: null,
    exposures: null,
    held: false,
    failed: false,
  };
}

export interface PersonReceiver {
  personRead(read: PersonRead): void;
}

export const IDENTITIES_MAX = 8;

/**
 * Impressions that a read reserves before anybody knows for which campaigns, so that a bid need not
 * wait for a second journey to the store. Each counts against every cap of the shop until it is filled
 * in, returned, confirmed or released as its bid's, or expired: bids that rest on what was in the log
 * before their blanks pass no cap, whoever else reads and bids meanwhile (docs/decisions/0016).
 */
export interface Blanks {
  /** The bids that may be made, as in CapReservation: one for each blank, at most BLANKS_MAX. */
  readonly bidKeys: readonly number[];
  readonly nowMs: number;
  /** At least as late as that of any bid which fills one in. */
  readonly expiresAtMs: number;
}

export const BLANKS_MAX = 4;

export interface HotReads {
  /** False where blanks are never held, since a reservation costs no journey. */
  readonly holdsBlanks: boolean;
  /** Whether a caller who remembers whom an identity leads to saves a journey by it. */
  readonly worthRemembering: boolean;
  /**
   * Finds the person behind the identities in this generation and reads profile, live facts and
   * exposure log together. When no identity is linked, `person` becomes the visitor and profile
   * stays null. Byte arrays belong to the receiver only during the
   * call: copy what is kept.
   */
  readPerson(read: PersonRead, receiver: PersonReceiver): void;
}

/** One impression held for a bid. See proto/exposure-log.ts for how it is kept. */
export interface CapReservation {
  /** 32-bit key of the campaign, see proto/exposure-log.ts. */
  readonly campaignKey: number;
  /** 53-bit positive integer that names the bid. */
  readonly bidKey: number;
  readonly rules: readonly CapRule[];
  /** A reservation neither confirmed nor released by then, Unix ms, counts no longer. */
  readonly expiresAtMs: number;
}

export interface ReserveSubject {
  readonly shop: string;
  readonly person: string;
  readonly nowMs: number;
  /**
   * The person's exposure log as the caller has just read it, null when there was none; absent
   * when it was not read. Lent for the call. Without blanks for speed alone: what is granted does
   * not rest on it.
   */
  readonly seen?: Uint8Array | null | undefined;
  /**
   * Those that the read held. Then `seen` is the log before them, each reservation has the bidKey of
   * one, and the receiver is called before this returns. A blank is filled in when its reservation is
   * granted, and else returned, as soon as may be.
   */
  readonly blanks?: Blanks | null;
}

export interface ReservationReceiver {
  /** `granted[i]` belongs to `reservations[i]`. With `failed` nothing is granted. */
  reserved(granted: readonly boolean[], failed: boolean): void;
  /**
   * Later, where blanks were held: the store did not say that it took what became of them, so they
   * may count until they expire.
   */
  blanksLapse?(): void;
}

export interface Caps {
  /**
   * Checks every rule of each reservation in turn against confirmed and live reserved impressions,
   * and records the granted ones; atomic per person over all workers and nodes. The same bidKey
   * again is granted without counting twice. A person whose log is full (EXPOSURES_MAX) is granted
   * nothing. A reservation that failed may still be held by the store: it ends with its expiry.
   */
  reserve(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void;
  /**
   * The impression was shown. True when it counts now for the first time. It counts also when the
   * reservation had expired or was never seen: what was shown was shown.
   */
  confirm(subject: CapSubject): Promise<boolean>;
  /** The auction was lost: the reservation stops counting, unless it was confirmed. */
  release(subject: CapSubject): Promise<void>;
}

export interface CapSubject {
  shop: string;
  person: string;
  campaignKey: number;
  bidKey: number;
  nowMs: number;
}

/** A budget of one campaign for one period. `period` is `flight` or a local date `2026-11-22`. */
export interface BudgetRef {
  readonly campaign: string;
  readonly period: string;
}

/** All amounts in nanos of the campaign's currency (proto/micros.ts). */
export interface BudgetState {
  readonly amountNanos: number;
  /** Not leased and not settled; negative only by late settlements and by a lowered amount. */
  readonly freeNanos: number;
  /** Granted to leases still open, less what they have settled or given back. */
  readonly leasedNanos: number;
  readonly settledNanos: number;
  /** The part of settledNanos that no open lease held any more; it was charged to free. */
  readonly lateNanos: number;
}

export interface LeaseRequest {
  readonly leaseId: string;
  readonly wantedNanos: number;
  /**
   * The budget's whole amount: the first lease of a period creates it; a new lease with another
   * amount moves `free` by the difference.
   */
  readonly amountNanos: number;
  /** Pacing: leased and settled together may not pass this. */
  readonly ceilingNanos: number;
  readonly nowMs: number;
  /** From then on the sweep may take the rest back; settlements after that are late. */
  readonly expiresAtMs: number;
}

export type SettleResult = 'counted' | 'late' | 'duplicate' | 'unknown-budget';

/**
 * Deduct-at-grant leases (docs/decisions/0003): a worker may only bid money that its lease holds;
 * what a lease did not settle returns to the budget when it ends.
 * free + leased + settled = amount, at every moment, to the nano.
 */
export interface Budgets {
  /**
   * Grants at most wanted, free and the pacing ceiling allow; 0 when nothing is left. Idempotent by
   * leaseId: the same id gets its first grant again, until ten minutes after it ended.
   */
  lease(budget: BudgetRef, request: LeaseRequest): Promise<number>;
  /**
   * Books the price of one bid, once for ever (at least eight days). 'late' when its lease had ended
   * or held less than the price. A released bid that is billed after all is booked.
   */
  settle(
    budget: BudgetRef,
    charge: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<SettleResult>;
  /** A lost bid: its money returns to free at once, once. False when settled or released before. */
  release(
    budget: BudgetRef,
    bid: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<boolean>;
  /** On drain: gives back, once a lease, what it never promised to a bid. */
  returnUnused(budget: BudgetRef, lease: { leaseId: string; nanos: number }): Promise<void>;
  /** Ends the expired leases of a budget; returns how many. */
  sweep(budget: BudgetRef, nowMs: number): Promise<number>;
  read(budget: BudgetRef): Promise<BudgetState | null>;
}

export interface Notices {
  /** True exactly once for an id within `keepMs`, over all workers and nodes. */
  first(id: string, keepMs: number, nowMs: number): Promise<boolean>;
}

export interface LiveFactsStore {
  read(shop: string, person: string): Promise<Uint8Array | null>;
  /**
   * Atomic read-modify-write: `change` may be called again when somebody else wrote in between, so
   * it must be pure. The record lives `keepMs` from this write, by the store's own clock.
   */
  update(
    key: { shop: string; person: string; keepMs: number; nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void>;
}

export interface ServingPointer {
  readonly generation: string;
  /** What --rollback returns to; null after the first build. */
  readonly previous: string | null;
}

/** Profiles of a generation: of persons from `from` up to, and without, `to`, null for all; but for some. */
export interface ProfileRange {
  readonly generation: string;
  readonly from: string;
  readonly to: string | null;
  readonly but: ReadonlySet<string>;
}

export const COPIED_AT_ONCE = 500;

export interface GenerationWriter extends AsyncDisposable {
  /** Batches; resolve when the store holds them. Keys are person ids and identity keys. */
  putProfiles(batch: readonly { person: string; bytes: Uint8Array }[]): Promise<void>;
  putLinks(batch: readonly { identity: string; person: string }[]): Promise<void>;
  /**
   * Takes profiles over from another generation as they are: some with each step, which says how many, at most
   * COPIED_AT_ONCE.
   */
  copyProfiles(source: ProfileRange): AsyncIterable<number>;
  /** Manifest, catalogue: whole documents of the generation. */
  putBlob(name: string, bytes: Uint8Array): Promise<void>;
  /** After this the generation may be flipped to. Throws when the counts do not match what is held. */
  seal(counts: { profiles: number; links: number }): Promise<void>;
  /** From now on disposing lets an unfinished generation stay, for Generations.resume. */
  leave(): void;
}

export interface Generations {
  /**
   * Ids sort by time of build. Writing to a sealed generation throws; an unsealed one, which a killed
   * build left behind, is emptied first. Disposing the writer removes what was not sealed.
   */
  write(shop: string, generation: string): Promise<GenerationWriter>;
  /**
   * Goes on with an unsealed generation, that a killed build or leave() left behind, and all it holds; what
   * is put again takes the place of what was. Throws when there is none.
   */
  resume(shop: string, generation: string): Promise<GenerationWriter>;
  serving(shop: string): Promise<ServingPointer | null>;
  /** Only a sealed generation can serve. The one that served becomes `previous`. */
  flip(shop: string, generation: string): Promise<void>;
  /** Swaps serving and `previous`, so a second rollback undoes the first; throws when there is none. */
  rollback(shop: string): Promise<ServingPointer>;
  list(shop: string): Promise<readonly { generation: string; sealed: boolean }[]>;
  /** Refuses the serving and the previous generation. */
  remove(shop: string, generation: string): Promise<void>;
  readBlob(shop: string, generation: string, name: string): Promise<Uint8Array | null>;
  readProfile(shop: string, generation: string, person: string): Promise<Uint8Array | null>;
  readLink(shop: string, generation: string, identity: string): Promise<string | null>;
  /** Some person ids of the generation in key order, after `after`: for samples and the console. */
  scanProfiles(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly string[]>;
  /** Some links in key order, after `after`: for building sample requests. */
  scanLinks(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly { identity: string; person: string }[]>;
}

/** Small settings and offsets that services share: the log's applied offsets, format versions. */
export interface Marks {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

export interface Store extends AsyncDisposable {
  /** For people: `LMDB at …`, `Redis at …`, never a password. */
  readonly description: string;
  readonly hot: HotReads;
  readonly caps: Caps;
  readonly budgets: Budgets;
  readonly notices: Notices;
  readonly live: LiveFactsStore;
  readonly syncs: Syncs;
  readonly learned: Learned;
  readonly generations: Generations;
  readonly marks: Marks;
  readonly erasure: Erasure;
  /** Resolves when the store answers within its timeout, else rejects with StoreUnavailable. */
  ping(): Promise<void>;
  /** False while the breaker is open or the connection is away: do not ask, decide without. */
  available(): boolean;
}
