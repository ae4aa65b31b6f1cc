import { describe, expect, it } from 'vitest';
import { hasFastProperties } from '../platform/fast-properties.contract.ts';
import { describeBudgetLaw } from './budget-law.contract.ts';
import { describeBudgets } from './budgets.contract.ts';
import { describeCaps } from './caps.contract.ts';
import { describeErasure } from './erasure.contract.ts';
import { describeGenerations } from './generations.contract.ts';
import { describeHotReads } from './hot-reads.contract.ts';
import { describeLearned } from './learned.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import { describeRecords } from './records.contract.ts';
import { describeSyncs } from './syncs.contract.ts';

/** What every adapter must do, said once. `open` is called at least once per test. */
export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    it('leaves strings as fast as they are', async () => {
      await using _ = await open();
      expect(hasFastProperties(String.prototype)).toBe(true);
    });

    describeHotReads(open);
    describeCaps(open);
    describeBudgets(open);
    describeBudgetLaw(open);
    describeGenerations(open);
    describeRecords(open);
    describeSyncs(open);
    describeLearned(open);
    describeErasure(open);
  });
}
