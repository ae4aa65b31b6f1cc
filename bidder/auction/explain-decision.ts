/**
 * The whole decision as data for people (promise 5): the same `decide`, watched. Who was
 * recognised, which segments by which file and line, what each campaign lost by, every factor of
 * the price, why each product.
 */
import type { Selection } from '../../creative/select-items.ts';
import type { SourcePosition } from '../../rules/rule.ts';
import type { Deal, Placement } from './bid-request.ts';
import { hasBit } from './bitmap.ts';
import { decide } from './decide.ts';
import { type DecidedBid, type Decision, type DecisionInput, emptyDecision } from './decision.ts';
import type { DecisionWatch } from './decision-watch.ts';
import type { EligibilityWatch } from './eligibility.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { FACTORS, type FactorName } from './price-bid.ts';
import type { Candidate, Pricing } from './pricing.ts';
import type { ShopSnapshot, Snapshot } from './snapshot.ts';

interface ExplainedPerson {
  readonly shop: string;
  /** Hashed id, '' for nobody. */
  readonly person: string;
  readonly countsKnown: boolean;
  readonly segments: readonly {
    readonly segment: string;
    readonly title: string;
    readonly at: SourcePosition;
    /** Of all segments this one shapes the bid. */
    readonly shapes: boolean;
  }[];
}

interface ExplainedCandidate {
  readonly shop: string;
  readonly campaign: string;
  readonly file: string;
  readonly line: number;
  /** Null when it was out before any imp was looked at. */
  readonly imp: string | null;
  /** The format in which it was to fill the imp; null when none was looked at. */
  readonly format: Placement['kind'] | null;
  /** The deal it was a candidate for; '' in the open auction. */
  readonly deal: string;
  /** Null for a bid. */
  readonly rejectedBy: NoBidReason | null;
  /** What it would have bid; 0 when it did not come so far. */
  readonly priceCpmMicros: number;
}

interface ExplainedBid {
  readonly imp: string;
  readonly shop: string;
  readonly campaign: string;
  readonly format: Placement['kind'];
  readonly deal: string;
  readonly size: string;
  readonly creative: string;
  readonly priceCpmMicros: number;
  /** Their product, rounded, is the price. */
  readonly factors: readonly { readonly name: FactorName; readonly x: number }[];
  readonly items: readonly {
    readonly id: string;
    readonly title: string;
    readonly why: Selection['rungs'][number];
  }[];
}

export interface ExplainedDecision {
  readonly reason: NoBidReason | null;
  readonly currency: string;
  readonly persons: readonly ExplainedPerson[];
  readonly candidates: readonly ExplainedCandidate[];
  readonly bids: readonly ExplainedBid[];
}

export function explainDecision(snapshot: Snapshot, input: DecisionInput): ExplainedDecision {
  const out = emptyDecision();
  const recorder = new Recorder(snapshot, input, out);
  decide(snapshot, input, out, recorder);
  return {
    reason: out.reason,
    currency: out.currency,
    persons: snapshot.shops.map((shop, s) => explainPerson(shop, input.persons[s]!)),
    candidates: recorder.candidates(),
    bids: recorder.bids,
  };
}

function explainPerson(
  shop: ShopSnapshot,
  view: DecisionInput['persons'][number],
): ExplainedPerson {
  return {
    shop: shop.settings.shop,
    person: view.person,
    countsKnown: view.countsKnown,
    segments: view.segments.map((ordinal) => {
      const segment = shop.manifest.segments[ordinal]!;
      const { title, at } = segment;
      return { segment: segment.segment, title, at, shapes: segment === view.shaping };
    }),
  };
}

/** Where a campaign was looked at; null for what was not looked at yet. */
interface Place {
  readonly imp: number | null;
  readonly placement: number | null;
  readonly deal: Deal | null;
  readonly shop: number;
}

interface Fate extends Place {
  readonly campaign: number;
  rejectedBy: NoBidReason | null;
  priceCpmMicros: number;
}

const NOWHERE = { imp: null, placement: null, deal: null } as const;

class Recorder implements DecisionWatch {
  readonly bids: ExplainedBid[] = [];
  readonly #snapshot: Snapshot;
  readonly #input: DecisionInput;
  readonly #out: Decision;
  readonly #fates: Fate[] = [];
  readonly #impStanding = new Map<string, Set<number>>();

  constructor(snapshot: Snapshot, input: DecisionInput, out: Decision) {
    this.#snapshot = snapshot;
    this.#input = input;
    this.#out = out;
  }

