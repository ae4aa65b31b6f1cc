import type { DecisionInput } from './auction/decision.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import type { BidderDeps } from './bidder-deps.ts';
import type { PersonCache } from './person-cache.ts';

/** What a job asks of the one who hands it out and answers for it. */
export interface BidDesk<Job> {
  readonly deps: BidderDeps;
  readonly cache: PersonCache;
  inputOf(job: Job): DecisionInput;
  nextBidId(): string;
  answerNoBid(job: Job, reason: NoBidReason): void;
  answerBids(job: Job): void;
  takeBack(job: Job): void;
  bug(job: Job, error: unknown): void;
  recycle(job: Job): void;
}
