/**
 * Caps and fatigue from one pass over the exposure log. A log names few campaigns, so only those
 * are looked at one by one, each among its own entries; limits over the whole shop are one count
 * each, and come first. So a person with hundreds of entries costs their number, not its square.
 */
import {
  BLANK,
  CAP_WINDOW_MAX_MS,
  type CapRule,
  EXPOSURE_BYTES,
  exposureAgeMs,
  exposuresWithin,
  isExposureLog,
  liveWhenFull,
} from '../../proto/exposure-log.ts';
import { u32At } from '../../proto/little-endian.ts';
import { andNotRow, clearBit, hasBit, nextBit } from './bitmap.ts';
import type { PersonView } from './person-view.ts';
import { FATIGUE_WINDOW_MS } from './price-bid.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** The campaigns of one shop that a person's log names, each with its entries from the newest on. */
export interface SeenCampaigns {
  /** Impressions by campaign ordinal within the fatigue window; only the first `seen` ordinals have any. */
  counts: Uint16Array;
  readonly ordinals: number[];
  seen: number;
  /** Blanks that others hold: each may become an impression of any campaign. */
  blanks: number;
  /** By campaign ordinal: its newest entry plus 1, 0 without any. */
  newest: Int32Array;
  /** By entry: the campaign's entry before it plus 1, 0 for the first. */
  before: Int32Array;
  /** By entry, ms: see exposureAgeMs. */
  ages: Float64Array;
}

const NO_CAPS: readonly CapRule[] = Object.freeze([]);

export function emptySeen(): SeenCampaigns {
  return {
    counts: new Uint16Array(0),
    ordinals: [],
    seen: 0,
    blanks: 0,
    newest: new Int32Array(0),
    before: new Int32Array(0),
    ages: new Float64Array(0),
  };
}

/** Nobody has seen anything; room for so many campaigns. */
export function forgetSeen(seen: SeenCampaigns, campaigns: number): void {
  for (let i = 0; i < seen.seen; i++) {
    const ordinal = seen.ordinals[i]!;
    seen.counts[ordinal] = 0;
    seen.newest[ordinal] = 0;
  }
  seen.seen = 0;
  seen.blanks = 0;
  if (seen.counts.length >= campaigns) return;
  seen.counts = new Uint16Array(campaigns);
  seen.newest = new Int32Array(campaigns);
}

/**
 * Clears the campaigns for which one more impression would break a cap, their own or that of the
 * segment which shapes the bid. True when something is left; then `seen`, which came forgotten,
 * holds which of the shop's campaigns the person saw, when, and how often lately.
 */
export function clearCapped(
  base: Int32Array,
  shop: ShopSnapshot,
  view: PersonView,
  from: { seen: SeenCampaigns; nowMs: number },
): boolean {
  const { seen, nowMs } = from;
  const log = view.exposures;
  // Limits over the whole shop come first: of a long log they often leave nothing to look for.
  if (log === null || !isExposureLog(log)) return clearShopCaps(base, shop, view, nowMs);
  const live = liveWhenFull(log, nowMs);
  const isLeft =
    live > 0 ? clearAllCapped(base, shop, view) : clearShopCaps(base, shop, view, nowMs);
  if (!isLeft) return false;
  readSeen(seen, shop, log, nowMs);
  if (live === 0) return clearCampaignCaps(base, shop, view, seen);
  for (let i = 0; i < seen.seen; i++) seen.counts[seen.ordinals[i]!] = live;
  return true;
}

function readSeen(seen: SeenCampaigns, shop: ShopSnapshot, log: Uint8Array, nowMs: number): void {
  const entries = log.length / EXPOSURE_BYTES;
  if (seen.ages.length < entries) makeRoom(seen, entries);
  for (let entry = 0; entry < entries; entry++) {
    const offset = entry * EXPOSURE_BYTES;
    const ageMs = exposureAgeMs(log, offset, nowMs);
    if (!(ageMs < CAP_WINDOW_MAX_MS)) continue;
    const key = u32At(log, offset) | 0;
    if (key === BLANK) seen.blanks++;
    const ordinal = shop.ordinalOfKey.get(key);
    if (ordinal !== undefined) addEntry(seen, ordinal, entry, ageMs);
  }
}

