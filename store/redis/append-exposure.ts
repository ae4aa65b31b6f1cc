/**
 * Holds one impression without the script, for a quarter of its time on the server: the entry is
 * appended to the log, and the log as the server has it then is counted here. A log is in order, and
 * an entry is granted only if its caps allow it beside all that came before; so of two that meet the
 * first is granted, and nobody passes a cap. What is not granted is taken out again
 * (docs/decisions/0015).
 */
import {
  capsAllow,
  EXPOSURE_BYTES,
  endedExposures,
  exposureState,
  isExposureLog,
  RESERVED,
  withoutEntry,
  writeExposure,
} from '../../proto/exposure-log.ts';
import type {
  CapReservation,
  CapSubject,
  ReservationReceiver,
  ReserveSubject,
  StoreUnavailable,
} from '../ports.ts';
import type { Answered } from './guarded-link.ts';
import { bytesOrNull } from './person-reply.ts';
import { exposuresKey } from './redis-keys.ts';
import { RedisReplyError } from './resp-reader.ts';
import { RespBatch } from './resp-words.ts';

/** An append takes nothing out: where more entries have ended, the script does. */
export const ENDED_MAX = 8;

/** What is done where appending does not do. */
export interface AppendFallback {
  reserveByScript(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void;
  release(subject: CapSubject): Promise<void>;
}

/** Whether appending is as good as the script, by the log as the caller has just read it. */
export function mayAppend(
  { seen, nowMs }: ReserveSubject,
  { campaignKey, bidKey, rules, expiresAtMs }: CapReservation,
): boolean {
  if (seen === undefined || rules.length === 0 || expiresAtMs <= nowMs) return false;
  if (!capsAllow(seen, campaignKey, rules, nowMs)) return false;
  if (seen === null) return true;
  const isKnown = exposureState(seen, campaignKey, bidKey, nowMs) !== 0;
  return !isKnown && endedExposures(seen, nowMs) <= ENDED_MAX;
}

/** Answered with the log. Its key lives as long as its last entry; a new key has no end of its own. */
export function appendCommands(
  { shop, person, nowMs }: ReserveSubject,
  { campaignKey, bidKey, expiresAtMs }: CapReservation,
): RespBatch {
  const key = exposuresKey(shop, person);
  const entry = new Uint8Array(EXPOSURE_BYTES);
  writeExposure(entry, 0, { campaignKey, bidKey, state: RESERVED, atMs: expiresAtMs });
  const lifeMs = Math.ceil(expiresAtMs - nowMs);
  return new RespBatch([
    ['APPEND', key, entry],
    ['PEXPIRE', key, lifeMs, 'NX'],
    ['PEXPIRE', key, lifeMs, 'GT'],
    ['GET', key],
  ]);
}

/** Waits for the answer to `appendCommands`. */
export class Appending implements Answered {
  readonly #fallback: AppendFallback;
  readonly #subject: ReserveSubject;
  readonly #reservation: CapReservation;
  readonly #receiver: ReservationReceiver;

  constructor(
    fallback: AppendFallback,
    asked: { subject: ReserveSubject; reservation: CapReservation },
    receiver: ReservationReceiver,
  ) {
    this.#fallback = fallback;
    this.#subject = asked.subject;
    this.#reservation = asked.reservation;
    this.#receiver = receiver;
  }

  answered(reply: unknown, error: StoreUnavailable | null): void {
    // A value of another type refuses the append; the script replaces it.
    const isRefused = error?.cause instanceof RedisReplyError;
    if (error !== null && !isRefused) this.#receiver.reserved([false], true);
    else this.#judge(isRefused ? null : bytesOrNull(reply));
  }

  #judge(log: Uint8Array | null): void {
    const subject = this.#subject;
    const reservation = this.#reservation;
    const { campaignKey, bidKey, rules } = reservation;
    const others =
      log === null || !isExposureLog(log) ? null : withoutEntry(log, campaignKey, bidKey);
    if (others === null) {
      // No log, or one that somebody has replaced.
      this.#fallback.reserveByScript(subject, [reservation], this.#receiver);
      return;
    }
    const granted = capsAllow(others, campaignKey, rules, subject.nowMs);
    this.#receiver.reserved([granted], false);
    // What cannot be taken out now ends with its expiry, and counts until then.
    if (!granted) this.#fallback.release({ ...subject, campaignKey, bidKey }).catch(() => {});
  }
}
