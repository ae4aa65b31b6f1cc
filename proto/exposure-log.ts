/**
 * A person's exposure log: one binary value, newest entry last, that every cap is counted from.
 * Entry, 24 bytes little-endian: campaign key u32, state u32, at (Unix ms) f64, bid key f64. The Redis
 * scripts read the same layout with struct ('<I4I4dd'). `at` is the time shown once CONFIRMED and
 * the expiry while RESERVED: a reservation counts in every window until then, and not after.
 */
import { f64At, putF64, putU32, u32At } from './little-endian.ts';

export const EXPOSURE_BYTES = 24;
export const RESERVED = 1;
export const CONFIRMED = 2;
/**
 * Campaign key of a blank (store/ports.ts BlankReservation): RESERVED for a bid whose campaign is not
 * known yet, it counts as an impression of every campaign. No campaign has this key.
 */
export const BLANK = 0;
/** A person with more entries than this within the longest window is treated as capped. */
export const EXPOSURES_MAX = 512;
/** Longest cap window, and so how long an entry is worth keeping. */
export const CAP_WINDOW_MAX_MS = 31 * 24 * 3_600_000;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a of `shop/campaign`, never BLANK; settings refuse two campaigns with the same key. */
export function campaignKey(shop: string, campaign: string): number {
  const name = `${shop}/${campaign}`;
  let hash = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  }
  return hash >>> 0 || 1;
}

/** At most `impsMax` impressions within any `windowMs` milliseconds (a sliding window). */
export interface CapRule {
  /** The campaign alone, or all campaigns of the shop together. */
  readonly scope: 'campaign' | 'shop';
  readonly impsMax: number;
  readonly windowMs: number;
}

/** A value that is no whole number of entries is not a log: it is read as an empty one. */
export function isExposureLog(bytes: Uint8Array): boolean {
  return bytes.length % EXPOSURE_BYTES === 0;
}

/** Whether the entry at `offset` still counts when confirmed ones count from `sinceMs` on. */
function countsAt(log: Uint8Array, offset: number, sinceMs: number, nowMs: number): boolean {
  const state = log[offset + 4]!;
  if (state === CONFIRMED) return f64At(log, offset + 8) > sinceMs;
  return state === RESERVED && f64At(log, offset + 8) > nowMs;
}

/**
 * Impressions of the campaign (or of the whole shop) that count in the sliding window: confirmed
 * ones younger than `windowMs`, and reservations that have not expired. A log with EXPOSURES_MAX
 * live entries answers that number whatever the campaign: such a person is capped. No allocation.
 */
// biome-ignore lint/complexity/useMaxParams: asked per candidate of a bid, where an options object would be garbage.
export function exposuresWithin(
  log: Uint8Array | null,
  campaignKey: number,
  scope: 'campaign' | 'shop',
  windowMs: number,
  nowMs: number,
): number {
  if (log === null || !isExposureLog(log)) return 0;
  const live = liveWhenFull(log, nowMs);
  if (live > 0) return live;
  const sinceMs = nowMs - windowMs;
  const everyCampaign = scope === 'shop';
  let count = 0;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    if (!everyCampaign && !isOfCampaign(log, offset, campaignKey)) continue;
    if (countsAt(log, offset, sinceMs, nowMs)) count++;
  }
  return count;
}

/** Also a blank, of which nobody can say that it is not. */
function isOfCampaign(log: Uint8Array, offset: number, campaignKey: number): boolean {
  const key = u32At(log, offset);
  return key === campaignKey || key === BLANK;
}

/** How many entries of a full log count, or 0 when it is not full. */
export function liveWhenFull(log: Uint8Array, nowMs: number): number {
  if (log.length < EXPOSURES_MAX * EXPOSURE_BYTES) return 0;
  const sinceMs = nowMs - CAP_WINDOW_MAX_MS;
  let live = 0;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    if (countsAt(log, offset, sinceMs, nowMs)) live++;
  }
  return live >= EXPOSURES_MAX ? live : 0;
}

/** Whether one more impression of the campaign keeps every rule. One pass, no allocation. */
export function capsAllow(
  log: Uint8Array | null,
  campaignKey: number,
  rules: readonly CapRule[],
  nowMs: number,
): boolean {
  if (isNever(rules)) return false;
  if (rules.length === 0 || log === null || !isExposureLog(log)) return true;
  if (liveWhenFull(log, nowMs) > 0) return false;
  if (seenByRule.length < rules.length) seenByRule = new Uint16Array(rules.length);
  for (let i = 0; i < rules.length; i++) seenByRule[i] = 0;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    const own = isOfCampaign(log, offset, campaignKey);
    if (meetsRule(rules, own, exposureAgeMs(log, offset, nowMs))) return false;
  }
  return true;
}

function isNever(rules: readonly CapRule[]): boolean {
  for (let i = 0; i < rules.length; i++) if (rules[i]!.impsMax <= 0) return true;
  return false;
}

/** Impressions that each rule has seen in the pass under way. */
let seenByRule = new Uint16Array(8);

/** Counts an entry of that age for every rule that it concerns; true when one of them is met. */
function meetsRule(rules: readonly CapRule[], own: boolean, ageMs: number): boolean {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (!(ageMs < rule.windowMs) || (!own && rule.scope !== 'shop')) continue;
    const seen = seenByRule[i]! + 1;
    seenByRule[i] = seen;
    if (seen >= rule.impsMax) return true;
  }
  return false;
}

/**
 * How long ago the entry at `offset` was shown: it counts in every window that is longer. Minus
 * infinity while it is reserved, which counts in all, and infinity when it counts in none.
 */
