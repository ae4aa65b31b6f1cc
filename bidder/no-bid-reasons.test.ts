/** Every no-bid says why: in metrics and to explain, and to an exchange that takes a reason (promise 5). */
import { describe, expect, it } from 'vitest';
import { NO_BID_REASONS, type NoBidReason } from './auction/no-bid-reason.ts';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import type { Snapshot } from './auction/snapshot.ts';
import {
  type Answer,
  type Bench,
  bidRequest,
  EXCHANGE,
  KEY,
  openBench,
  settled,
} from './bidder.contract.ts';
import { explainRequest, type Trace } from './explain-request.ts';
import { NO_BID_CASES, type NoBidCase } from './no-bid-cases.contract.ts';
import { nbrOf } from './openrtb/nbr.ts';
import { NO_SUPPLY_INDEX } from './supply/supply-refusal.ts';

const OPEN = snapshotOf([campaign('open')]);
const CASES = NO_BID_REASONS.map((reason) => ({ reason, given: NO_BID_CASES[reason] }));

it('has a case for each reason', () => {
  expect(Object.keys(NO_BID_CASES)).toEqual(NO_BID_REASONS);
});

describe('a no-bid', () => {
  it.each(CASES)(
    'is counted as $reason, and told to who takes a reason',
    async ({ reason, given }) => {
      await using bench = await benchOf(given);
      await given.before?.(bench);
      const before = counted(bench);
      const answer = await settled(bench.post(bodyOf(given), 'demo', given.headers));
      checkTold(answer, reason, given);
      const after = counted(bench);
      for (const each of NO_BID_REASONS) {
        const isIt = each === reason && given.told !== 'bid';
        expect([each, after[each] - before[each]]).toEqual([each, isIt ? 1 : 0]);
      }
      expect(bench.errors).toHaveLength(reason === 'technical-error' ? 1 : 0);
    },
  );

  it.each(CASES.filter(({ given }) => given.notExplained === undefined))(
    'is explained by $reason',
    async ({ reason, given }) => {
      await using bench = await benchOf(given);
      await given.before?.(bench);
      const trace = await explained(bench, given);
      if (given.told === 'bid') expect(lostBy(trace)).toContain(reason);
      else expect(trace.decision).toEqual({ kind: 'no-bid', reason, nbr: nbrOf(reason) });
    },
  );
});

function benchOf(given: NoBidCase): Promise<Bench> {
  const { supply, store, waitedMs = 0 } = given;
  return openBench(snapshotIn(given), {
    exchange: exchangeIn(given),
    ...(supply && { supply }),
    ...(store && { store }),
    waitedMs: () => waitedMs,
  });
}

const snapshotIn = ({ snapshot }: NoBidCase): Snapshot => snapshot ?? OPEN;
const exchangeIn = ({ exchange }: NoBidCase) => ({
  ...EXCHANGE,
  noBid: 'reason' as const,
  ...exchange,
});
const bodyOf = ({ body }: NoBidCase): unknown => body ?? bidRequest('anna');

function checkTold({ status, body }: Answer, reason: NoBidReason, { told }: NoBidCase): void {
  if (told === undefined) {
    expect([status, body]).not.toEqual([204, '']);
    expect([status, JSON.parse(body)]).toEqual([
      200,
      { id: 'req-1', seatbid: [], nbr: nbrOf(reason) },
    ]);
  } else if (told === 'bid') expect([status, JSON.parse(body).nbr]).toEqual([200, undefined]);
  else expect([status, body]).toEqual([told, '']);
}

function counted(bench: Bench): Record<NoBidReason, number> {
  const numbers = bench.metrics.snapshot();
  const slotOf = (reason: NoBidReason) => bench.metrics.slot('rekindle_nobid_total', reason);
  const counts = NO_BID_REASONS.map((reason) => [reason, numbers[slotOf(reason)]!]);
  return Object.fromEntries(counts) as Record<NoBidReason, number>;
}

function explained({ store, clock }: Bench, given: NoBidCase): Promise<Trace> {
  const body = bodyOf(given);
  const deps = {
    snapshot: snapshotIn(given),
    exchange: exchangeIn(given),
    store,
    supply: given.supply ?? NO_SUPPLY_INDEX,
    key: KEY,
    publicUrl: 'https://ads.example',
    clock: { nowMs: () => clock.nowMs, monotonicMs: () => 0 },
  };
  return explainRequest(deps, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

const lostBy = ({ explained: all }: Trace) =>
  all?.candidates.map(({ rejectedBy }) => rejectedBy) ?? [];
