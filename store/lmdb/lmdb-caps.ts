import {
  CONFIRMED,
  capsAllow,
  copyLiveExposures,
  EXPOSURE_BYTES,
  EXPOSURES_MAX,
  exposureState,
  RESERVED,
  withExposure,
  withoutExposure,
  writeExposure,
} from '../../proto/exposure-log.ts';
import type { CapReservation, CapSubject, Caps, ReservationReceiver } from '../ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';

interface ReserveSubject {
  shop: string;
  person: string;
  nowMs: number;
}

/** `reserve` answers before it returns; the write lock of the environment makes it atomic. */
export class LmdbCaps implements Caps {
  readonly #env: LmdbEnv;
  // Arguments of the transaction under way: a bound method spares a closure per bid.
  #subject: ReserveSubject | null = null;
  #reservations: readonly CapReservation[] = [];
  #granted: boolean[] = [];

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  reserve(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    this.#subject = subject;
    this.#reservations = reservations;
    this.#granted = [];
    let failed = false;
    try {
      this.#env.write(this.#reserveAll);
    } catch {
      failed = true;
      this.#granted = reservations.map(() => false);
    }
    receiver.reserved(this.#granted, failed);
  }

  readonly #reserveAll = (): void => {
    const { shop, person, nowMs } = this.#subject!;
    const count = this.#reservations.length;
    const key = `${shop}/${person}`;
    const stored = this.#env.get(this.#env.exposures, key);
    const size = stored === null ? 0 : stored.length;
    // What no longer counts is left behind here, so that the log stays as short as its person's caps.
    const log = Buffer.allocUnsafe(size + count * EXPOSURE_BYTES);
    const lived = stored === null ? 0 : copyLiveExposures(stored, log, nowMs);
    let length = lived;
    let counted = log.subarray(0, length);
    for (let i = 0; i < count; i++) {
      const { campaignKey, bidKey, rules, expiresAtMs } = this.#reservations[i]!;
      const seen = exposureState(counted, campaignKey, bidKey, nowMs) !== 0;
      // A full log is a capped person, also for a campaign without rules: else an old entry were lost.
      const hasRoom = length < EXPOSURES_MAX * EXPOSURE_BYTES;
      const grant = seen || (hasRoom && capsAllow(counted, campaignKey, rules, nowMs));
      this.#granted.push(grant);
      if (!grant || seen) continue;
      writeExposure(log, length, { campaignKey, bidKey, state: RESERVED, atMs: expiresAtMs });
      length += EXPOSURE_BYTES;
      counted = log.subarray(0, length);
    }
    if (length > lived) this.#env.exposures.putSync(key, counted);
  };

  async confirm(subject: CapSubject): Promise<boolean> {
    const { campaignKey, bidKey, nowMs } = subject;
    return this.#rewrite(subject, (log) => {
      if (exposureState(log, campaignKey, bidKey, nowMs) === CONFIRMED) return null;
      return withExposure(log, { campaignKey, bidKey, state: CONFIRMED, atMs: nowMs }, nowMs);
    });
  }

  async release(subject: CapSubject): Promise<void> {
    const { campaignKey, bidKey, nowMs } = subject;
    await this.#rewrite(subject, (log) => {
      if (exposureState(log, campaignKey, bidKey, nowMs) !== RESERVED) return null;
      return withoutExposure(log, campaignKey, bidKey, nowMs);
    });
  }

  /** True when `change` gave a new log. */
  #rewrite(
    subject: CapSubject,
    change: (log: Uint8Array | null) => Uint8Array | null,
  ): Promise<boolean> {
    const env = this.#env;
    const key = `${subject.shop}/${subject.person}`;
    return answer(env, () =>
      env.write(() => {
        const log = change(env.get(env.exposures, key));
        if (log === null) return false;
        env.exposures.putSync(key, log as Buffer);
        return true;
      }),
    );
  }
}