export function exposureAgeMs(log: Uint8Array, offset: number, nowMs: number): number {
  const state = log[offset + 4]!;
  const atMs = f64At(log, offset + 8);
  if (state === CONFIRMED) return nowMs - atMs;
  return state === RESERVED && atMs > nowMs ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** One entry of the log: `atMs` is the time shown once CONFIRMED and the expiry while RESERVED. */
export interface Exposure {
  readonly campaignKey: number;
  readonly bidKey: number;
  readonly state: typeof RESERVED | typeof CONFIRMED;
  readonly atMs: number;
}

/** The live state of a bid in the log: RESERVED, CONFIRMED, or 0 when it does not count. */
export function exposureState(
  log: Uint8Array | null,
  campaignKey: number,
  bidKey: number,
  nowMs: number,
): typeof RESERVED | typeof CONFIRMED | 0 {
  if (log === null || !isExposureLog(log)) return 0;
  const sinceMs = nowMs - CAP_WINDOW_MAX_MS;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    if (!isEntryOf(log, offset, campaignKey, bidKey)) continue;
    if (!countsAt(log, offset, sinceMs, nowMs)) continue;
    return log[offset + 4]! === CONFIRMED ? CONFIRMED : RESERVED;
  }
  return 0;
}

function isEntryOf(log: Uint8Array, offset: number, campaignKey: number, bidKey: number): boolean {
  return u32At(log, offset) === campaignKey && f64At(log, offset + 16) === bidKey;
}

/** The entries that count in any window. */
export function liveExposures(log: Uint8Array | null, nowMs: number): Exposure[] {
  const live: Exposure[] = [];
  if (log === null || !isExposureLog(log)) return live;
  const sinceMs = nowMs - CAP_WINDOW_MAX_MS;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    if (!countsAt(log, offset, sinceMs, nowMs)) continue;
    live.push({
      campaignKey: u32At(log, offset),
      bidKey: f64At(log, offset + 16),
      state: log[offset + 4]! === CONFIRMED ? CONFIRMED : RESERVED,
      atMs: f64At(log, offset + 8),
    });
  }
  return live;
}

/**
 * Copies the entries that still count in any window to the front of `into`, which must be as long
 * as the log. Returns the bytes written. A log that is none has no entries.
 */
export function copyLiveExposures(bytes: Uint8Array, into: Uint8Array, nowMs: number): number {
  return copyExposures(bytes, into, null, nowMs);
}

/** One run of entries to keep is one copy: most logs have nothing to drop. */
function copyExposures(
  log: Uint8Array,
  into: Uint8Array,
  but: { readonly campaignKey: number; readonly bidKey: number } | null,
  nowMs: number,
): number {
  if (!isExposureLog(log)) return 0;
  const sinceMs = nowMs - CAP_WINDOW_MAX_MS;
  let length = 0;
  let runStart = 0;
  for (let offset = 0; offset <= log.length; offset += EXPOSURE_BYTES) {
    const keeps =
      offset < log.length &&
      countsAt(log, offset, sinceMs, nowMs) &&
      (but === null || !isEntryOf(log, offset, but.campaignKey, but.bidKey));
    if (keeps) continue;
    if (offset > runStart) into.set(log.subarray(runStart, offset), length);
    length += offset - runStart;
    runStart = offset + EXPOSURE_BYTES;
  }
  return length;
}

/** Writes one entry at byte `offset` of `log`, which has room for it. */
export function writeExposure(log: Uint8Array, offset: number, exposure: Exposure): void {
  putU32(log, offset, exposure.campaignKey);
  putU32(log, offset + 4, exposure.state);
  putF64(log, offset + 8, exposure.atMs);
  putF64(log, offset + 16, exposure.bidKey);
}

/**
 * The log after `exposure`: entries that no longer count in any window and the bid's former entry
 * are gone, the new one is last. A full log loses its oldest entry, so it stays full and capped.
 */
export function withExposure(
  bytes: Uint8Array | null,
  exposure: Exposure,
  nowMs: number,
): Uint8Array {
  const kept = withoutExposure(bytes, exposure.campaignKey, exposure.bidKey, nowMs);
  const from = Math.max(0, kept.length - (EXPOSURES_MAX - 1) * EXPOSURE_BYTES);
  const log = new Uint8Array(kept.length - from + EXPOSURE_BYTES);
  log.set(kept.subarray(from));
  writeExposure(log, log.length - EXPOSURE_BYTES, exposure);
  return log;
}

/** The log without this bid's entry and without entries that no longer count in any window. */
export function withoutExposure(
  bytes: Uint8Array | null,
  campaignKey: number,
  bidKey: number,
  nowMs: number,
): Uint8Array {
  if (bytes === null || !isExposureLog(bytes)) return new Uint8Array(0);
  const log = new Uint8Array(bytes.length);
  return log.subarray(0, copyExposures(bytes, log, { campaignKey, bidKey }, nowMs));
}

/** When nothing in the log counts any more, Unix ms: from then on it may be deleted. */
export function exposuresEndMs(log: Uint8Array): number {
  if (!isExposureLog(log)) return 0;
  let endMs = 0;
  for (let offset = 0; offset < log.length; offset += EXPOSURE_BYTES) {
    const lifeMs = log[offset + 4]! === CONFIRMED ? CAP_WINDOW_MAX_MS : 0;
    endMs = Math.max(endMs, f64At(log, offset + 8) + lifeMs);
  }
  return endMs;
}