  shopRefused(shop: number, reason: NoBidReason): void {
    this.#snapshot.shops[shop]!.campaigns.forEach((_, campaign) => {
      this.#reject({ ...NOWHERE, shop }, campaign, reason);
    });
  }

  eligibility(shop: number): EligibilityWatch {
    const { campaigns } = this.#snapshot.shops[shop]!;
    const standing = new Set(campaigns.keys());
    return {
      after: (reason, left) => this.#cleared(standing, left, { ...NOWHERE, shop }, reason),
    };
  }

  impRefused(imp: number, deal: Deal | null, reason: NoBidReason): void {
    this.#snapshot.shops.forEach((_, shop) => {
      const none = new Int32Array(this.#out.scratch.bases[shop]!.length);
      this.#cleared(this.#standing(shop), none, { imp, placement: null, deal, shop }, reason);
    });
  }

  imp({ imp, placement, deal, shop }: Pricing, reason: NoBidReason, left: Int32Array): void {
    const name = `${imp} ${placement} ${shop} ${deal?.id}`;
    const standing = this.#impStanding.get(name) ?? this.#standing(shop);
    this.#impStanding.set(name, standing);
    this.#cleared(standing, left, { imp, placement, deal, shop }, reason);
  }

  candidate(candidate: Candidate): void {
    const { campaign, priceCpmMicros } = candidate;
    const rejectedBy = candidate.reason ?? 'outbid';
    const known = this.#fateAt(candidate, campaign);
    if (known === undefined) {
      const { imp, placement, deal, shop } = candidate;
      this.#fates.push({ imp, placement, deal, shop, campaign, rejectedBy, priceCpmMicros });
    } else if (known.rejectedBy !== null) known.rejectedBy = rejectedBy;
  }

  won(bid: DecidedBid, factors: Float64Array): void {
    const imp = this.#input.request.imps[bid.imp]!;
    const place = { ...bid, placement: imp.placements.indexOf(bid.placement) };
    const fate = this.#fateAt(place, bid.campaign);
    if (fate !== undefined) fate.rejectedBy = null;
    const shop = this.#snapshot.shops[bid.shop]!;
    const served = shop.campaigns[bid.campaign]!;
    this.bids.push({
      imp: imp.id,
      shop: shop.settings.shop,
      campaign: served.campaign.campaign,
      format: bid.placement.kind,
      deal: bid.deal?.id ?? '',
      size: bid.size,
      creative: bid.creative,
      priceCpmMicros: bid.priceCpmMicros,
      factors: FACTORS.map((name, i) => ({ name, x: factors[i]! })),
      items: bid.selection.items.map(({ id, title }, i) => ({
        id,
        title,
        why: bid.selection.rungs[i]!,
      })),
    });
  }

  candidates(): ExplainedCandidate[] {
    return this.#fates.map((fate) => {
      const shop = this.#snapshot.shops[fate.shop]!;
      const { campaign, file, line } = shop.campaigns[fate.campaign]!.campaign;
      return {
        shop: shop.settings.shop,
        campaign,
        file,
        line,
        imp: fate.imp === null ? null : this.#input.request.imps[fate.imp]!.id,
        format: this.#formatOf(fate),
        deal: fate.deal?.id ?? '',
        rejectedBy: fate.rejectedBy,
        priceCpmMicros: fate.priceCpmMicros,
      };
    });
  }

  #standing(shop: number): Set<number> {
    const base = this.#out.scratch.bases[shop]!;
    const { campaigns, index } = this.#snapshot.shops[shop]!;
    const stands = (campaign: number) => hasBit(base, 0, index.placeOf[campaign]!);
    return new Set([...campaigns.keys()].filter(stands));
  }

  /** Campaigns that stood before a check and are not among what it left were rejected by it. */
  #cleared(standing: Set<number>, left: Int32Array, at: Place, reason: NoBidReason): void {
    const { placeOf } = this.#snapshot.shops[at.shop]!.index;
    for (const campaign of standing) {
      if (hasBit(left, 0, placeOf[campaign]!)) continue;
      standing.delete(campaign);
      this.#reject(at, campaign, reason);
    }
  }

  #reject({ imp, placement, deal, shop }: Place, campaign: number, rejectedBy: NoBidReason): void {
    this.#fates.push({ imp, placement, deal, shop, campaign, rejectedBy, priceCpmMicros: 0 });
  }

  #fateAt(at: Place, campaign: number): Fate | undefined {
    return this.#fates.find(
      (fate) =>
        fate.campaign === campaign &&
        fate.imp === at.imp &&
        fate.placement === at.placement &&
        fate.deal === at.deal &&
        fate.shop === at.shop,
    );
  }

  #formatOf({ imp, placement }: Place): Placement['kind'] | null {
    if (imp === null || placement === null) return null;
    return this.#input.request.imps[imp]!.placements[placement]!.kind;
  }
}
