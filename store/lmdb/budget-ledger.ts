/**
 * The arithmetic of one budget: every step moves money between free, leased and settled, so that
 * free + leased + settled = amount before and after it. The Redis scripts do the same in Lua; the
 * contract suite holds both to one model.
 */
import type { LeaseRequest, SettleResult } from '../ports.ts';

export interface BudgetRow {
  amountNanos: number;
  freeNanos: number;
  leasedNanos: number;
  settledNanos: number;
  lateNanos: number;
}

export interface LeaseRow {
  readonly grantedNanos: number;
  readonly expiresAtMs: number;
  leftNanos: number;
  ended: boolean;
  /** returnUnused counts once, so that a repeated call gives nothing back twice. */
  returned: boolean;
}

export function newBudget(amountNanos: number): BudgetRow {
  return { amountNanos, freeNanos: amountNanos, leasedNanos: 0, settledNanos: 0, lateNanos: 0 };
}

/** Takes the grant out of free; the caller keeps a LeaseRow of it when it is not 0. */
export function grantLease(budget: BudgetRow, request: LeaseRequest): number {
  budget.freeNanos += request.amountNanos - budget.amountNanos;
  budget.amountNanos = request.amountNanos;
  const belowCeiling = request.ceilingNanos - budget.leasedNanos - budget.settledNanos;
  const granted = Math.max(0, Math.min(request.wantedNanos, budget.freeNanos, belowCeiling));
  budget.freeNanos -= granted;
  budget.leasedNanos += granted;
  return granted;
}

/** What the lease no longer holds is charged to free and counted as late. */
export function settleCharge(
  budget: BudgetRow,
  lease: LeaseRow | null,
  nanos: number,
): Extract<SettleResult, 'counted' | 'late'> {
  const held = takeFromLease(budget, lease, nanos);
  const late = nanos - held;
  budget.freeNanos -= late;
  budget.settledNanos += nanos;
  budget.lateNanos += late;
  return late > 0 || lease === null || lease.ended ? 'late' : 'counted';
}

/** Money of the lease goes back to free; an ended lease holds none. */
export function giveBack(budget: BudgetRow, lease: LeaseRow | null, nanos: number): void {
  budget.freeNanos += takeFromLease(budget, lease, nanos);
}

export function endLease(budget: BudgetRow, lease: LeaseRow): void {
  giveBack(budget, lease, lease.leftNanos);
  lease.ended = true;
}

function takeFromLease(budget: BudgetRow, lease: LeaseRow | null, nanos: number): number {
  if (lease === null || lease.ended) return 0;
  const taken = Math.min(lease.leftNanos, nanos);
  lease.leftNanos -= taken;
  budget.leasedNanos -= taken;
  return taken;
}