function makeRoom(seen: SeenCampaigns, entries: number): void {
  seen.before = new Int32Array(entries * 2);
  seen.ages = new Float64Array(entries * 2);
}

function addEntry(seen: SeenCampaigns, ordinal: number, entry: number, ageMs: number): void {
  const before = seen.newest[ordinal]!;
  if (before === 0) seen.ordinals[seen.seen++] = ordinal;
  seen.before[entry] = before;
  seen.ages[entry] = ageMs;
  seen.newest[ordinal] = entry + 1;
  if (ageMs < FATIGUE_WINDOW_MS) seen.counts[ordinal]!++;
}

/** Of a person whose log is full: nothing that has a cap, its own or the segment's. */
function clearAllCapped(base: Int32Array, shop: ShopSnapshot, view: PersonView): boolean {
  if (segmentCapsOf(view).length > 0) base.fill(0);
  return andNotRow(base, shop.bits, shop.index.capped);
}

function clearCampaignCaps(
  base: Int32Array,
  shop: ShopSnapshot,
  view: PersonView,
  seen: SeenCampaigns,
): boolean {
  const segmentCaps = segmentCapsOf(view);
  const { placeOf, bestFirst } = shop.index;
  if (seen.blanks > 0) {
    for (let place = nextBit(base, 0); place >= 0; place = nextBit(base, place + 1)) {
      if (isCampaignCapped(shop, bestFirst[place]!, segmentCaps, seen)) clearBit(base, 0, place);
    }
    return hasAny(base);
  }
  for (let i = 0; i < seen.seen; i++) {
    const ordinal = seen.ordinals[i]!;
    const place = placeOf[ordinal]!;
    if (!hasBit(base, 0, place)) continue;
    if (isCampaignCapped(shop, ordinal, segmentCaps, seen)) clearBit(base, 0, place);
  }
  return hasAny(base);
}

function isCampaignCapped(
  shop: ShopSnapshot,
  ordinal: number,
  segmentCaps: readonly CapRule[],
  seen: SeenCampaigns,
): boolean {
  const { caps } = shop.campaigns[ordinal]!.campaign;
  return isCapped(seen, ordinal, caps) || isCapped(seen, ordinal, segmentCaps);
}

/** By a rule over the campaign alone. */
function isCapped(seen: SeenCampaigns, ordinal: number, rules: readonly CapRule[]): boolean {
  for (let i = 0; i < rules.length; i++) {
    const { scope, impsMax, windowMs } = rules[i]!;
    if (scope === 'campaign' && hasSeen(seen, ordinal, impsMax, windowMs)) return true;
  }
  return false;
}

/** Whether at least `imps` of the campaign's entries, and of the blanks, count in the window. */
function hasSeen(seen: SeenCampaigns, ordinal: number, imps: number, windowMs: number): boolean {
  let left = imps - seen.blanks;
  for (let next = seen.newest[ordinal]!; next > 0 && left > 0; next = seen.before[next - 1]!) {
    if (seen.ages[next - 1]! < windowMs) left--;
  }
  return left <= 0;
}

/** Also those of the segment that shapes the bid. */
function clearShopCaps(
  base: Int32Array,
  shop: ShopSnapshot,
  view: PersonView,
  nowMs: number,
): boolean {
  const segmentCaps = segmentCapsOf(view);
  for (let i = 0; i < segmentCaps.length; i++) {
    if (isMet(segmentCaps[i]!, view, nowMs)) base.fill(0);
  }
  const { shopCaps } = shop.index;
  for (let i = 0; i < shopCaps.length; i++) {
    const { rule, row } = shopCaps[i]!;
    if (isMet(rule, view, nowMs)) andNotRow(base, shop.bits, row);
  }
  return hasAny(base);
}

function hasAny(base: Int32Array): boolean {
  for (let i = 0; i < base.length; i++) if (base[i] !== 0) return true;
  return false;
}

function segmentCapsOf(view: PersonView): readonly CapRule[] {
  return view.shaping?.effect.caps ?? NO_CAPS;
}

/** Whether a limit over all campaigns of the shop is reached. Others are each campaign's own. */
function isMet(rule: CapRule, view: PersonView, nowMs: number): boolean {
  if (rule.scope !== 'shop') return rule.impsMax <= 0;
  return exposuresWithin(view.exposures, 0, 'shop', rule.windowMs, nowMs) >= rule.impsMax;
}
