/** The corpora over node:http, which serves where uWebSockets.js does not load; corpora.system.test.ts has the other. */
import { describe, expect, it } from 'vitest';
import { campaign, snapshotOf } from '../bidder/auction/shop.contract.ts';
import { type Bench, EXCHANGE, openBench } from '../bidder/bidder.contract.ts';
import { hasData } from '../bidder/corpora.contract.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { type BodyCase, CORPORA } from './corpus-bodies.contract.ts';
import { throwBodies } from './throw-bodies.contract.ts';

/** Of the 20,000 of 2012 all are alike to a server: they are for the other. */
const FOLDERS = Object.keys(CORPORA).filter((folder) => !folder.includes('auctions'));

describe.skipIf(!hasData)('over node:http (skipped without ../shared/data)', () => {
  it.each(FOLDERS)(
    'each body of %s gets the status that is right for it, in time',
    async (folder) => {
      const cases = CORPORA[folder]!();
      expect(cases.length).toBeGreaterThan(10);
      for (const format of ['json', 'protobuf'] as const) {
        await using bench = await openBench(snapshotOf([campaign('open')]), {
          exchange: { ...EXCHANGE, format },
        });
        const own = cases.filter((each) => each.format === format);
        expect((await thrown(bench, own)).wrong).toEqual([]);
        expect(bench.errors).toEqual([]);
      }
    },
  );
});

async function thrown(bench: Bench, cases: readonly BodyCase[]) {
  const backend = await chooseBackend('node');
  const listening = { host: '127.0.0.1', port: 0, shared: false };
  const server = await backend.listen(bench.bidder.routes, listening);
  const found = await throwBodies(server.port, () => '/bid/demo', cases);
  await server.drain(1000);
  return found;
}
