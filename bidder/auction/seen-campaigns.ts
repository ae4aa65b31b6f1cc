/**
 * Caps and fatigue from one pass over the exposure log. A log names few campaigns, so only those
 * are looked at one by one, each among its own entries; limits over the whole shop are one count
 * each. So a person with hundreds of entries costs their number, not its square.
 */
import {
  CAP_WINDOW_MAX_MS,
  type CapRule,
  EXPOSURE_BYTES,
  exposureAgeMs,
  exposuresWithin,
  isExposureLog,
  liveWhenFull,
} from '../../proto/exposure-log.ts';
import { u32At } from '../../proto/little-endian.ts';
import { andNotRow, clearBit, hasBit } from './bitmap.ts';
import type { PersonView } from './person-view.ts';
import { FATIGUE_WINDOW_MS } from './price-bid.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** The campaigns of one shop that a person's log names, each with its entries from the newest on. */
export interface SeenCampaigns {
  /** Impressions by campaign ordinal within the fatigue window; only the first `seen` ordinals have any. */
  counts: Uint16Array;
  readonly ordinals: number[];
  seen: number;
  /** By campaign ordinal: its newest entry plus 1, 0 without any. */
  newest: Int32Array;
  /** By entry: the campaign's entry before it plus 1, 0 for the first. */
  before: Int32Array;
  /** By entry, ms: see exposureAgeMs. */
  ages: Float64Array;
  /** The log holds as many entries as it may: the person is capped. */
  isFull: boolean;
}

const NO_CAPS: readonly CapRule[] = Object.freeze([]);

export function emptySeen(): SeenCampaigns {
  return {
    counts: new Uint16Array(0),
    ordinals: [],
    seen: 0,
    newest: new Int32Array(0),
    before: new Int32Array(0),
    ages: new Float64Array(0),
    isFull: false,
  };
}

/** Reads the log anew: which campaigns of the shop the person saw, when, and how often lately. */
export function readSeen(
  seen: SeenCampaigns,
  shop: ShopSnapshot,
  view: PersonView,
  nowMs: number,
): void {
  forget(seen, shop.campaigns.length);
  const log = view.exposures;
  if (log === null || !isExposureLog(log)) return;
  const entries = log.length / EXPOSURE_BYTES;
  if (seen.ages.length < entries) makeRoom(seen, entries);
  for (let entry = 0; entry < entries; entry++) {
    const offset = entry * EXPOSURE_BYTES;
    const ageMs = exposureAgeMs(log, offset, nowMs);
    if (!(ageMs < CAP_WINDOW_MAX_MS)) continue;
    const ordinal = shop.ordinalOfKey.get(u32At(log, offset));
    if (ordinal !== undefined) addEntry(seen, ordinal, entry, ageMs);
  }
  const live = liveWhenFull(log, nowMs);
  seen.isFull = live > 0;
  if (seen.isFull) for (let i = 0; i < seen.seen; i++) seen.counts[seen.ordinals[i]!] = live;
}

function forget(seen: SeenCampaigns, campaigns: number): void {
  for (let i = 0; i < seen.seen; i++) {
    const ordinal = seen.ordinals[i]!;
    seen.counts[ordinal] = 0;
    seen.newest[ordinal] = 0;
  }
  seen.seen = 0;
  seen.isFull = false;
  if (seen.counts.length >= campaigns) return;
  seen.counts = new Uint16Array(campaigns);
  seen.newest = new Int32Array(campaigns);
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
  if (seen.isFull) {
    if (segmentCaps.length > 0) base.fill(0);
    return andNotRow(base, shop.bits, shop.index.capped);
  }
  for (let i = 0; i < seen.seen; i++) {
    const ordinal = seen.ordinals[i]!;
    const place = shop.index.placeOf[ordinal]!;
    if (!hasBit(base, 0, place)) continue;
    const { caps } = shop.campaigns[ordinal]!.campaign;
    if (isCapped(seen, ordinal, caps) || isCapped(seen, ordinal, segmentCaps)) {
      clearBit(base, 0, place);
    }
  }
  return clearShopCaps(base, shop, view, nowMs);
}

/** By a rule over the campaign alone. */
function isCapped(seen: SeenCampaigns, ordinal: number, rules: readonly CapRule[]): boolean {
  for (let i = 0; i < rules.length; i++) {
    const { scope, impsMax, windowMs } = rules[i]!;
    if (scope === 'campaign' && hasSeen(seen, ordinal, impsMax, windowMs)) return true;
  }
  return false;
}

/** Whether at least `imps` of the campaign's entries count in the window. */
function hasSeen(seen: SeenCampaigns, ordinal: number, imps: number, windowMs: number): boolean {
  let left = imps;
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
