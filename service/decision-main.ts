/**
 * What the decision alone costs, by the number of campaigns: `decision-main <requests> <dir> <dir>`.
 * Reads bid requests of exchange `generic` (a JSON list of texts) and the people they are about in two
 * workspaces on the embedded store, whose bidders are stopped. Decides for all of them in turns, and
 * prints the microseconds of a decision in each, round by round.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BidRequest } from '../bidder/auction/bid-request.ts';
import { compileCampaignIndex } from '../bidder/auction/campaign-index.ts';
import { decide } from '../bidder/auction/decide.ts';
import { type Decision, type DecisionInput, emptyDecision } from '../bidder/auction/decision.ts';
import type { Snapshot } from '../bidder/auction/snapshot.ts';
import { NO_CREATIVES } from '../bidder/exchange-lessons.ts';
import { decodeBidRequest } from '../bidder/openrtb/decode-bid-request.ts';
import { recognisePerson } from '../bidder/recognise-person.ts';
import { systemClock } from '../platform/clock.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { readServiceConfig } from '../settings/service-config.ts';
import { openStore } from '../store/open-store.ts';
import { loadServingState, snapshotOf } from './serving-state.ts';
import { KEY_FILE } from './workspace-files.ts';

const EXCHANGE = 'generic';
/** The compiler is done with the decision after some ten thousand. */
const WARM_UP_ROUNDS = 10;
const ROUNDS = 31;
/** More than any campaign asks: what is measured is the choice, not the poverty. */
const RICH_NANOS = 1e15;

interface Side {
  readonly snapshot: Snapshot;
  readonly inputs: readonly DecisionInput[];
}

const [requestsFile, ...dirs] = process.argv.slice(2);
if (requestsFile === undefined || dirs.length !== 2) {
  process.stderr.write('usage: decision-main <requests.json> <workspace> <workspace>\n');
  process.exit(2);
}
const requests = decodeAll(JSON.parse(readFileSync(requestsFile, 'utf8')));
const [few, many] = [await readSide(dirs[0]!), await readSide(dirs[1]!)];
process.stdout.write(`${JSON.stringify(compare(few, many))}\n`);

function decodeAll(bodies: readonly string[]): BidRequest[] {
  return bodies.map((body) => {
    const decoded = decodeBidRequest(Buffer.from(body), EXCHANGE);
    if (decoded.kind === 'rejected') throw new Error(`a request is refused: ${decoded.reason}`);
    return decoded.request;
  });
}

async function readSide(dir: string): Promise<Side> {
  const config = readServiceConfig({ REKINDLE_DIR: dir }, dir);
  await using store = await openStore({ url: '', dir });
  const state = await loadServingState(dir, store, compileCampaignIndex);
  const nowMs = systemClock.nowMs();
  const snapshot = snapshotOf(state, config.publicUrl, nowMs);
  const terms = state.exchanges.find(({ exchange }) => exchange === EXCHANGE)!;
  const { currencies } = terms;
  const deps = { snapshot, store, key: loadOrCreateKey(join(dir, KEY_FILE)) };
  const money = snapshot.shops.map(({ campaigns }) => ({
    availableNanos: new Float64Array(campaigns.length).fill(RICH_NANOS),
    pacing: new Float64Array(campaigns.length).fill(1),
  }));
  const inputs: DecisionInput[] = [];
  for (const request of requests) {
    const people = snapshot.shops.map((shop) => recognisePerson(deps, shop, { request, nowMs }));
    const persons = (await Promise.all(people)).map(({ view }) => view);
    const pausedCreatives = NO_CREATIVES;
    inputs.push({
      request,
      exchange: EXCHANGE,
      terms,
      currencies,
      persons,
      money,
      pausedCreatives,
      nowMs,
    });
  }
  return { snapshot, inputs };
}

function compare(one: Side, other: Side) {
  const out = emptyDecision();
  for (let i = 0; i < WARM_UP_ROUNDS; i++) for (const side of [one, other]) decideAll(side, out);
  const rounds = Array.from({ length: ROUNDS }, () => [decideAll(one, out), decideAll(other, out)]);
  return {
    campaigns: [one, other].map(({ snapshot }) => campaignsOf(snapshot)),
    bidShare: [0, 1].map((at) => rounds[0]![at]!.bids / requests.length),
    rounds: rounds.map((round) => round.map(({ us }) => us)),
  };
}

function campaignsOf({ shops }: Snapshot): number {
  return shops.reduce((sum, { campaigns }) => sum + campaigns.length, 0);
}

/** Microseconds a decision, and how many of them bid. */
function decideAll({ snapshot, inputs }: Side, out: Decision): { us: number; bids: number } {
  let bids = 0;
  const startMs = systemClock.monotonicMs();
  for (let i = 0; i < inputs.length; i++) {
    decide(snapshot, inputs[i]!, out);
    if (out.bidCount > 0) bids++;
  }
  return { us: ((systemClock.monotonicMs() - startMs) * 1000) / inputs.length, bids };
}
