import type { Imp } from './auction/bid-request.ts';
import { BID_EXP_MAX_S } from './budget-leases.ts';

/** Seconds a bid on the imp holds: as the exchange says, but no longer than its lease is good for. */
export function expS({ expS: asked }: Pick<Imp, 'expS'>): number {
  return asked > 0 && asked < BID_EXP_MAX_S ? asked : BID_EXP_MAX_S;
}
