import {
  CONFIRMED,
  exposureState,
  RESERVED,
  withExposure,
  withoutExposure,
} from '../../proto/exposure-log.ts';
import { holdExposures } from '../hold-exposures.ts';
import type {
  CapReservation,
  CapSubject,
  Caps,
  ReservationReceiver,
  ReserveSubject,
} from '../ports.ts';
import { Scratch } from '../scratch.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';

interface Asked {
  readonly subject: ReserveSubject;
  readonly reservations: readonly CapReservation[];
  readonly receiver: ReservationReceiver;
  readonly granted: boolean[];
}

const NOBODY: readonly Asked[] = [];

/**
 * Reservations that come in one turn of the event loop share one transaction, since its commit costs
 * more than what it writes (docs/decisions/0011). They are answered in the check phase of that turn,
 * in the order they came; the write lock of the environment makes them atomic.
 */
export class LmdbCaps implements Caps {
  readonly #env: LmdbEnv;
  readonly #stored = new Scratch();
  readonly #log = new Scratch();
  readonly #key = ['', ''];
  #asked: Asked[] = [];
  #answering: readonly Asked[] = [];

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  reserve(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    if (this.#asked.length === 0) setImmediate(this.#answer);
    this.#asked.push({ subject, reservations, receiver, granted: [] });
  }

  readonly #answer = (): void => {
    const answering = this.#asked;
    this.#asked = [];
    this.#answering = answering;
    let failed = false;
    try {
      this.#env.write(this.#reserveAll);
    } catch {
      // What was granted is undone with the transaction.
      failed = true;
    }
    this.#answering = NOBODY;
    for (let i = 0; i < answering.length; i++) {
      const { reservations, receiver, granted } = answering[i]!;
      receiver.reserved(failed ? reservations.map(() => false) : granted, failed);
    }
  };

  readonly #reserveAll = (): void => {
    const answering = this.#answering;
    for (let i = 0; i < answering.length; i++) this.#reserve(answering[i]!);
  };

  #reserve({ subject, reservations, granted }: Asked): void {
    const { shop, person, nowMs } = subject;
    const key = this.#key;
    key[0] = shop;
    key[1] = person;
    const stored = this.#env.get(this.#env.exposures, key, this.#stored);
    const log = holdExposures(stored, { nowMs, reservations, granted }, this.#log);
    if (log !== null) this.#env.put(this.#env.exposures, key, log);
  }

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
