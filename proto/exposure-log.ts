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
