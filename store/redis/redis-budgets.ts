import { BID_MARK_KEEP_MS, BUDGET_KEEP_MS, LEASE_MEMORY_MS } from '../budget-lives.ts';
import { assertNanos } from '../nanos-check.ts';
import {
  type BudgetRef,
  type BudgetState,
  type Budgets,
  type LeaseRequest,
  type SettleResult,
  StoreUnavailable,
} from '../ports.ts';
import { bidKey, budgetKey, leaseEndsKey, leasesKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisArgument, runScript, type ScriptName } from './redis-scripts.ts';

const SWEEP_LEASES_MAX = 1_000;

/** One script a step; all keys of a campaign lie in one slot, so each step is atomic. */
export class RedisBudgets implements Budgets {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async lease(ref: BudgetRef, request: LeaseRequest): Promise<number> {
    const { leaseId, wantedNanos, amountNanos, ceilingNanos, expiresAtMs } = request;
    assertNanos(wantedNanos, amountNanos, ceilingNanos);
    const granted = await this.#run('leaseBudget', [
      ...keysOf(ref),
      leaseEndsKey(ref.campaign, ref.period),
      leaseId,
      wantedNanos,
      amountNanos,
      ceilingNanos,
      expiresAtMs,
      BUDGET_KEEP_MS,
    ]);
    return Number(granted);
  }

  async settle(
    ref: BudgetRef,
    charge: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<SettleResult> {
    return (await this.#bid('settleBid', ref, charge)) as SettleResult;
  }

  async release(
    ref: BudgetRef,
    bid: { leaseId: string; bidId: string; nanos: number; nowMs: number },
  ): Promise<boolean> {
    return (await this.#bid('releaseBid', ref, bid)) === 1;
  }

  async returnUnused(ref: BudgetRef, lease: { leaseId: string; nanos: number }): Promise<void> {
    assertNanos(lease.nanos);
    await this.#run('returnUnused', [...keysOf(ref), lease.leaseId, lease.nanos]);
  }

  async sweep(ref: BudgetRef, nowMs: number): Promise<number> {
    const call = [
      ...keysOf(ref),
      leaseEndsKey(ref.campaign, ref.period),
      nowMs,
      LEASE_MEMORY_MS,
      SWEEP_LEASES_MAX,
    ];
    let total = 0;
    let ended = SWEEP_LEASES_MAX;
    while (ended === SWEEP_LEASES_MAX) {
      ended = Number(await this.#run('sweepLeases', call));
      total += ended;
    }
    return total;
  }

  async read(ref: BudgetRef): Promise<BudgetState | null> {
    const key = budgetKey(ref.campaign, ref.period);
    const fields = await this.#link.ask((client) => client.hgetall(key));
    if (fields['amount'] === undefined) return null;
    const state = {
      amountNanos: Number(fields['amount']),
      freeNanos: Number(fields['free']),
      leasedNanos: Number(fields['leased']),
      settledNanos: Number(fields['settled']),
      lateNanos: Number(fields['late']),
    };
    if (Object.values(state).every(Number.isSafeInteger)) return state;
    throw new StoreUnavailable(`${this.#link.description}: budget ${key} is damaged`);
  }

  #bid(
    script: ScriptName,
    ref: BudgetRef,
    bid: { leaseId: string; bidId: string; nanos: number },
  ): Promise<unknown> {
    assertNanos(bid.nanos);
    const mark = bidKey(ref.campaign, bid.bidId);
    return this.#run(script, [...keysOf(ref), mark, bid.leaseId, bid.nanos, BID_MARK_KEEP_MS]);
  }

  #run(script: ScriptName, call: readonly RedisArgument[]): Promise<unknown> {
    return this.#link.ask((client) => runScript(client, script, call));
  }
}

function keysOf(ref: BudgetRef): RedisArgument[] {
  return [budgetKey(ref.campaign, ref.period), leasesKey(ref.campaign, ref.period)];
}
