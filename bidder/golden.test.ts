import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { openBench } from './bidder.contract.ts';

/** Whole exchanges: what comes in, and what of the answer matters. */
interface Golden {
  readonly name: string;
  readonly request: object;
  readonly expect: {
    readonly status: number;
    readonly reason?: string;
    /** Each a part of the bid at its place. */
    readonly bids?: readonly object[];
  };
}

const snapshot = snapshotOf([
  campaign('everybody', { multiplier: 0.5 }),
  campaign('retarget', { anyOf: ['loyal'], multiplier: 2 }),
]);

for (const kind of ['exemplary', 'edge']) {
  describe(`golden ${kind}`, () => {
    const folder = new URL(`./test-golden/${kind}/`, import.meta.url);
    for (const file of readdirSync(folder)) {
      const golden = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden;
      it(`${golden.name} (${file})`, () => check(golden));
    }
  });
}

async function check(golden: Golden): Promise<void> {
  await using bench = await openBench(snapshot);
  const answer = bench.post(golden.request);
  expect(answer.status).toBe(golden.expect.status);
  if (golden.expect.reason !== undefined) {
    const slot = bench.metrics.slot('rekindle_nobid_total', golden.expect.reason);
    expect(bench.metrics.snapshot()[slot]).toBe(1);
  }
  if (golden.expect.bids === undefined) return;
  const bids = JSON.parse(answer.body).seatbid[0].bid;
  expect(bids).toHaveLength(golden.expect.bids.length);
  expect(bids).toMatchObject(golden.expect.bids);
}
