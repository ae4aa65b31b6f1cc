/**
 * A person's exposure log: one binary value, newest entry last, that every cap is counted from.
 * Entry, 24 bytes little-endian: campaign key u32, state u32, at (Unix ms) f64, bid key f64. The Redis
 * scripts read the same layout with struct ('<I4I4dd'). `at` is the time shown once CONFIRMED and
 * the expiry while RESERVED: a reservation counts in every window until then, and not after.
 */
export const EXPOSURE_BYTES = 24;
export const RESERVED = 1;
export const CONFIRMED = 2;
/** A person with more entries than this within the longest window is treated as capped. */
export const EXPOSURES_MAX = 512;
/** Longest cap window, and so how long an entry is worth keeping. */
export const CAP_WINDOW_MAX_MS = 31 * 24 * 3_600_000;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a of `shop/campaign`; settings refuse two campaigns with the same key. */
export function campaignKey(shop: string, campaign: string): number {
  const name = `${shop}/${campaign}`;
  let hash = FNV_OFFSET;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
  }
  return hash >>> 0;
}

/** At most `impsMax` impressions within any `windowMs` milliseconds (a sliding window). */
export interface CapRule {
  /** The campaign alone, or all campaigns of the shop together. */
  readonly scope: 'campaign' | 'shop';
  readonly impsMax: number;
  readonly windowMs: number;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Reads a little-endian double at any offset; the shared scratch view spares an allocation. */
function doubleAt(bytes: Uint8Array, offset: number): number {
  for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[offset + i]!);
  return scratch.getFloat64(0, true);
}

function uint32At(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset]! |
      (bytes[offset + 1]! << 8) |
      (bytes[offset + 2]! << 16) |
      (bytes[offset + 3]! << 24)) >>>
    0
  );
}

/** A value that is no whole number of entries is not a log: it is read as an empty one. */
export function isExposureLog(bytes: Uint8Array): boolean {
  return bytes.length % EXPOSURE_BYTES === 0;
}

/** Whether the entry at `offset` still counts in a window of `windowMs`. */
function countsAt(bytes: Uint8Array, offset: number, windowMs: number, nowMs: number): boolean {
  const state = bytes[offset + 4]!;
  if (state === RESERVED) return doubleAt(bytes, offset + 8) > nowMs;
  return state === CONFIRMED && doubleAt(bytes, offset + 8) > nowMs - windowMs;
}

/**
 * Impressions of the campaign (or of the whole shop) that count in the sliding window: confirmed
 * ones younger than `windowMs`, and reservations that have not expired. A log with EXPOSURES_MAX
 * live entries answers that number whatever the campaign: such a person is capped. No allocation.
 */
// biome-ignore lint/complexity/useMaxParams: asked per candidate of a bid, where an options object would be garbage.
export function exposuresWithin(
  bytes: Uint8Array | null,
  campaignKey: number,
  scope: 'campaign' | 'shop',
  windowMs: number,
  nowMs: number,
): number {
  if (bytes === null || !isExposureLog(bytes)) return 0;
  if (bytes.length >= EXPOSURES_MAX * EXPOSURE_BYTES) {
    const live = liveEntries(bytes, nowMs);
    if (live >= EXPOSURES_MAX) return live;
  }
  const everyCampaign = scope === 'shop';
  let count = 0;
  for (let offset = 0; offset < bytes.length; offset += EXPOSURE_BYTES) {
    if (!everyCampaign && uint32At(bytes, offset) !== campaignKey) continue;
    if (countsAt(bytes, offset, windowMs, nowMs)) count++;
  }
  return count;
}

function liveEntries(bytes: Uint8Array, nowMs: number): number {
  let live = 0;
  for (let offset = 0; offset < bytes.length; offset += EXPOSURE_BYTES) {
    if (countsAt(bytes, offset, CAP_WINDOW_MAX_MS, nowMs)) live++;
  }
  return live;
}

/** Whether one more impression of the campaign keeps every rule. No allocation. */
export function capsAllow(
  bytes: Uint8Array | null,
  campaignKey: number,
  rules: readonly CapRule[],
  nowMs: number,
): boolean {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    const seen = exposuresWithin(bytes, campaignKey, rule.scope, rule.windowMs, nowMs);
    if (seen >= rule.impsMax || seen >= EXPOSURES_MAX) return false;
  }
  return true;
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
  bytes: Uint8Array | null,
  campaignKey: number,
  bidKey: number,
  nowMs: number,
): typeof RESERVED | typeof CONFIRMED | 0 {
  if (bytes === null || !isExposureLog(bytes)) return 0;
  for (let offset = 0; offset < bytes.length; offset += EXPOSURE_BYTES) {
    if (!isEntryOf(bytes, offset, campaignKey, bidKey)) continue;
    if (!countsAt(bytes, offset, CAP_WINDOW_MAX_MS, nowMs)) continue;
    return bytes[offset + 4] === CONFIRMED ? CONFIRMED : RESERVED;
  }
  return 0;
}

function isEntryOf(bytes: Uint8Array, offset: number, campaignKey: number, bidKey: number) {
  return uint32At(bytes, offset) === campaignKey && doubleAt(bytes, offset + 16) === bidKey;
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
  const entry = new DataView(log.buffer, log.length - EXPOSURE_BYTES, EXPOSURE_BYTES);
  entry.setUint32(0, exposure.campaignKey, true);
  entry.setUint32(4, exposure.state, true);
  entry.setFloat64(8, exposure.atMs, true);
  entry.setFloat64(16, exposure.bidKey, true);
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
  let length = 0;
  for (let offset = 0; offset < bytes.length; offset += EXPOSURE_BYTES) {
    if (isEntryOf(bytes, offset, campaignKey, bidKey)) continue;
    if (!countsAt(bytes, offset, CAP_WINDOW_MAX_MS, nowMs)) continue;
    log.set(bytes.subarray(offset, offset + EXPOSURE_BYTES), length);
    length += EXPOSURE_BYTES;
  }
  return log.subarray(0, length);
}

/** When nothing in the log counts any more, Unix ms: from then on it may be deleted. */
export function exposuresEndMs(bytes: Uint8Array): number {
  if (!isExposureLog(bytes)) return 0;
  let endMs = 0;
  for (let offset = 0; offset < bytes.length; offset += EXPOSURE_BYTES) {
    const lifeMs = bytes[offset + 4] === CONFIRMED ? CAP_WINDOW_MAX_MS : 0;
    endMs = Math.max(endMs, doubleAt(bytes, offset + 8) + lifeMs);
  }
  return endMs;
}
