/**
 * The price of an impression for one person as a product of named factors. Multiplied in the order
 * of FACTORS and rounded, they are the price to the micro; so who has the factors has the price.
 */
import type { Economics } from '../../settings/workspace.ts';
import type { PersonView } from './person-view.ts';

/** Up to `segment-multiplier` and `recency` they hold for every campaign of the shop alike. */
export const FACTORS = [
  'click-rate',
  'conversion-rate',
  'order-value-micros',
  'margin',
  'kept-share',
  'impressions-per-cpm',
  'segment-multiplier',
  'recency',
  'campaign-multiplier',
  'frequency-fatigue',
  'pacing',
  'ceiling',
  'currency',
  'deal',
] as const;
export type FactorName = (typeof FACTORS)[number];

export const FACTOR_COUNT = FACTORS.length;
/** Factors before this one belong to the person, the rest to the campaign. */
const PERSON_FACTORS = 8;
const ORDER_VALUE = 2;
const CEILING = 11;
const CURRENCY = 12;
const DEAL = 13;

const PPM = 1_000_000;
/** Share of the value right after a purchase: little, but a shop of consumables still gets some. */
const RECENCY_LEAST = 0.2;
/** The rise happens within a sixth of the cycle around its end. */
const RECENCY_SOFTNESS = 6;
/** Each impression of the campaign within FATIGUE_WINDOW_MS leaves this much of the value. */
const FATIGUE_KEPT = 0.88;
const FATIGUE_LEAST = 0.2;
export const FATIGUE_WINDOW_MS = 7 * 24 * 3_600_000;

/**
 * Writes the person's factors and returns their product. A person of whom nothing is known is worth
 * a new customer's first order.
 */
export function personFactors(
  factors: Float64Array,
  economics: Economics,
  view: PersonView,
): number {
  factors[0] = economics.clickRate;
  factors[1] = economics.conversionRate;
  factors[ORDER_VALUE] = orderValueMicros(economics, view);
  factors[3] = economics.margin;
  factors[4] = 1 - (view.facts?.number('orders.refusal_share', null) ?? 0) / PPM;
  factors[5] = 1000;
  factors[6] = view.shaping?.effect.multiplier ?? 1;
  factors[7] = recencyFactor(view);
  return product(factors, 0, PERSON_FACTORS, 1);
}

/** What one candidate adds to the person's factors. Ceilings in CPM micros of the shop's currency. */
export interface CampaignTerms {
  multiplier: number;
  /** Impressions of this campaign the person saw lately. */
  seen: number;
  pacing: number;
  ceilingCpmMicros: number;
  /** Units of the bid's currency per unit of the shop's. */
  currencyRate: number;
}

/**
 * The candidate's price before the exchange of currency, CPM micros, not rounded. Multiplied in the
 * order of FACTORS, so that it is the product of writeCampaignFactors to the last bit.
 */
export function shopPrice(personProduct: number, terms: CampaignTerms): number {
  const unclipped = personProduct * terms.multiplier * fatigueFactor(terms.seen) * terms.pacing;
  return unclipped * ceilingFactor(unclipped, terms.ceilingCpmMicros);
}

/** The candidate's factors after the person's, whose product is `personProduct`. */
export function writeCampaignFactors(
  factors: Float64Array,
  personProduct: number,
  terms: CampaignTerms,
): void {
  factors[8] = terms.multiplier;
  factors[9] = fatigueFactor(terms.seen);
  factors[10] = terms.pacing;
  const unclipped = product(factors, PERSON_FACTORS, CEILING, personProduct);
  factors[CEILING] = ceilingFactor(unclipped, terms.ceilingCpmMicros);
  factors[CURRENCY] = terms.currencyRate;
  factors[DEAL] = 1;
}

/** Of a bid whose price is not what the impression is worth, but what its deal says. */
export function writeDealFactor(factors: Float64Array, priceCpmMicros: number): void {
  factors[DEAL] = priceCpmMicros / product(factors, 0, DEAL, 1);
}

function ceilingFactor(unclipped: number, ceilingCpmMicros: number): number {
  return unclipped > ceilingCpmMicros ? ceilingCpmMicros / unclipped : 1;
}

function product(factors: Float64Array, from: number, until: number, start: number): number {
  let result = start;
  for (let i = from; i < until; i++) result *= factors[i]!;
  return result;
}

function orderValueMicros(economics: Economics, view: PersonView): number {
  return view.facts?.number('orders.aov', null) ?? economics.newOrderValueMicros;
}

/**
 * Just after a purchase the next one is far; around the end of the customer's own interval it is
 * due. A logistic rise between the two; 1 for a person who never bought.
 */
function recencyFactor(view: PersonView): number {
  const sinceHalfDays = view.facts?.number('orders.last_days', null) ?? null;
  if (view.facts === null || sinceHalfDays === null) return 1;
  const cycleHalfDays = view.facts.effectiveCycleHalfDays;
  if (cycleHalfDays <= 0) return 1;
  const softness = Math.max(1, cycleHalfDays / RECENCY_SOFTNESS);
  const due = 1 / (1 + Math.exp((cycleHalfDays - sinceHalfDays) / softness));
  return RECENCY_LEAST + (1 - RECENCY_LEAST) * due;
}

export function fatigueFactor(seen: number): number {
  if (seen === 0) return 1;
  let kept = 1;
  for (let i = 0; i < seen && kept > FATIGUE_LEAST; i++) kept *= FATIGUE_KEPT;
  return Math.max(kept, FATIGUE_LEAST);
}
