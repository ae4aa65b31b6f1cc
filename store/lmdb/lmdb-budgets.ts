import { BID_MARK_KEEP_MS, LEASE_MEMORY_MS } from '../budget-lives.ts';
import { assertNanos } from '../nanos-check.ts';
import {
  type BudgetRef,
  type BudgetState,
  type Budgets,
  type LeaseRequest,
  type SettleResult,
  StoreUnavailable,
} from '../ports.ts';
import {
  type BudgetRow,
  endLease,
  giveBack,
  grantLease,
  type LeaseRow,
  newBudget,
  settleCharge,
} from './budget-ledger.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';
import { endSilence, silenceLeftMs } from './lmdb-silence.ts';

interface BidMark {
  readonly what: 'settled' | 'released';
  readonly endMs: number;
}

/**
 * Keys of the budgets table: `b|campaign|period` the budget, `l|campaign|period|lease` a lease,
 * `m|campaign|bid` what became of a bid. Money fails closed: an unreadable row is an error here.
 */
export class LmdbBudgets implements Budgets {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async lease(ref: BudgetRef, request: LeaseRequest): Promise<number> {
    assertNanos(request.wantedNanos, request.amountNanos, request.ceilingNanos);
    const leaseKey = keyOfLease(ref, request.leaseId);
    return this.#write(() => {
      const known = this.#get<LeaseRow>(leaseKey);
      if (known !== null) return known.grantedNanos;
      if (this.#isSilent()) return 0;
      const budget = this.#budget(ref) ?? newBudget(request.amountNanos);
      const granted = grantLease(budget, request);
      this.#put(keyOfBudget(ref), budget);
      if (granted > 0) this.#put(leaseKey, newLease(granted, request.expiresAtMs));
      return granted;
    });
  }

  async settle(
    ref: BudgetRef,
    charge: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<SettleResult> {
    assertNanos(charge.nanos);
    return this.#write(() => {
      const budget = this.#budget(ref) ?? this.#forgotten();
      if (budget === null) return 'unknown-budget';
      if (this.#mark(ref, charge.bidId)?.what === 'settled') return 'duplicate';
      const lease = this.#lease(ref, charge.leaseId);
      const result = settleCharge(budget, lease, charge.nanos);
      this.#putAll(ref, budget, charge.leaseId, lease);
      this.#putMark(ref, charge.bidId, { what: 'settled', endMs: charge.nowMs + BID_MARK_KEEP_MS });
      return result;
    });
  }

  async release(
    ref: BudgetRef,
    bid: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<boolean> {
    assertNanos(bid.nanos);
    return this.#write(() => {
      const budget = this.#budget(ref);
      if (budget === null || this.#mark(ref, bid.bidId) !== null) return false;
      const lease = this.#lease(ref, bid.leaseId);
      giveBack(budget, lease, bid.nanos);
      this.#putAll(ref, budget, bid.leaseId, lease);
      this.#putMark(ref, bid.bidId, { what: 'released', endMs: bid.nowMs + BID_MARK_KEEP_MS });
      return true;
    });
  }

  async returnUnused(ref: BudgetRef, given: { leaseId: string; nanos: number }): Promise<void> {
    assertNanos(given.nanos);
    await this.#write(() => {
      const budget = this.#budget(ref);
      const lease = this.#lease(ref, given.leaseId);
      if (budget === null || lease === null || lease.ended || lease.returned) return;
      giveBack(budget, lease, given.nanos);
      lease.returned = true;
      this.#putAll(ref, budget, given.leaseId, lease);
    });
  }

  async sweep(ref: BudgetRef, nowMs: number): Promise<number> {
    return this.#write(() => {
      const budget = this.#budget(ref);
      if (budget === null) return 0;
      let ended = 0;
      for (const key of this.#leaseKeys(ref)) {
        if (this.#sweepLease(key, budget, nowMs)) ended++;
      }
      if (ended > 0) this.#put(keyOfBudget(ref), budget);
      return ended;
    });
  }

  /** True when the lease ended now; one that ended long ago is forgotten. */
  #sweepLease(key: string, budget: BudgetRow, nowMs: number): boolean {
    const lease = this.#get<LeaseRow>(key);
    if (lease === null || lease.expiresAtMs > nowMs) return false;
    if (lease.ended) {
      if (lease.expiresAtMs + LEASE_MEMORY_MS <= nowMs) this.#env.budgets.removeSync(key);
      return false;
    }
    endLease(budget, lease);
    this.#put(key, lease);
    return true;
  }

  async read(ref: BudgetRef): Promise<BudgetState | null> {
    return answer(this.#env, () => this.#budget(ref));
  }

  /** Ends a silence that is over. */
  #isSilent(): boolean {
    const leftMs = silenceLeftMs(this.#env);
    if (leftMs === 0) endSilence(this.#env);
    return leftMs !== null && leftMs > 0;
  }

  /** A budget younger than the copy that the store was rebuilt from: its next lease brings the amount. */
  #forgotten(): BudgetRow | null {
    return silenceLeftMs(this.#env) === null ? null : newBudget(0);
  }

  #write<T>(work: () => T): Promise<T> {
    return answer(this.#env, () => this.#env.write(work));
  }

  #budget(ref: BudgetRef): BudgetRow | null {
    return this.#get<BudgetRow>(keyOfBudget(ref));
  }

  #lease(ref: BudgetRef, leaseId: string): LeaseRow | null {
    return this.#get<LeaseRow>(keyOfLease(ref, leaseId));
  }

  #leaseKeys(ref: BudgetRef): string[] {
    const start = keyOfLease(ref, '');
    // '}' is the character after '|': the range holds the leases of this budget alone.
    return [...this.#env.budgets.getKeys({ start, end: `${start.slice(0, -1)}}` })];
  }

  #mark(ref: BudgetRef, bidId: string): BidMark | null {
    return this.#get<BidMark>(`m|${ref.campaign}|${bidId}`);
  }

  #putMark(ref: BudgetRef, bidId: string, mark: BidMark): void {
    this.#put(`m|${ref.campaign}|${bidId}`, mark);
  }

  #putAll(ref: BudgetRef, budget: BudgetRow, leaseId: string, lease: LeaseRow | null): void {
    this.#put(keyOfBudget(ref), budget);
    if (lease !== null) this.#put(keyOfLease(ref, leaseId), lease);
  }

  #get<Row>(key: string): Row | null {
    const stored = this.#env.get(this.#env.budgets, key);
    if (stored === null) return null;
    try {
      return JSON.parse(stored.toString()) as Row;
    } catch (error) {
      throw new StoreUnavailable(`${this.#env.description}: budget record ${key} is damaged`, {
        cause: error,
      });
    }
  }

  #put(key: string, row: BudgetRow | LeaseRow | BidMark): void {
    this.#env.budgets.putSync(key, Buffer.from(JSON.stringify(row)));
  }
}

/** When a row of the budgets table may be forgotten, Unix ms; Infinity when only a sweep may tell. */
export function budgetRowEndMs(key: string, stored: Uint8Array): number {
  if (!key.startsWith('m|')) return Number.POSITIVE_INFINITY;
  try {
    return (JSON.parse(Buffer.from(stored).toString()) as BidMark).endMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function newLease(grantedNanos: number, expiresAtMs: number): LeaseRow {
  return { grantedNanos, leftNanos: grantedNanos, expiresAtMs, ended: false, returned: false };
}

function keyOfBudget(ref: BudgetRef): string {
  return `b|${ref.campaign}|${ref.period}`;
}

function keyOfLease(ref: BudgetRef, leaseId: string): string {
  return `l|${ref.campaign}|${ref.period}|${leaseId}`;
}
