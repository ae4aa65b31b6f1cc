/**
 * Money at hand: each campaign holds one lease from the store and bids only what it still holds, at
 * the full price of the bid. Leases are fetched before they are needed and never on a bid's way. A
 * bid may be answered for BID_EXP_MAX_S after it leaves, so a lease is bid from only while it lives
 * that much longer; what it did not promise by then goes back.
 */
import { strict as assert } from 'node:assert';
import type { BudgetRef, Budgets } from '../store/ports.ts';
import type { MoneyView } from './auction/decision.ts';
import type { ShopSnapshot, Snapshot } from './auction/snapshot.ts';
import type { LeaseBook, Promised, PromisedBid, Purse } from './lease-book.ts';
import {
  budgetPeriod,
  elapsedShare,
  pacingCeilingNanos,
  pacingFactor,
  periodEndMs,
} from './pacing.ts';

/** Longest time a notice is waited for after a bid. */
export const BID_EXP_MAX_S = 120;
/** From grant to sweep. */
const LEASE_LIFE_MS = 300_000;
/** How long after its grant a lease may be bid from. */
const LEASE_USE_MS = LEASE_LIFE_MS - BID_EXP_MAX_S * 1000;
/** A dry campaign asks again after this long. */
const RETRY_MS = 1000;
/** The first lease is worth this many bids at the campaign's ceiling. */
const FIRST_BIDS = 100;
const LEASES_AT_ONCE_MAX = 64;
const SWEEP_EVERY_MS = 30_000;

export interface LeaseOptions {
  readonly budgets: Budgets;
  /** Workers over all processes that bid from the same budgets: the divisor of small leases. */
  readonly workers: number;
  /** Unique for this worker and start; lease ids begin with it. `[a-z0-9-]`. */
  readonly instance: string;
  /** Counted: the store did not answer, the campaign goes on without money. */
  onFailure(error: unknown): void;
}

