/**
 * One bid request, explained: decoded, gated, recognised and decided by the code that bids, with
 * nothing reserved. Off the hot path.
 */
import type { KeyObject } from 'node:crypto';
import { identityKey } from '../proto/ids.ts';
import { decodeLiveFacts, decodeProfile } from '../proto/records.ts';
import type { Exchange } from '../settings/workspace.ts';
import type { PersonRead, Store } from '../store/ports.ts';
import type { BidRequest, DroppedImp, RawIdentity } from './auction/bid-request.ts';
import type { MoneyView } from './auction/decision.ts';
import { type ExplainedDecision, explainDecision } from './auction/explain-decision.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import { nobody, type PersonView, viewPerson } from './auction/person-view.ts';
import type { ShopSnapshot, Snapshot } from './auction/snapshot.ts';
import { decodeBidRequest } from './openrtb/decode-bid-request.ts';
import { nbrOf } from './openrtb/nbr.ts';
import { budgetPeriod, elapsedShare, pacingCeilingNanos, pacingFactor } from './pacing.ts';
import { mayBeSeated } from './seats.ts';

export interface ExplainDeps {
  readonly snapshot: Snapshot;
  readonly exchange: Exchange;
  readonly store: Pick<Store, 'hot' | 'budgets'>;
  readonly identityKey: KeyObject;
  readonly nowMs: number;
}

export interface Trace {
  readonly v: 1;
  readonly exchange: string;
  readonly request: string;
  readonly decision: {
    readonly kind: 'bid' | 'no-bid';
    readonly reason: NoBidReason | null;
    /** OpenRTB no-bid reason code; null for a bid. */
    readonly nbr: number | null;
  };
  readonly privacy: BidRequest['privacy'] | null;
  readonly droppedImps: readonly DroppedImp[];
  /** By shop: which kind of identifier led to a customer, null when none did. */
  readonly recognisedBy: readonly { readonly shop: string; readonly space: string | null }[];
  readonly explained: ExplainedDecision | null;
}

/** Rejects with StoreUnavailable when the store cannot be asked for budgets. */
export async function explainRequest(deps: ExplainDeps, body: Uint8Array): Promise<Trace> {
  const { exchange, snapshot, nowMs } = deps;
  const decoded = decodeBidRequest(body, exchange.exchange);
  if (decoded.kind === 'rejected') return silent(deps, null, decoded.reason);
  const { request } = decoded;
  if (!mayBeSeated(exchange.seat, request)) return silent(deps, request, 'seat-not-allowed');
  const people = await Promise.all(snapshot.shops.map((shop) => recognise(deps, shop, request)));
  const money = await Promise.all(snapshot.shops.map((shop) => readMoney(deps, shop)));
  const explained = explainDecision(snapshot, {
    request,
    exchange: exchange.exchange,
    currencies: exchange.currencies,
    persons: people.map(({ view }) => view),
    money,
    nowMs,
  });
  return {
    ...silent(deps, request, explained.reason),
    recognisedBy: people.map(({ space }, s) => ({
      shop: snapshot.shops[s]!.settings.shop,
      space,
    })),
    explained,
  };
}

function silent(deps: ExplainDeps, request: BidRequest | null, reason: NoBidReason | null): Trace {
  return {
    v: 1,
    exchange: deps.exchange.exchange,
    request: request?.id ?? '',
    decision: {
      kind: reason === null ? 'bid' : 'no-bid',
      reason,
      nbr: reason === null ? null : nbrOf(reason),
    },
    privacy: request?.privacy ?? null,
    droppedImps: request?.dropped ?? [],
    recognisedBy: [],
    explained: null,
  };
}

async function recognise(
  deps: ExplainDeps,
  shop: ShopSnapshot,
  request: BidRequest,
): Promise<{ view: PersonView; space: string | null }> {
  const view = nobody();
  if (request.identities.length === 0) return { view, space: null };
  const read = await readPerson(deps, shop, request.identities);
  if (read.failed) return { view, space: null };
  const { person } = read;
  const profile = read.profile === null ? null : decodeProfile(read.profile, person);
  const live = read.live === null ? null : decodeLiveFacts(read.live, person);
  viewPerson(view, shop, { person, profile, live }, deps.nowMs);
  view.countsKnown = true;
  view.exposures = read.exposures;
  return { view, space: request.identities[read.matchedIdentity]?.space ?? null };
}

/** The store's bytes live only during the call, so they are copied. */
function readPerson(
  deps: ExplainDeps,
  shop: ShopSnapshot,
  identities: readonly RawIdentity[],
): Promise<PersonRead> {
  const read: PersonRead = {
    shop: shop.settings.shop,
    generation: shop.manifest.generation,
    identities: identities.map(({ space, value }) => identityKey(deps.identityKey, space, value)),
    person: '',
    wantProfile: true,
    matchedIdentity: -1,
    profile: null,
    live: null,
    exposures: null,
    failed: false,
  };
  return new Promise((resolve) => {
    deps.store.hot.readPerson(read, {
      personRead: ({ profile, live, exposures }) =>
        resolve({
          ...read,
          profile: profile?.slice() ?? null,
          live: live?.slice() ?? null,
          exposures: exposures?.slice() ?? null,
        }),
    });
  });
}

/** What a lease could get now: free money under the pacing ceiling, and what leases hold already. */
async function readMoney(deps: ExplainDeps, shop: ShopSnapshot): Promise<MoneyView> {
  const { nowMs } = deps;
  const availableNanos = new Float64Array(shop.campaigns.length);
  const pacing = new Float64Array(shop.campaigns.length);
  for (const [i, { campaign }] of shop.campaigns.entries()) {
    const period = budgetPeriod(campaign, shop.zone, nowMs);
    const budget = { campaign: `${shop.settings.shop}/${campaign.campaign}`, period };
    const state = await deps.store.budgets.read(budget);
    const settledNanos = state?.settledNanos ?? 0;
    const usedNanos = settledNanos + (state?.leasedNanos ?? 0);
    const ceilingNanos = pacingCeilingNanos(campaign, shop.zone, nowMs);
    availableNanos[i] = Math.max(0, ceilingNanos - settledNanos);
    pacing[i] = pacingFactor(campaign, usedNanos, elapsedShare(campaign, shop.zone, nowMs));
  }
  return { availableNanos, pacing };
}
