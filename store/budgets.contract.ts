import { describe, expect, it } from 'vitest';
import type { OpenStore } from './opening.contract.ts';
import type { BudgetRef, LeaseRequest, Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
const AMOUNT = 1_000;

export function leaseOf(over: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    leaseId: uniqueName('lease'),
    wantedNanos: 100,
    amountNanos: AMOUNT,
    ceilingNanos: Number.MAX_SAFE_INTEGER,
    nowMs: NOW,
    expiresAtMs: NOW + MINUTE,
    ...over,
  };
}

export function describeBudgets(open: OpenStore): void {
  describe('budgets', () => {
    function someBudget(): BudgetRef {
      return { campaign: uniqueName('campaign'), period: '2026-11-22' };
    }

    /** free, leased, settled, late. */
    async function check(store: Store, ref: BudgetRef, expected: readonly number[]) {
      const state = (await store.budgets.read(ref))!;
      const { amountNanos, freeNanos, leasedNanos, settledNanos, lateNanos } = state;
      expect([freeNanos, leasedNanos, settledNanos, lateNanos]).toEqual(expected);
      expect(freeNanos + leasedNanos + settledNanos).toBe(amountNanos);
    }

    it('begin with the first lease, and lease no more than free and ceiling allow', async () => {
      await using store = await open();
      const ref = someBudget();
      expect(await store.budgets.read(ref)).toBeNull();
      expect(await store.budgets.lease(ref, leaseOf())).toBe(100);
      await check(store, ref, [900, 100, 0, 0]);
      expect(await store.budgets.lease(ref, leaseOf({ wantedNanos: 500, ceilingNanos: 250 }))).toBe(
        150,
      );
      expect(await store.budgets.lease(ref, leaseOf({ ceilingNanos: 250 }))).toBe(0);
      expect(await store.budgets.lease(ref, leaseOf({ wantedNanos: 5_000 }))).toBe(750);
      expect(await store.budgets.lease(ref, leaseOf())).toBe(0);
      await check(store, ref, [0, 1000, 0, 0]);
    });

    it('answer a repeated lease with the same grant', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      await store.budgets.lease(ref, request);
      expect(await store.budgets.lease(ref, { ...request, wantedNanos: 700 })).toBe(100);
      await store.budgets.sweep(ref, NOW + MINUTE);
      expect(await store.budgets.lease(ref, request)).toBe(100);
      await check(store, ref, [1000, 0, 0, 0]);
    });

    it('book a bid once, from its lease', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      const charge = { leaseId: request.leaseId, bidId: 'b1', nanos: 30, nowMs: NOW };
      expect(await store.budgets.settle(ref, charge)).toBe('unknown-budget');
      await store.budgets.lease(ref, request);
      expect(await store.budgets.settle(ref, charge)).toBe('counted');
      expect(await store.budgets.settle(ref, { ...charge, nanos: 31 })).toBe('duplicate');
      expect(await store.budgets.release(ref, charge)).toBe(false);
      await check(store, ref, [900, 70, 30, 0]);
    });

    it('give a lost bid back at once, once, and still book it when it was billed after all', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      const bid = { leaseId: request.leaseId, bidId: 'b1', nanos: 30, nowMs: NOW };
      expect(await store.budgets.release(ref, bid)).toBe(false);
      await store.budgets.lease(ref, request);
      expect(await store.budgets.release(ref, bid)).toBe(true);
      expect(await store.budgets.release(ref, bid)).toBe(false);
      await check(store, ref, [930, 70, 0, 0]);
      expect(await store.budgets.settle(ref, bid)).toBe('counted');
      await check(store, ref, [930, 40, 30, 0]);
    });

    it('end expired leases, and count what comes later apart', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf({ wantedNanos: AMOUNT });
      await store.budgets.lease(ref, request);
      expect(await store.budgets.sweep(ref, NOW + MINUTE - 1)).toBe(0);
      expect(await store.budgets.sweep(ref, NOW + MINUTE)).toBe(1);
      expect(await store.budgets.sweep(ref, NOW + MINUTE)).toBe(0);
      await check(store, ref, [1000, 0, 0, 0]);
      await store.budgets.lease(ref, leaseOf({ wantedNanos: AMOUNT }));
      const charge = { leaseId: request.leaseId, bidId: 'b1', nanos: 30, nowMs: NOW };
      expect(await store.budgets.settle(ref, charge)).toBe('late');
      await check(store, ref, [-30, 1000, 30, 30]);
      expect(await store.budgets.settle(ref, { ...charge, bidId: 'b2', leaseId: 'lost' })).toBe(
        'late',
      );
      expect(await store.budgets.release(ref, { ...charge, bidId: 'b3' })).toBe(true);
      await check(store, ref, [-60, 1000, 60, 60]);
    });

    it('forget an ended lease after ten minutes, and what it held stays free', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      await store.budgets.lease(ref, request);
      expect(await store.budgets.sweep(ref, NOW + MINUTE)).toBe(1);
      expect(await store.budgets.sweep(ref, NOW + 11 * MINUTE)).toBe(0);
      await check(store, ref, [1000, 0, 0, 0]);
      const later = { ...request, wantedNanos: 40, expiresAtMs: NOW + 12 * MINUTE };
      expect(await store.budgets.lease(ref, later)).toBe(40);
      expect(await store.budgets.sweep(ref, NOW + 12 * MINUTE)).toBe(1);
    });

    it('refuse money that is no whole number of nanos', async () => {
      await using store = await open();
      const ref = someBudget();
      for (const wantedNanos of [0.5, -1, Number.NaN, 2 ** 53]) {
        await expect(store.budgets.lease(ref, leaseOf({ wantedNanos }))).rejects.toThrow(
          'is no amount of nanos',
        );
      }
      expect(await store.budgets.read(ref)).toBeNull();
    });

    it('charge to free, as late, what a lease no longer holds', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      await store.budgets.lease(ref, request);
      const charge = { leaseId: request.leaseId, bidId: 'b1', nanos: 130, nowMs: NOW };
      expect(await store.budgets.settle(ref, charge)).toBe('late');
      await check(store, ref, [870, 0, 130, 30]);
    });

    it('take back once what a draining worker never promised', async () => {
      await using store = await open();
      const ref = someBudget();
      const request = leaseOf();
      await store.budgets.returnUnused(ref, { leaseId: request.leaseId, nanos: 40 });
      await store.budgets.lease(ref, request);
      await store.budgets.returnUnused(ref, { leaseId: request.leaseId, nanos: 40 });
      await store.budgets.returnUnused(ref, { leaseId: request.leaseId, nanos: 40 });
      await check(store, ref, [940, 60, 0, 0]);
    });

    it('move free when the amount changes', async () => {
      await using store = await open();
      const ref = someBudget();
      await store.budgets.lease(ref, leaseOf());
      expect(await store.budgets.lease(ref, leaseOf({ amountNanos: 1_500 }))).toBe(100);
      await check(store, ref, [1300, 200, 0, 0]);
      expect(await store.budgets.lease(ref, leaseOf({ amountNanos: 150 }))).toBe(0);
      await check(store, ref, [-50, 200, 0, 0]);
    });

    it('are exact at the largest amount', async () => {
      await using store = await open();
      const ref = someBudget();
      const amountNanos = 9_000_000 * 1_000_000_000;
      const request = leaseOf({ amountNanos, wantedNanos: amountNanos - 1 });
      expect(await store.budgets.lease(ref, request)).toBe(amountNanos - 1);
      const charge = { leaseId: request.leaseId, bidId: 'b1', nanos: 123_456_789, nowMs: NOW };
      await store.budgets.settle(ref, charge);
      await check(store, ref, [1, amountNanos - 1 - 123_456_789, 123_456_789, 0]);
    });

    it('never lease twice what many openings race for', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, open));
      try {
        const ref = someBudget();
        const grants = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            stores[i % 4]!.budgets.lease(ref, leaseOf({ wantedNanos: 70 })),
          ),
        );
        expect(grants.reduce((sum, granted) => sum + granted, 0)).toBe(AMOUNT);
        await check(stores[0]!, ref, [0, 1000, 0, 0]);
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });
  });
}
