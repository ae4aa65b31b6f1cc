/** The least price of a bid: OpenRTB 2.6 section 7.11, with the floors that depend on how long an ad is. */
import { AUDIO, dealOf, mediaOf, type Offer, typeOf, VIDEO } from './offer.ts';
import { items, type Json, json, number, text } from './wire-json.ts';

const FIXED_PRICE = 3;
/** Of both conversions' floating point, never of a price. */
const RELATIVE_ERROR = 1e-12;

/** A deal's floor replaces the imp's; without a currency of its own it is in dollars. */
export function floor(offer: Offer): string[] {
  const { imp, bid, currency, agreement } = offer;
  const agreed = dealOf(offer);
  const source = agreed ?? imp;
  const said = durationFloor(offer, agreed ?? mediaOf(offer)) ?? source['bidfloor'] ?? 0;
  const amount = number(said);
  if (Number.isNaN(amount)) return [`floor-unreadable: ${said}`];
  if (amount <= 0) return [];
  const { perUsd } = agreement;
  const from = perUsd[text(source['bidfloorcur'] ?? 'USD').toUpperCase()];
  const to = perUsd[currency];
  if (from === undefined || to === undefined) return [`floor-currency: ${source['bidfloorcur']}`];
  const least = (amount / from) * to;
  const price = number(bid['price']);
  if (price < least * (1 - RELATIVE_ERROR)) return [`below-floor: ${price} under ${least}`];
  const isFixed = number(agreed?.['at']) === FIXED_PRICE;
  // An agreed price finer than a millionth is rounded up to one, of its own currency and of the bid's.
  return isFixed && price > least * (1 + 1e-6) + 1e-6 * (1 + to / from)
    ? [`deal-price: ${price} is not ${least}`]
    : [];
}

/**
 * Of a deal or a media object; undefined where it has none for an ad that long. Ranges may overlap,
 * and a price per second may stand beside them: the seller meant each of them, so the highest binds.
 */
function durationFloor(offer: Offer, source: Json): number | undefined {
  if (![VIDEO, AUDIO].includes(typeOf(offer))) return undefined;
  const durationS = number(offer.bid['dur']);
  const floors = items(source['durfloors'])
    .map(json)
    .filter((range) => isWithin(durationS, range))
    .map((range) => number(range['bidfloor'] ?? 0));
  const perSecond = number(source['mincpmpersec']);
  if (perSecond > 0) floors.push(perSecond * durationS);
  return floors.length === 0 ? undefined : Math.max(...floors);
}

/** A bound that is not said is none. */
function isWithin(durationS: number, range: Json): boolean {
  const { mindur, maxdur } = range;
  return !(durationS < number(mindur)) && !(durationS > number(maxdur));
}
