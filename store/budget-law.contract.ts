import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenStore } from './opening.contract.ts';
import type { BudgetRef, SettleResult, Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;
const AMOUNT = 1_000;

type Step =
  | { do: 'lease'; lease: number; nanos: number; ceiling: number }
  | { do: 'settle' | 'release'; lease: number; bid: number; nanos: number }
  | { do: 'returnUnused'; lease: number; nanos: number }
  | { do: 'sweep'; atMs: number };

const lease = fc.integer({ min: 0, max: 3 });
const bid = fc.integer({ min: 0, max: 6 });
const nanos = fc.integer({ min: 0, max: 500 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('lease' as const),
    lease,
    nanos,
    ceiling: fc.constantFrom(600, 5_000),
  }),
  fc.record({ do: fc.constantFrom('settle' as const, 'release' as const), lease, bid, nanos }),
  fc.record({ do: fc.constant('returnUnused' as const), lease, nanos }),
  fc.record({ do: fc.constant('sweep' as const), atMs: fc.integer({ min: 0, max: 6_000 }) }),
);

/** What the port's comments say, written down a second time and as plainly as possible. */
class Model {
  readonly leases = new Map<
    number,
    { granted: number; left: number; ended: boolean; gave: boolean }
  >();
  readonly bids = new Map<number, 'settled' | 'released'>();
  exists = false;
  settled = 0;
  late = 0;

  get leased(): number {
    return [...this.leases.values()].reduce((sum, row) => sum + row.left, 0);
  }

  get free(): number {
    return AMOUNT - this.leased - this.settled;
  }

  lease(id: number, wanted: number, ceiling: number): number {
    this.exists = true;
    const known = this.leases.get(id);
    if (known) return known.granted;
    const granted = Math.max(0, Math.min(wanted, this.free, ceiling - this.leased - this.settled));
    if (granted > 0) this.leases.set(id, { granted, left: granted, ended: false, gave: false });
    return granted;
  }

  take(id: number, wanted: number): number {
    const row = this.leases.get(id);
    const taken = Math.min(row?.left ?? 0, wanted);
    if (row) row.left -= taken;
    return taken;
  }

  settle(id: number, of: number, price: number): SettleResult {
    if (!this.exists) return 'unknown-budget';
    if (this.bids.get(of) === 'settled') return 'duplicate';
    this.bids.set(of, 'settled');
    const ended = this.leases.get(id)?.ended ?? true;
    const late = price - this.take(id, price);
    this.settled += price;
    this.late += late;
    return ended || late > 0 ? 'late' : 'counted';
  }

  release(id: number, of: number, price: number): boolean {
    if (!this.exists || this.bids.has(of)) return false;
    this.bids.set(of, 'released');
    this.take(id, price);
    return true;
  }

  returnUnused(id: number, wanted: number): void {
    const row = this.leases.get(id);
    if (row && !row.ended && !row.gave) {
      row.gave = true;
      this.take(id, wanted);
    }
  }

  sweep(atMs: number): number {
    let ended = 0;
    for (const [id, row] of this.leases) {
      if (row.ended || expiryOf(id) > NOW + atMs) continue;
      Object.assign(row, { ended: true, left: 0 });
      ended++;
    }
    return ended;
  }
}

function expiryOf(leaseNumber: number): number {
  return NOW + (leaseNumber + 1) * 1_000;
}

async function both(
  store: Store,
  ref: BudgetRef,
  model: Model,
  one: Step,
): Promise<[unknown, unknown]> {
  const { budgets } = store;
  if (one.do === 'sweep') return [await budgets.sweep(ref, NOW + one.atMs), model.sweep(one.atMs)];
  const leaseId = `lease-${one.lease}`;
  if (one.do === 'lease') {
    const granted = await budgets.lease(ref, {
      leaseId,
      wantedNanos: one.nanos,
      amountNanos: AMOUNT,
      ceilingNanos: one.ceiling,
      nowMs: NOW,
      expiresAtMs: expiryOf(one.lease),
    });
    return [granted, model.lease(one.lease, one.nanos, one.ceiling)];
  }
  if (one.do === 'returnUnused') {
    await budgets.returnUnused(ref, { leaseId, nanos: one.nanos });
    return [undefined, model.returnUnused(one.lease, one.nanos)];
  }
  const charge = { leaseId, bidId: `bid-${one.bid}`, nanos: one.nanos, nowMs: NOW };
  return one.do === 'settle'
    ? [await budgets.settle(ref, charge), model.settle(one.lease, one.bid, one.nanos)]
    : [await budgets.release(ref, charge), model.release(one.lease, one.bid, one.nanos)];
}

/** The money promise of one budget, whatever happens to it in whatever order. */
export function describeBudgetLaw(open: OpenStore): void {
  it('promise 1: money: free + leased + settled = amount, and only late settlements pass the amount', async () => {
    await using store = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const ref = { campaign: uniqueName('law'), period: 'flight' };
        const model = new Model();
        for (const one of steps) {
          const [answered, expected] = await both(store, ref, model, one);
          expect(answered).toEqual(expected);
          const state = await store.budgets.read(ref);
          if (state === null) {
            expect(model.exists).toBe(false);
            continue;
          }
          expect(state.freeNanos + state.leasedNanos + state.settledNanos).toBe(AMOUNT);
          expect(state.leasedNanos + state.settledNanos).toBeLessThanOrEqual(
            AMOUNT + state.lateNanos,
          );
          expect([state.leasedNanos, state.settledNanos, state.lateNanos]).toEqual([
            model.leased,
            model.settled,
            model.late,
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });
}
