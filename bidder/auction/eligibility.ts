/**
 * Which campaigns of a shop may bid for this person and request, before any imp is looked at. Each
 * check clears bits; the last reason that left nothing is why there is no bid.
 */

import type { BidRequest } from './bid-request.ts';
import { andNotRow, andRow, copyRow, orRow } from './bitmap.ts';
import { refusesDsa } from './dsa.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { hasAny } from './own-names.ts';
import type { PersonView } from './person-view.ts';
import { clearCapped, type SeenCampaigns } from './seen-campaigns.ts';
import { refusesCategories } from './shop-categories.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Told of every check, for explain; null on the hot path. */
export interface EligibilityWatch {
  after(reason: NoBidReason, left: Int32Array): void;
}

export interface EligibilityInput {
  readonly shop: ShopSnapshot;
  readonly request: BidRequest;
  readonly exchange: string;
  /** Only campaigns with the mark of an ad may bid. */
  readonly marked: boolean;
  readonly view: PersonView;
  readonly seen: SeenCampaigns;
  readonly nowMs: number;
}

/** Why this request shuts the whole shop out, or null. `taxonomy` is of lists that name none. */
export function refusesShop(
  shop: ShopSnapshot,
  request: BidRequest,
  taxonomy: number,
): NoBidReason | null {
  const byCategory = refusesCategories(shop.categories, request, taxonomy);
  if (byCategory !== null) return byCategory;
  if (hasAny(shop.blockableDomains, request.blockedDomains)) return 'blocked-advertiser';
  if (!speaksAny(request.allowedLanguages, shop.settings.locale)) return 'language-not-allowed';
  return request.dsa === null ? null : refusesDsa(request.dsa, shop.settings.dsa);
}

/** Languages are told apart, the countries of one language are not: `en` is what `en-GB` asks for. */
function speaksAny(allowed: readonly string[], locale: string): boolean {
  if (allowed.length === 0) return true;
  const own = primarySubtag(locale);
  return allowed.some((tag) => primarySubtag(tag) === own);
}

function primarySubtag(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0]!;
}

/**
 * Fills `base` with the shop's eligible campaigns. Null when some are left, else the reason that
 * cleared the last. `base` must be as long as the index's rows.
 */
export function selectEligible(
  base: Int32Array,
  input: EligibilityInput,
  watch: EligibilityWatch | null,
): NoBidReason | null {
  const { shop, request, view } = input;
  const { index, bits } = shop;
  const exchange = index.exchanges.get(input.exchange) ?? index.anyExchange;
  const country = index.countries.get(request.country) ?? index.anyCountry;
  const device = index.devices[request.device]!;
  copyRow(base, bits, index.active);
  return (
    step(index.anyActive, 'no-active-campaign', base, watch) ??
    step(andRow(base, bits, exchange), 'exchange-not-targeted', base, watch) ??
    step(andRow(base, bits, country), 'country-not-targeted', base, watch) ??
    step(andRow(base, bits, device), 'device-not-targeted', base, watch) ??
    (input.marked ? step(andRow(base, bits, index.marked), 'erid-missing', base, watch) : null) ??
    step(admitPerson(base, shop, view), notAdmitted(view), base, watch) ??
    step(excludePerson(base, shop, view), 'excluded-segment', base, watch) ??
    (view.countsKnown
      ? step(clearCapped(base, shop, view, input), 'user-cap-met', base, watch)
      : step(clearUncounted(base, shop, view), 'counts-unknown', base, watch))
  );
}

/** Null when something is left. */
function step(
  left: boolean,
  reason: NoBidReason,
  base: Int32Array,
  watch: EligibilityWatch | null,
): NoBidReason | null {
  if (watch !== null) watch.after(reason, base);
  return left ? null : reason;
}

/** Counts unknown: capped campaigns stay silent. A lost bid costs less than a broken cap. */
function clearUncounted(base: Int32Array, shop: ShopSnapshot, view: PersonView): boolean {
  if (view.shaping !== null && view.shaping.effect.caps.length > 0) base.fill(0);
  return andNotRow(base, shop.bits, shop.index.capped);
}

/** A person of whom nothing is known is no match; one who is known is in other segments. */
function notAdmitted(view: PersonView): NoBidReason {
  return view.segments.length === 0 ? 'unmatched-user' : 'segment-not-targeted';
}

let admitted = new Int32Array(0);

/** base &= everybody | anyOf of each segment the person is in. */
function admitPerson(base: Int32Array, shop: ShopSnapshot, view: PersonView): boolean {
  const { index, bits } = shop;
  if (admitted.length !== base.length) admitted = new Int32Array(base.length);
  copyRow(admitted, bits, index.everybody);
  for (let i = 0; i < view.segments.length; i++) {
    const row = index.anyOfRows[view.segments[i]!];
    if (row !== undefined && row >= 0) orRow(admitted, bits, row);
  }
  return andRow(base, admitted, 0);
}

function excludePerson(base: Int32Array, shop: ShopSnapshot, view: PersonView): boolean {
  let left = true;
  for (let i = 0; i < view.segments.length; i++) {
    const row = shop.index.noneOfRows[view.segments[i]!];
    if (row !== undefined && row >= 0) left = andNotRow(base, shop.bits, row);
  }
  return left;
}
