/**
 * Caps and fatigue from one pass over the exposure log. A log names few campaigns, so only those
 * are looked at one by one; limits over the whole shop are one count each.
 */
import {
  CAP_WINDOW_MAX_MS,
  type CapRule,
  capsAllow,
  EXPOSURE_BYTES,
  EXPOSURES_MAX,
  exposuresWithin,
} from '../../proto/exposure-log.ts';
import { u32At } from '../../proto/little-endian.ts';
import { andNotRow, clearBit, hasBit } from './bitmap.ts';
import type { PersonView } from './person-view.ts';
import { FATIGUE_WINDOW_MS } from './price-bid.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Impressions by campaign ordinal within the fatigue window; only the first `seen` ordinals have any. */
export interface SeenCampaigns {
  counts: Uint16Array;
  readonly ordinals: number[];
  seen: number;
}

const NO_CAPS: readonly CapRule[] = Object.freeze([]);

export function emptySeen(): SeenCampaigns {
  return { counts: new Uint16Array(0), ordinals: [], seen: 0 };
}

/** Reads the log anew: which campaigns of the shop the person saw, and how often lately. */
export function readSeen(
  seen: SeenCampaigns,
  shop: ShopSnapshot,
  view: PersonView,
  nowMs: number,
): void {
  for (let i = 0; i < seen.seen; i++) seen.counts[seen.ordinals[i]!] = 0;
  seen.seen = 0;
  if (seen.counts.length < shop.campaigns.length) {
    seen.counts = new Uint16Array(shop.campaigns.length);
  }
  const log = view.exposures;
  if (log === null) return;
  for (let at = 0; at + EXPOSURE_BYTES <= log.length; at += EXPOSURE_BYTES) {
    const key = u32At(log, at);
    const ordinal = shop.ordinalOfKey.get(key);
    if (ordinal === undefined || isSeen(seen, ordinal)) continue;
    seen.ordinals[seen.seen++] = ordinal;
    seen.counts[ordinal] = exposuresWithin(log, key, 'campaign', FATIGUE_WINDOW_MS, nowMs);
  }
}

function isSeen(seen: SeenCampaigns, ordinal: number): boolean {
  for (let i = 0; i < seen.seen; i++) if (seen.ordinals[i] === ordinal) return true;
  return false;
}

/**
 * Clears the campaigns for which one more impression would break a cap, their own or that of the
 * segment which shapes the bid. True when something is left.
 */
export function clearCapped(
  base: Int32Array,
  shop: ShopSnapshot,
  view: PersonView,
  from: { seen: SeenCampaigns; nowMs: number },
): boolean {
  const { seen, nowMs } = from;
  const segmentCaps = view.shaping?.effect.caps ?? NO_CAPS;
  if (isFull(view, nowMs)) {
    if (segmentCaps.length > 0) base.fill(0);
    return andNotRow(base, shop.bits, shop.index.capped);
  }
  for (let i = 0; i < seen.seen; i++) {
    const ordinal = seen.ordinals[i]!;
    const place = shop.index.placeOf[ordinal]!;
    if (!hasBit(base, 0, place)) continue;
    const { campaign, key } = shop.campaigns[ordinal]!;
    const allowed =
      capsAllow(view.exposures, key, campaign.caps, nowMs) &&
      capsAllow(view.exposures, key, segmentCaps, nowMs);
    if (!allowed) clearBit(base, 0, place);
  }
  return clearShopCaps(base, shop, view, nowMs);
}

/** Also those of the segment that shapes the bid. */
function clearShopCaps(
  base: Int32Array,
  shop: ShopSnapshot,
  view: PersonView,
  nowMs: number,
): boolean {
  const segmentCaps = view.shaping?.effect.caps ?? NO_CAPS;
  for (let i = 0; i < segmentCaps.length; i++) {
    if (isMet(segmentCaps[i]!, view, nowMs)) base.fill(0);
  }
  const { shopCaps } = shop.index;
  for (let i = 0; i < shopCaps.length; i++) {
    const { rule, row } = shopCaps[i]!;
    if (isMet(rule, view, nowMs)) andNotRow(base, shop.bits, row);
  }
  for (let i = 0; i < base.length; i++) if (base[i] !== 0) return true;
  return false;
}

/** Whether a limit over all campaigns of the shop is reached. Others are each campaign's own. */
function isMet(rule: CapRule, view: PersonView, nowMs: number): boolean {
  if (rule.scope !== 'shop') return rule.impsMax <= 0;
  return exposuresWithin(view.exposures, 0, 'shop', rule.windowMs, nowMs) >= rule.impsMax;
}

/** Whose log is full is capped for every campaign that has a cap. */
function isFull(view: PersonView, nowMs: number): boolean {
  if (view.exposures === null || view.exposures.length < EXPOSURES_MAX * EXPOSURE_BYTES) {
    return false;
  }
  const live = exposuresWithin(view.exposures, 0, 'shop', CAP_WINDOW_MAX_MS, nowMs);
  return live >= EXPOSURES_MAX;
}
