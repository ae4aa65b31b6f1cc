/**
 * What an exchange thinks of a creative, as its loss notices tell: one record for each creative on
 * each exchange, a JSON text. Losses are kept as a set by bid and a win as a moment, so that notices
 * may come twice and in any order.
 */

/** LearnedRef.kind; the name is the creative's id. */
export const CREATIVE_AUDIT_KIND = 'audit';

/** OpenRTB 2.6, "Loss Reason Codes": 200 to 215 are the creative's, 201 is that nobody has looked yet. */
const CREATIVE_CODE_MIN = 200;
const CREATIVE_CODE_MAX = 215;
const CODE_PENDING = 201;

/** So many losses without a win between are a verdict; fewer are a publisher's own taste. */
export const REFUSALS_MIN = 10;
/** In this time. */
export const REFUSALS_WITHIN_MS = 24 * 3_600_000;
/** So long after the last refusal the creative is not bid with; then the next bids try it again. */
export const CREATIVE_PAUSE_MS = 3_600_000;

interface Refusal {
  readonly bidId: string;
  readonly code: number;
  readonly atMs: number;
}

export interface CreativeAudit {
  /** 0 is never. */
  readonly wonAtMs: number;
  readonly pendingAtMs: number;
  /** Since the last win, oldest first: the newest REFUSALS_MIN, each of another bid. */
  readonly refusals: readonly Refusal[];
  /** Of refusals since the last win, about: notices are not counted apart for ever. */
  readonly count: number;
}

export interface AuditVerdict {
  readonly state: 'ok' | 'pending' | 'disapproved';
  /** Of the last refusal, or 201; 0 when there is neither. */
  readonly code: number;
  readonly count: number;
  /** First of the refusals still kept, and the last; Unix ms, 0 for none. */
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Until then it is not bid with; 0 when it may be. */
  readonly pausedUntilMs: number;
}

const NO_AUDIT: CreativeAudit = { wonAtMs: 0, pendingAtMs: 0, refusals: [], count: 0 };

export function isCreativeLoss(code: number): boolean {
  return code >= CREATIVE_CODE_MIN && code <= CREATIVE_CODE_MAX;
}

export function withCreativeLoss(audit: CreativeAudit, loss: Refusal): CreativeAudit {
  if (loss.atMs <= audit.wonAtMs) return audit;
  if (loss.code === CODE_PENDING)
    return { ...audit, pendingAtMs: Math.max(audit.pendingAtMs, loss.atMs) };
  if (audit.refusals.some(({ bidId }) => bidId === loss.bidId)) return audit;
  const all = [...audit.refusals, loss].sort(byTime);
  return { ...audit, refusals: all.slice(-REFUSALS_MIN), count: audit.count + 1 };
}

function byTime(a: Refusal, b: Refusal): number {
  return a.atMs - b.atMs || (a.bidId < b.bidId ? -1 : 1);
}

/** Whoever is shown is approved: what came before is settled. */
export function withWin(audit: CreativeAudit, atMs: number): CreativeAudit {
  const wonAtMs = Math.max(audit.wonAtMs, atMs);
  const refusals = audit.refusals.filter((refusal) => refusal.atMs > wonAtMs);
  const pendingAtMs = audit.pendingAtMs > wonAtMs ? audit.pendingAtMs : 0;
  return { wonAtMs, pendingAtMs, refusals, count: refusals.length };
}

/** Whether a win would settle anything. */
export function isOpen({ refusals, pendingAtMs }: CreativeAudit): boolean {
  return refusals.length > 0 || pendingAtMs > 0;
}

export function verdictOfAudit(audit: CreativeAudit, nowMs: number): AuditVerdict {
  const recent = audit.refusals.filter(({ atMs }) => atMs > nowMs - REFUSALS_WITHIN_MS);
  const last = recent.at(-1);
  const lastMs = last?.atMs ?? 0;
  const { count } = audit;
  const told = { code: last?.code ?? 0, count, sinceMs: recent[0]?.atMs ?? 0, lastMs };
  if (recent.length >= REFUSALS_MIN) {
    const untilMs = lastMs + CREATIVE_PAUSE_MS;
    return { state: 'disapproved', ...told, pausedUntilMs: nowMs < untilMs ? untilMs : 0 };
  }
  const pendingMs = audit.pendingAtMs;
  if (pendingMs > Math.max(lastMs, nowMs - REFUSALS_WITHIN_MS))
    return { state: 'pending', ...told, code: CODE_PENDING, lastMs: pendingMs, pausedUntilMs: 0 };
  return { state: 'ok', ...told, pausedUntilMs: 0 };
}

export function encodeCreativeAudit(audit: CreativeAudit): Uint8Array {
  return Buffer.from(JSON.stringify(audit));
}

/** Null, and bytes that are no audit, are one of which nothing is known. */
export function decodeCreativeAudit(bytes: Uint8Array | null): CreativeAudit {
  const value = bytes === null ? null : parsed(bytes);
  if (value === null || !Array.isArray(value.refusals)) return NO_AUDIT;
  const { wonAtMs, pendingAtMs, refusals, count } = value;
  const times = [wonAtMs, pendingAtMs, count].every(Number.isFinite);
  return times && refusals.every(isRefusal) ? { wonAtMs, pendingAtMs, refusals, count } : NO_AUDIT;
}

function parsed(bytes: Uint8Array): CreativeAudit | null {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
}

function isRefusal(value: Partial<Refusal> | null): value is Refusal {
  return (
    typeof value?.bidId === 'string' && Number.isFinite(value.code) && Number.isFinite(value.atMs)
  );
}
