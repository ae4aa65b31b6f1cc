/**
 * Which campaigns of a shop may bid for this person and request, before any imp is looked at. Each
 * check clears bits; the last reason that left nothing is why there is no bid.
 */

import type { BidRequest } from './bid-request.ts';
import { andNotRow, andRow, copyRow, orRow } from './bitmap.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { hasName, type OwnNames } from './own-names.ts';
import type { PersonView } from './person-view.ts';
import { clearCapped, type SeenCampaigns } from './seen-campaigns.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Told of every check, for explain; null on the hot path. */
export interface EligibilityWatch {
  after(reason: NoBidReason, left: Int32Array): void;
}

export interface EligibilityInput {
  readonly shop: ShopSnapshot;
  readonly request: BidRequest;
  readonly exchange: string;
  readonly view: PersonView;
  readonly seen: SeenCampaigns;
  readonly nowMs: number;
}

/** AdCOM: IAB content categories 1.0, which settings name the shop's categories in. */
const OUR_TAXONOMY = 1;
/** Of all characters up to this one none is a lower case letter: the one before `a`. */
const CODE_BEFORE_LOWER = 0x60;

/** Why this request shuts the whole shop out, or null. */
export function refusesShop(shop: ShopSnapshot, request: BidRequest): NoBidReason | null {
  const blocked = request.blockedCategories;
  const allowed = request.allowedCategories;
  if (blocked.length + allowed.length > 0) {
    // A list in a taxonomy we cannot compare with means "cannot tell", never "nothing is blocked".
    if (request.categoryTaxonomy !== OUR_TAXONOMY) return 'category-taxonomy-unknown';
    if (blocksAny(blocked, shop.blockableCategories, true)) return 'blocked-category';
    if (allowed.length > 0 && !allowsShop(shop, allowed)) return 'blocked-category';
  }
  if (blocksAny(request.blockedDomains, shop.blockableDomains, false)) return 'blocked-advertiser';
  return speaksAny(request.allowedLanguages, shop.settings.locale) ? null : 'language-not-allowed';
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

function blocksAny(blocked: readonly string[], own: OwnNames, upper: boolean): boolean {
  for (let i = 0; i < blocked.length; i++) {
    if (hasName(own, upper ? upperCase(blocked[i]!) : blocked[i]!)) return true;
  }
  return false;
}

/** Names come in upper case; to find that out costs less than to have them converted. */
function upperCase(name: string): string {
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) > CODE_BEFORE_LOWER) return name.toUpperCase();
  }
  return name;
}

/** Every category of the shop must lie under an allowed one. */
function allowsShop(shop: ShopSnapshot, allowed: readonly string[]): boolean {
  return (
    shop.settings.categories.length > 0 &&
    shop.settings.categories.every((own) =>
      allowed.some((name) => own === name || own.startsWith(`${name}-`)),
    )
  );
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
