/** How much of a budget may be out by now, and what a campaign ahead of its plan still pays. */
import { dayToDate, localDay, startOfDayMs, type ZoneOffsets } from '../rules/local-day.ts';
import type { Campaign } from '../settings/workspace.ts';

/** Even pacing may run this share of the period ahead, so that the first minutes can spend too. */
const PACING_AHEAD_SHARE = 0.01;
/** The price falls to this share for a campaign that is AHEAD_SHARE or more ahead. */
const PACING_LEAST = 0.5;

/** Name of the budget's period at a moment: `flight`, or the local date. */
export function budgetPeriod(campaign: Campaign, zone: ZoneOffsets, nowMs: number): string {
  return campaign.budgetPer === 'flight' ? 'flight' : dayToDate(localDay(zone, nowMs));
}

/** First moment of the period after the one of `nowMs`; a flight's has none. */
export function periodEndMs(campaign: Campaign, zone: ZoneOffsets, nowMs: number): number {
  if (campaign.budgetPer === 'flight') return Number.POSITIVE_INFINITY;
  return startOfDayMs(zone, localDay(zone, nowMs) + 1);
}

/** Share of the budget's period that has passed, 0..1: of the flight, or of the part of the local day in it. */
export function elapsedShare(campaign: Campaign, zone: ZoneOffsets, nowMs: number): number {
  let { startMs, endMs } = campaign;
  if (campaign.budgetPer === 'day') {
    const day = localDay(zone, nowMs);
    startMs = Math.max(startMs, startOfDayMs(zone, day));
    endMs = Math.min(endMs, startOfDayMs(zone, day + 1));
  }
  if (endMs <= startMs) return 1;
  return Math.min(1, Math.max(0, (nowMs - startMs) / (endMs - startMs)));
}

/** Nanos that leased and settled together may reach now. */
export function pacingCeilingNanos(campaign: Campaign, zone: ZoneOffsets, nowMs: number): number {
  if (campaign.pacing === 'asap') return campaign.budgetNanos;
  const share = elapsedShare(campaign, zone, nowMs) + PACING_AHEAD_SHARE;
  return Math.min(campaign.budgetNanos, Math.ceil(campaign.budgetNanos * share));
}

/** Factor on the price: 1 up to the plan, less the further spending is ahead of it. */
export function pacingFactor(campaign: Campaign, usedNanos: number, elapsed: number): number {
  if (campaign.pacing === 'asap' || campaign.budgetNanos <= 0) return 1;
  const ahead = usedNanos / campaign.budgetNanos - elapsed;
  if (ahead <= 0) return 1;
  return 1 - (1 - PACING_LEAST) * Math.min(1, ahead / PACING_AHEAD_SHARE);
}
