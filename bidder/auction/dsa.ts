/**
 * The Digital Services Act: who stands behind an ad, said with the bid (IAB Tech Lab, "DSA Transparency",
 * a community extension of OpenRTB 2).
 */
import type { DsaTerms } from '../../settings/workspace.ts';
import type { NoBidReason } from './no-bid-reason.ts';

/** Of a request that supports or demands it. */
export interface DsaDemand {
  /** `dsarequired` 2 and 3: a bid without is not accepted. */
  readonly required: boolean;
  /** `pubrender`: 0 the publisher cannot show the notice, 1 it can, 2 it will. */
  readonly pubRender: number;
  /** `datatopub` other than 0: which data was used may be said. */
  readonly takesParams: boolean;
}

/** Somebody must show the notice, and two may not: `adrender` follows from what our templates do. */
function suits({ pubRender }: DsaDemand, { rendered }: DsaTerms): boolean {
  return pubRender === 1 || rendered === (pubRender === 0);
}

export function refusesDsa(demand: DsaDemand, terms: DsaTerms | null): NoBidReason | null {
  if (!demand.required) return null;
  if (terms === null) return 'dsa-required';
  return suits(demand, terms) ? null : 'dsa-rendering';
}

/** Whether a bid says it: where it is not demanded, a notice that does not suit is left out. */
export function answersDsa(demand: DsaDemand, terms: DsaTerms | null): terms is DsaTerms {
  return terms !== null && suits(demand, terms);
}