/** One per worker. A book's `money` is what the decision reads; `promise` and `unpromise` are synchronous. */
export class BudgetLeases {
  readonly #options: LeaseOptions;
  #purses = new Map<string, Purse>();
  #leaseCount = 0;
  #sweptAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: LeaseOptions) {
    assert(LEASE_USE_MS > 0, 'a lease must outlive the bids made from it');
    assert(options.workers >= 1, 'there is at least this worker');
    this.#options = options;
  }

  /**
   * Follows a new snapshot: campaigns that stay keep their lease. The book before is empty from now
   * on, so that bids under way on the old snapshot find no money instead of somebody else's.
   */
  adopt(snapshot: Snapshot): LeaseBook {
    const before = this.#purses;
    this.#purses = new Map();
    const money = snapshot.shops.map((shop) => ({
      availableNanos: new Float64Array(shop.campaigns.length),
      pacing: new Float64Array(shop.campaigns.length).fill(1),
    }));
    const purses = snapshot.shops.map((shop, s) =>
      shop.campaigns.map((_, ordinal) => this.#adoptOne(before, shop, money[s]!, ordinal)),
    );
    for (const purse of before.values()) void this.#giveBack(purse);
    return { money, purses };
  }

  #adoptOne(
    before: Map<string, Purse>,
    shop: ShopSnapshot,
    money: MoneyView,
    ordinal: number,
  ): Purse {
    const { campaign, maxCpmMicros, budgetNanos } = shop.campaigns[ordinal]!.campaign;
    const name = `${shop.settings.shop}/${campaign}`;
    const known = before.get(name);
    before.delete(name);
    const purse: Purse = {
      shop,
      money,
      ordinal,
      budget: known?.budget ?? { campaign: name, period: '' },
      periodUntilMs: 0,
      leaseId: known?.leaseId ?? '',
      usableUntilMs: known?.usableUntilMs ?? 0,
      grantedNanos: known?.grantedNanos ?? 0,
      wantedNanos: Math.min(known?.wantedNanos ?? maxCpmMicros * FIRST_BIDS, budgetNanos),
      asking: false,
      retryAtMs: 0,
    };
    money.availableNanos[ordinal] = known?.money.availableNanos[known.ordinal] ?? 0;
    money.pacing[ordinal] = known?.money.pacing[known.ordinal] ?? 1;
    // An answer still under way belongs to the old purse: it must not promise what moved here.
    if (known !== undefined) known.money.availableNanos[known.ordinal] = 0;
    this.#purses.set(name, purse);
    return purse;
  }

  /** Takes a bid's full price out of the campaign's lease; false when the lease cannot give it. */
  promise(book: LeaseBook, bid: PromisedBid, nowMs: number, out: Promised): boolean {
    const purse = book.purses[bid.shop]![bid.campaign]!;
    const available = purse.money.availableNanos;
    const short = available[purse.ordinal]! < bid.reservedNanos;
    if (short || nowMs >= purse.usableUntilMs || this.#closed) return false;
    available[purse.ordinal]! -= bid.reservedNanos;
    out.leaseId = purse.leaseId;
    out.period = purse.budget.period;
    return true;
  }

  /** The bid did not leave after all. Money of a lease that has changed since lapses with that lease. */
  unpromise(book: LeaseBook, bid: PromisedBid, promised: Promised): void {
    const purse = book.purses[bid.shop]![bid.campaign]!;
    const live = this.#purses.get(purse.budget.campaign) === purse;
    if (live && purse.leaseId === promised.leaseId) {
      purse.money.availableNanos[purse.ordinal]! += bid.reservedNanos;
    }
  }

  /**
   * The work that no bid waits for: ends the use of old leases, fetches new ones, now and then
   * sweeps expired ones. Call about every 100 ms; resolves when the store has answered.
   */
  async maintain(nowMs: number): Promise<void> {
    if (this.#closed) return;
    const work: Promise<void>[] = [];
    for (const purse of this.#purses.values()) {
      if (work.length >= LEASES_AT_ONCE_MAX) await Promise.race(work.splice(0, work.length / 2));
      if (this.#needsLease(purse, nowMs)) work.push(this.#renew(purse, nowMs));
    }
    await Promise.all(work);
    if (nowMs - this.#sweptAtMs >= SWEEP_EVERY_MS) {
      this.#sweptAtMs = nowMs;
      await this.#sweep(nowMs);
    }
  }

  /** On drain: nothing is promised from now on, and what was not promised returns. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#purses.values()].map((purse) => this.#giveBack(purse)));
  }

  #needsLease(purse: Purse, nowMs: number): boolean {
    const { campaign } = purse.shop.campaigns[purse.ordinal]!;
    if (purse.asking || !campaign.active || nowMs < purse.retryAtMs) return false;
    if (nowMs < campaign.startMs || nowMs >= campaign.endMs) return false;
    if (nowMs >= purse.usableUntilMs || this.#isOfAnotherPeriod(purse, nowMs)) return true;
    return purse.money.availableNanos[purse.ordinal]! < purse.grantedNanos / 2;
  }

  /** Asked of every campaign ten times a second, so the calendar is consulted once a period. */
  #isOfAnotherPeriod(purse: Purse, nowMs: number): boolean {
    if (nowMs < purse.periodUntilMs) return false;
    const { campaign } = purse.shop.campaigns[purse.ordinal]!;
    const { zone } = purse.shop;
    if (budgetPeriod(campaign, zone, nowMs) !== purse.budget.period) return true;
    purse.periodUntilMs = periodEndMs(campaign, zone, nowMs);
    return false;
  }

  async #renew(purse: Purse, nowMs: number): Promise<void> {
    purse.asking = true;
    try {
      await this.#lease(purse, nowMs);
    } catch (error) {
      purse.retryAtMs = nowMs + RETRY_MS;
      this.#options.onFailure(error);
    } finally {
      purse.asking = false;
    }
  }

  async #lease(purse: Purse, nowMs: number): Promise<void> {
    const { campaign } = purse.shop.campaigns[purse.ordinal]!;
    const { zone } = purse.shop;
    const usedUp = purse.leaseId !== '' && nowMs < purse.usableUntilMs;
    const period = budgetPeriod(campaign, zone, nowMs);
    const budget = { campaign: purse.budget.campaign, period };
    const state = await this.#options.budgets.read(budget);
    const freeNanos = state?.freeNanos ?? campaign.budgetNanos;
    if (usedUp) purse.wantedNanos = Math.min(purse.wantedNanos * 2, campaign.budgetNanos);
    // Small near the end, so that no worker sits on the last of the money.
    const share = Math.floor(freeNanos / (4 * this.#options.workers));
    const wantedNanos = Math.max(campaign.maxCpmMicros, Math.min(purse.wantedNanos, share));
    const leaseId = `${this.#options.instance}-${(this.#leaseCount++).toString(36)}`;
    const grantedNanos = await this.#options.budgets.lease(budget, {
      leaseId,
      wantedNanos,
      amountNanos: campaign.budgetNanos,
      ceilingNanos: pacingCeilingNanos(campaign, zone, nowMs),
      nowMs,
      expiresAtMs: nowMs + LEASE_LIFE_MS,
    });
    const used = (state?.leasedNanos ?? 0) + (state?.settledNanos ?? 0);
    const pacing = pacingFactor(campaign, used, elapsedShare(campaign, zone, nowMs));
    purse.money.pacing[purse.ordinal] = pacing;
    if (grantedNanos <= 0) {
      purse.retryAtMs = nowMs + RETRY_MS;
      if (nowMs >= purse.usableUntilMs || period !== purse.budget.period)
        await this.#giveBack(purse);
      return;
    }
    await this.#replace(purse, { budget, leaseId, grantedNanos, nowMs });
  }

  /** Puts the new lease in the purse, then gives back what the old one did not promise. */
  async #replace(
    purse: Purse,
    lease: { budget: BudgetRef; leaseId: string; grantedNanos: number; nowMs: number },
  ): Promise<void> {
    const gone = this.#closed || this.#purses.get(lease.budget.campaign) !== purse;
    if (gone) {
      await this.#return(lease.budget, lease.leaseId, lease.grantedNanos);
      return;
    }
    const available = purse.money.availableNanos;
    const { budget, leaseId } = purse;
    const restNanos = available[purse.ordinal]!;
    purse.budget = lease.budget;
    purse.periodUntilMs = 0;
    purse.leaseId = lease.leaseId;
    purse.usableUntilMs = lease.nowMs + LEASE_USE_MS;
    purse.grantedNanos = lease.grantedNanos;
    available[purse.ordinal] = lease.grantedNanos;
    await this.#return(budget, leaseId, restNanos);
  }

  async #giveBack(purse: Purse): Promise<void> {
    const available = purse.money.availableNanos;
    const restNanos = available[purse.ordinal]!;
    const { budget, leaseId } = purse;
    available[purse.ordinal] = 0;
    purse.leaseId = '';
    purse.usableUntilMs = 0;
    await this.#return(budget, leaseId, restNanos);
  }

  /** What cannot be returned now comes back when the lease expires. */
  async #return(budget: BudgetRef, leaseId: string, nanos: number): Promise<void> {
    if (leaseId === '' || nanos <= 0) return;
    try {
      await this.#options.budgets.returnUnused(budget, { leaseId, nanos });
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #sweep(nowMs: number): Promise<void> {
    for (const purse of this.#purses.values()) {
      if (purse.budget.period === '') continue;
      try {
        await this.#options.budgets.sweep(purse.budget, nowMs);
      } catch (error) {
        this.#options.onFailure(error);
        return;
      }
    }
  }
}
